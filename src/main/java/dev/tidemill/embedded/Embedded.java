package dev.tidemill.embedded;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Everything that a pipeline needs around it, in this process: broker and schema registry. */
public final class Embedded implements AutoCloseable {
  /**
   * Half a second is what Kafka lets the fetch of a silent topic wait, and who closes a consumer or
   * restores an empty store waits for it. Here to ask again is cheap.
   */
  private static final Map<String, String> CLIENTS = Map.of("fetch.max.wait.ms", "100");

  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;
  private final Path stateDir;

  private Embedded(EmbeddedBroker broker, EmbeddedRegistry registry, Path stateDir) {
    this.broker = broker;
    this.registry = registry;
    this.stateDir = stateDir;
  }

  /** As {@link #start(Optional, int)}, on a free port. */
  public static Embedded start(Optional<Path> dataDir) {
    return start(dataDir, EmbeddedBroker.FREE);
  }

  /**
   * Starts both. Returns when they take requests.
   *
   * @param dataDir where their data and the state stores outlive the process; empty: {@link
   *     #close()} deletes everything
   * @param brokerPort the broker's port for clients, or {@link EmbeddedBroker#FREE}
   * @throws Unavailable if the folder can not be used, another process uses it, or the port is
   *     taken
   */
  public static Embedded start(Optional<Path> dataDir, int brokerPort) {
    BrokerDirectory directory =
        dataDir.map(BrokerDirectory::lasting).orElseGet(BrokerDirectory::temporary);
    EmbeddedBroker broker = new EmbeddedBroker(directory, brokerPort);
    try {
      Path stateDir = Files.createDirectories(directory.state());
      if (dataDir.isPresent()) {
        LeftBehind.clear(broker.bootstrapServers());
      }
      return new Embedded(broker, new EmbeddedRegistry(broker.bootstrapServers()), stateDir);
    } catch (IOException e) {
      broker.close();
      throw new Unavailable(
          "The folder for state stores can not be made (" + e + "); give a writable --data-dir", e);
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** What a pipeline of this process needs to know. */
  public ServerSettings settings() {
    return new ServerSettings(
        broker.bootstrapServers(), registry.url(), stateDir, CLIENTS, (short) 1);
  }

  @Override
  public void close() {
    registry.close();
    broker.close();
  }
}
