package dev.tidemill.faults;

import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.definition.BatchRule.LatePolicy;
import dev.tidemill.topology.RandomLog;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** E1: {@code kill -9} at any moment, again and again in one life of a pipeline. */
final class RandomKillsTest {
  private static final String PUBLISHED = " is published, ";

  @Test
  void sums_are_the_same_after_any_number_of_kills() {
    killAgainAndAgain("kills-of-sums", Setting.usual());
  }

  @Tag("faults")
  @Test
  void amended_batches_are_the_same_after_any_number_of_kills() {
    killAgainAndAgain("kills-of-amendments", Setting.usual().late(LatePolicy.AMEND));
  }

  @Test
  void joins_are_the_same_after_any_number_of_kills() {
    killAgainAndAgain("kills-of-joins", Setting.usual().sql(RandomLog.JOIN_SQL));
  }

  @Tag("faults")
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
            if (trial.random().nextInt(4) == 0) {
              trial.loseStateOf("a"); // its successor restores everything from the changelogs
            }
          }
          trial.start("a");
        });
  }

  private static void awaitAMoment(Trial trial, ForkedTidemill running) {
    Random random = trial.random();
    switch (random.nextInt(3)) {
      case 0 -> Moment.pass(500 + random.nextLong(5_500)); // it starts, or restores
      case 1 -> {
        trial.await("it loads, or tells again", () -> running.err().contains(PUBLISHED));
        Moment.pass(random.nextLong(2_000));
      }
      default -> { // the batches of this part close and are loaded
        int before = trial.watch().attempts();
        trial.await("it loads something new", () -> trial.watch().attempts() > before);
        Moment.pass(random.nextLong(500));
      }
    }
  }
}
