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

  /** Each of the statements reads the same records; two of them, a table. */
  private static Job severalStatements() {
    return Job.of(
            Result.only(RandomLog.SQL).named("sums"),
            Rates.RESULT.named("rated"),
            Labels.RESULT.named("labelled"))
        .joining(new Rates(Programme.seed("rates")), new Labels());
  }

  @Test
  void several_statements_two_of_which_join_tables_are_the_same_after_any_number_of_kills() {
    Setting setting = Setting.usual().records(6_000).job(severalStatements());
    killAgainAndAgain("kills-of-queries", setting, Programme.ROUNDS / 5);
  }

  @Tag("faults")
  @Test
  void rows_of_a_tables_versions_are_the_same_after_any_number_of_kills() {
    Job job = Job.of(Rates.RESULT).joining(new Rates(Programme.seed("rates")));
    killAgainAndAgain("kills-of-versions", Setting.usual().job(job), Programme.few());
  }

  @Tag("faults")
  @Test
  void rows_of_a_table_in_parts_are_the_same_after_any_number_of_kills() {
    killAgainAndAgain(
        "kills-of-parts",
        Setting.usual().job(Job.of(Labels.RESULT).joining(new Labels())),
        Programme.few());
  }

  private static void killAgainAndAgain(String experiment, Setting setting) {
    killAgainAndAgain(experiment, setting, Programme.ROUNDS);
  }

  private static void killAgainAndAgain(String experiment, Setting setting, int rounds) {
    Trial.run(
        experiment,
        setting,
        trial -> {
          for (int round = 0; round < rounds; round++) {
            trial.append(setting.records() / (rounds + 1));
            ForkedTidemill running = trial.start("a");
            if (!setting.job().tables().isEmpty()) {
              trial.await("all is read, and waits for its tables", trial::isRead);
              trial.kill("a");
              running = trial.start("a");
              trial.appendToTables();
            }
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
