package dev.tidemill.faults;

import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.topology.RandomLog;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** E1: {@code kill -9} at any moment, again and again in one life of a pipeline. */
final class RandomKillsTest {
  private static final String PUBLISHED = " is published, ";

  @Test
  void sums_are_the_same_after_any_number_of_kills() {
    killAgainAndAgain("kills-of-sums", Setting.usual());
  }

  @Test
  void rows_are_the_same_after_any_number_of_kills() {
    killAgainAndAgain("kills-of-rows", Setting.usual().sql(RandomLog.ROWS_SQL));
  }

  private static void killAgainAndAgain(String experiment, Setting setting) {
    Trial.run(
        experiment,
        setting,
        trial -> {
          for (int round = 0; round < Programme.ROUNDS; round++) {
            trial.append(setting.records() / (Programme.ROUNDS + 1));
            ForkedTidemill running = trial.start("a");
            awaitAMoment(trial, running);
            trial.kill("a");
          }
          trial.start("a");
        });
  }

  /** While it starts or restores; or after it has begun to publish, so also during a close. */
  private static void awaitAMoment(Trial trial, ForkedTidemill running) {
    Random random = trial.random();
    if (random.nextInt(3) > 0) {
      trial.await("something is published", () -> running.err().contains(PUBLISHED));
      pass(random.nextLong(2_000));
    } else {
      pass(500 + random.nextLong(5_500));
    }
  }

  private static void pass(long ms) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
