package dev.tidemill.bench;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.embedded.Embedded;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Broker and registry of the benchmark, in a process of their own. */
final class BrokerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Forked process;
  private final String brokers;
  private final URI registry;

  private BrokerProcess(Forked process, String brokers, URI registry) {
    this.process = process;
    this.brokers = brokers;
    this.registry = registry;
  }

  /** Starts it. Returns when it takes requests. */
  static BrokerProcess start(Path folder) throws IOException {
    Path address = folder.resolve("broker.address");
    Files.deleteIfExists(address);
    Forked process =
        new Forked(
            BrokerProcess.class,
            List.of("-Xms1g", "-Xmx1g"),
            List.of(address.toString()),
            Map.of(),
            folder.resolve("broker.log"));
    List<String> lines = process.awaitLines(address, PATIENCE);
    return new BrokerProcess(process, lines.get(0), URI.create(lines.get(1)));
  }

  String brokers() {
    return brokers;
  }

  URI registry() {
    return registry;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }

  /** The new process. */
  public static void main(String[] args) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Forked.endWithParent(end::countDown);
    try (Embedded embedded = Embedded.start(Optional.empty())) {
      ServerSettings settings = embedded.settings();
      Forked.tell(Path.of(args[0]), List.of(settings.brokers(), settings.registry().toString()));
      end.await();
    }
  }
}
