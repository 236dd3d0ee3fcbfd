package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** E17: PostgreSQL is down. */
final class TargetDownTest {

  @Test
  void ten_seconds_without_a_target_lose_nothing_and_hold_up_nothing_but_the_loader()
      throws IOException {
    down("target-down-10-s", Duration.ofSeconds(10));
  }

  @Test
  @Tag("faults")
  void two_minutes_without_a_target_lose_nothing_and_hold_up_nothing_but_the_loader()
      throws IOException {
    down("target-down-2-min", Duration.ofMinutes(2));
  }

  private static void down(String experiment, Duration atLeast) throws IOException {
    try (DatabaseProxy proxy = new DatabaseProxy(PostgresServer.newSchema(), what -> {})) {
      Trial.run(
          experiment,
          Setting.usual().database(proxy::through),
          trial -> {
            trial.append(4_000);
            ForkedTidemill running = trial.start("a");
            trial.awaitLedger(
                "a batch is loaded",
                entries -> entries.stream().anyMatch(e -> e.state() == BatchState.LOADED));
            proxy.down();
            long down = System.nanoTime();
            trial.append(4_000);
            running.awaitErr("PostgreSQL can not be reached");
            trial.awaitLedger(
                "what was written meanwhile waits for the target, and for nothing else",
                entries ->
                    trial.view().accountedFor() == trial.written()
                        && entries.stream().anyMatch(e -> e.state() == BatchState.READY)
                        && entries.stream()
                            .allMatch(
                                e ->
                                    e.state() == BatchState.READY
                                        || e.state() == BatchState.LOADED));
            trial.await(
                "it is down long enough", () -> System.nanoTime() - down >= atLeast.toNanos());
            assertThat(running.isAlive()).isTrue();
            proxy.up();
            trial.fired("database down");
            trial.awaitLoaded();
            running.awaitErr("it works again");
          });
    }
  }
}
