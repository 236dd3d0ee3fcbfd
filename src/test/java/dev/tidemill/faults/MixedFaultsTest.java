package dev.tidemill.faults;

import dev.tidemill.embedded.EmbeddedRegistry;
import dev.tidemill.faults.DatabaseProxy.Loss;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E27: two instances, and one fault of any kind after the other before the last one is over. */
@Tag("faults")
final class MixedFaultsTest {
  private static final String[] INSTANCES = {"a", "b"};

  @TempDir private Path folder;

  @Test
  void all_kinds_of_faults_at_once_change_nothing() throws IOException {
    try (ForkedBroker broker = new ForkedBroker(Files.createDirectories(folder.resolve("data")));
        EmbeddedRegistry registry = new EmbeddedRegistry(broker.address());
        DatabaseProxy proxy = new DatabaseProxy(PostgresServer.newSchema(), what -> {})) {
      Setting setting =
          Setting.usual().on(broker.address(), registry.url()).database(proxy::through);
      Trial.run(
          "mixed-faults",
          setting,
          trial -> {
            trial.append(500);
            for (String instance : INSTANCES) {
              trial.start(instance);
            }
            trial.awaitLoaded();
            trial.supervise();
            for (int round = 0; round < Programme.ROUNDS; round++) {
              trial.append(setting.records() / (Programme.ROUNDS + 1));
              Moment.pass(trial.random().nextLong(2_000));
              hurt(trial, broker, proxy);
              trial.await("the ledger can be read", () -> !trial.entries().isEmpty());
            }
          });
    }
  }

  private static void hurt(Trial trial, ForkedBroker broker, DatabaseProxy proxy)
      throws IOException {
    Random random = trial.random();
    String victim = INSTANCES[random.nextInt(INSTANCES.length)];
    switch (random.nextInt(5)) {
      case 0 -> {
        trial.killAmongOthers(victim);
        Moment.pass(random.nextLong(3_000));
        trial.start(victim);
      }
      case 1 -> {
        trial.freeze(victim);
        Moment.pass(random.nextLong(20_000));
        trial.thaw(victim);
      }
      case 2 -> {
        broker.kill();
        broker.start();
        trial.fired("broker kill -9");
      }
      case 3 -> {
        proxy.down();
        Moment.pass(random.nextLong(5_000));
        proxy.up();
        trial.fired("database down");
      }
      default -> {
        Loss loss = random.nextBoolean() ? Loss.REPLY : Loss.REQUEST;
        proxy.lose(loss, proxy.commits() + 1 + random.nextInt(3));
        trial.fired("lost " + loss + " of a COMMIT");
      }
    }
  }
}
