package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.faults.DatabaseProxy.Loss;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** E5: nobody tells whether a COMMIT took place. */
final class LostRepliesTest {
  private static final int LOSSES = 5;

  @Test
  void a_commit_whose_answer_is_lost_is_neither_repeated_nor_forgotten() throws IOException {
    Map<Loss, AtomicInteger> lost =
        Map.of(Loss.REPLY, new AtomicInteger(), Loss.REQUEST, new AtomicInteger());
    try (DatabaseProxy proxy =
        new DatabaseProxy(PostgresServer.newSchema(), what -> lost.get(what).incrementAndGet())) {
      Setting setting = Setting.usual().pace(Duration.ofMinutes(4)).database(proxy::through);
      Trial.run(
          "lost-commits",
          setting,
          trial -> {
            int nth = 2; // the first ones make the tables
            for (int i = 0; i < LOSSES; i++) {
              nth += 1 + trial.random().nextInt(6);
              proxy.lose(i % 3 == 2 ? Loss.REQUEST : Loss.REPLY, nth);
            }
            trial.start("a");
            for (int i = 1; i <= LOSSES; i++) {
              trial.append(setting.records() / (LOSSES + 1));
              int losses = i;
              trial.await(
                  i + " losses",
                  () -> lost.values().stream().mapToInt(AtomicInteger::get).sum() >= losses);
            }
            lost.forEach(
                (what, times) -> {
                  assertThat(times).as("lost: %s", what).hasPositiveValue();
                  trial.fired("lost " + what + " of a COMMIT", times.get());
                });
          });
    }
  }
}
