package dev.tidemill.cli;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.embedded.Embedded;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A broker and a registry that commands find by {@code --config}: one for all tests, which have
 * pipelines of their own.
 */
public final class SharedCluster {
  private static final Embedded CLUSTER = start();

  private SharedCluster() {}

  private static Embedded start() {
    Embedded cluster = Embedded.start(Optional.empty());
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
    return cluster;
  }

  public static ServerSettings settings() {
    return CLUSTER.settings();
  }

  /** {@code host:port}, for {@code bootstrap.servers}. */
  public static String brokers() {
    return settings().brokers();
  }

  /** A server file of the project for it. */
  static Path server(Project project) {
    return project.server(brokers(), settings().registry());
  }
}
