package dev.tidemill.topology;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.embedded.EmbeddedRegistry;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Registry;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One broker and one registry for all test classes of a run; each test has its own pipeline. */
final class Cluster implements AutoCloseable {
  /** Who closes a consumer waits for the fetch that it has sent: as in an embedded run. */
  private static final Map<String, String> CLIENTS = Map.of("fetch.max.wait.ms", "100");

  private final EmbeddedBroker broker = EmbeddedBroker.temporary();
  private final EmbeddedRegistry registryServer = new EmbeddedRegistry(broker.bootstrapServers());
  private final ConfluentRegistry registry = new ConfluentRegistry(registryServer.url());
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  private final AtomicInteger pipelines = new AtomicInteger();
  private final Path folder;

  private Cluster() {
    try {
      folder = Files.createTempDirectory("tidemill-topology-test");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Gives tests that ask for it the one cluster. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .getOrComputeIfAbsent(Cluster.class, key -> new Cluster(), Cluster.class);
    }
  }

  String brokers() {
    return broker.bootstrapServers();
  }

  URI registryUrl() {
    return registryServer.url();
  }

  Registry registry() {
    return registry;
  }

  Admin admin() {
    return admin;
  }

  /** A name that no other pipeline has, and a folder for it. */
  String newPipeline() {
    return "p" + pipelines.incrementAndGet();
  }

  Path folder(String pipeline) {
    return folder.resolve(pipeline);
  }

  /**
   * @param instance has stores of its own
   */
  ServerSettings settings(String pipeline, String instance) {
    return settings(brokers(), registryUrl(), folder(pipeline).resolve(instance));
  }

  /** The same, and other instances keep copies of its stores. */
  ServerSettings settings(String pipeline, String instance, int standbys) {
    return settings(pipeline, instance, standbys, ServerSettings.STATE_MEMORY);
  }

  ServerSettings settings(String pipeline, String instance, int standbys, long stateMemory) {
    ServerSettings without = settings(pipeline, instance);
    return new ServerSettings(
        without.brokers(),
        without.registry(),
        without.stateDir(),
        without.kafka(),
        without.replicationFactor(),
        standbys,
        stateMemory,
        without.sessionTimeout(),
        without.http());
  }

  static ServerSettings settings(String brokers, URI registry, Path stateDir) {
    return new ServerSettings(brokers, registry, stateDir, CLIENTS, (short) 1);
  }

  /** Kafka Streams that a test has left running would disturb the classes behind it in its JVM. */
  @Override
  public void close() throws IOException {
    List<String> running =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(thread -> thread.contains("-StreamThread-"))
            .toList();
    admin.close();
    registry.close();
    registryServer.close();
    broker.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
    if (!running.isEmpty()) {
      throw new AssertionError("a test of this class has left running: " + running);
    }
  }
}
