package dev.tidemill.embedded;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka cluster of one node in this process: broker and KRaft controller, reachable from this
 * machine only (127.0.0.1). Thread-safe.
 *
 * <p>It is put together from the parts that {@link KafkaRaftServer} starts, for two reasons: that
 * class ends the process when the start fails, and it wants the controller's port before it is
 * bound. Here the operating system picks the ports and nobody can take them in between.
 */
public final class EmbeddedBroker implements AutoCloseable {
  /** For a port: any that is free. */
  public static final int FREE = 0;

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LAST_LIFE = Duration.ofSeconds(30);

  private final BrokerDirectory directory;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final String bootstrapServers;
  private boolean closed;

  /**
   * Starts a broker whose data is deleted by {@link #close()}. Returns when it takes requests.
   *
   * @throws Unavailable if there is no room for temporary files
   */
  public static EmbeddedBroker temporary() {
    return temporary(FREE);
  }

  /**
   * As {@link #temporary()}, on a given port.
   *
   * @throws Unavailable if the port is taken
   */
  public static EmbeddedBroker temporary(int port) {
    return new EmbeddedBroker(BrokerDirectory.temporary(), port);
  }

  /** As {@link #lasting(Path, int)}, on a free port. */
  public static EmbeddedBroker lasting(Path directory) {
    return lasting(directory, FREE);
  }

  /**
   * Starts a broker with the data that an earlier one left in this folder, however that one ended.
   * Returns when it takes requests.
   *
   * @param directory is made if it is missing
   * @param port for clients; may differ from the last start's
   * @throws Unavailable if the folder can not be used, another broker uses it, or the port is taken
   */
  public static EmbeddedBroker lasting(Path directory, int port) {
    return new EmbeddedBroker(BrokerDirectory.lasting(directory), port);
  }

  /** Closes the folder with itself. */
  EmbeddedBroker(BrokerDirectory directory, int port) {
    this(directory, port, Map.of());
  }

  /**
   * Closes the folder with itself.
   *
   * @param more settings of the broker, in the place of its own
   */
  EmbeddedBroker(BrokerDirectory directory, int port, Map<String, String> more) {
    this.directory = directory;
    boolean started = false;
    try {
      requireFree(port);
      directory.format(BrokerSettings.NODE, BrokerSettings.CONTROLLER);
      KafkaConfig config = BrokerSettings.of(directory.logs(), chosen(port), more);
      var storage = KafkaRaftServer.initializeLogDirs(config, LOG, "");
      var voters = new CompletableFuture<Map<Integer, InetSocketAddress>>();
      SharedServer shared =
          new SharedServer(
              config,
              storage._1(),
              Time.SYSTEM,
              new Metrics(),
              voters,
              List.of(),
              new RethrownFaults(),
              ServerSocketFactory.INSTANCE);
      controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2());
      controller.socketServerFirstBoundPortFuture().thenAccept(p -> voters.complete(voter(p)));
      broker = new BrokerServer(shared);
      start(shared);
      int clients = broker.boundPort(ListenerName.normalised(BrokerSettings.CLIENTS));
      directory.rememberPort(clients);
      bootstrapServers = BrokerSettings.HOST + ":" + clients;
      started = true;
    } finally {
      if (!started) {
        directory.close();
      }
    }
  }

  private static Map<Integer, InetSocketAddress> voter(int port) {
    return Map.of(BrokerSettings.NODE, new InetSocketAddress(BrokerSettings.HOST, port));
  }

  private void start(SharedServer shared) {
    try {
      controller.startup();
      var lastLife = new FencedFirst(BrokerSettings.NODE);
      shared.loader().installPublishers(List.of(lastLife)).get();
      lastLife.fenced().get(LAST_LIFE.toMillis(), TimeUnit.MILLISECONDS);
      shared.loader().removeAndClosePublisher(lastLife).get();
      broker.startup();
    } catch (Exception e) {
      stop();
      throw new Unavailable(
          "The embedded broker does not start in " + directory.logs() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The last one again if it can be had: a transaction whose end a killed broker had yet to tell
   * its partitions is told at the old address until the next one ends there, and holds up its
   * readers.
   */
  private int chosen(int port) {
    return port == FREE
        ? directory.lastPort().stream().filter(EmbeddedBroker::isFree).findFirst().orElse(FREE)
        : port;
  }

  private static boolean isFree(int port) {
    try {
      probe(port);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void probe(int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // as Kafka does: what a dead process left does not count
      probe.bind(new InetSocketAddress(BrokerSettings.HOST, port));
    }
  }

  /** Asked before the start, which would leave pages of stack traces in the log. */
  private static void requireFree(int port) {
    if (port == FREE) {
      return;
    }
    try {
      probe(port);
    } catch (IOException e) {
      throw new Unavailable(
          "Port "
              + port
              + " on "
              + BrokerSettings.HOST
              + ", given for the embedded broker by --broker-port, can not be used ("
              + e.getMessage()
              + "); stop what listens there, or leave the setting out for a free port",
          e);
    }
  }

  /** {@code 127.0.0.1:port}, for {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stays the same as long as the data does. */
  public String clusterId() {
    return broker.clusterId();
  }

  /** Stops within seconds; does nothing the second time. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      stop();
      directory.close();
    }
  }

  /** The broker first: it says goodbye to the controller. */
  private void stop() {
    broker.shutdown(PATIENCE);
    controller.shutdown();
  }
}
