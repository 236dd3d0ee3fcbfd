package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E4: the one broker is killed under load, and comes back with its data. */
@Tag("faults")
final class BrokerKilledTest {
  private static final int KILLS = 3;

  @TempDir private Path folder;

  @Test
  void the_application_survives_and_goes_on_by_itself() throws IOException {
    try (ForkedBroker broker = new ForkedBroker(Files.createDirectories(folder.resolve("data")));
        EmbeddedRegistry registry = new EmbeddedRegistry(broker.address())) {
      Setting setting = Setting.usual().on(broker.address(), registry.url());
      Trial.run(
          "broker-killed",
          setting,
          trial -> {
            trial.append(2_000);
            ForkedTidemill running = trial.start("a");
            running.awaitErr(" is published, ");
            for (int i = 0; i < KILLS; i++) {
              trial.append(2_000);
              long until = trial.written() - 1 - trial.random().nextInt(1_800);
              trial.awaitLedger("under load", e -> trial.view().accountedFor() > until);
              broker.kill();
              trial.fired("broker kill -9");
              broker.start();
              trial.awaitLoaded();
            }
            assertThat(running.isAlive()).isTrue();
          });
    }
  }
}
