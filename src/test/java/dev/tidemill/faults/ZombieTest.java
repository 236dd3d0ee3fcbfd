package dev.tidemill.faults;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.cli.Table;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * E3: the instance that loads is frozen between reading results and writing them; another one takes
 * over; then the first one goes on where it was.
 */
final class ZombieTest {
  private static final String POSITIONS =
      "SELECT \"partition\", next_offset FROM _tidemill_offsets ORDER BY 1";
  private static final String ELECTED = "elected, loading from";
  private static final String FENCED = "another loader has moved it";

  @Test
  void a_loader_that_was_frozen_for_15_s_is_fenced() {
    freeze("zombie-15-s", CrashPoint.BEFORE_STAGE, Duration.ofSeconds(15), trial -> {}, FENCED);
  }

  @Test
  @Tag("faults")
  void an_instance_that_was_frozen_for_45_s_has_lost_its_partitions_and_is_fenced() {
    freeze(
        "zombie-45-s",
        CrashPoint.BEFORE_STAGE,
        Duration.ofSeconds(45),
        trial -> {
          trial.append(2_000);
          trial.awaitLoaded(); // by the other one alone, when the sessions of this one are over
        },
        FENCED);
  }

  @Test
  @Tag("faults")
  void a_loader_that_is_frozen_within_a_transaction_holds_up_the_next_one_for_a_minute_only() {
    freeze(
        "zombie-in-a-transaction",
        CrashPoint.BEFORE_DATABASE_COMMIT,
        Duration.ofSeconds(15),
        trial -> {},
        "trying again until it works");
  }

  /**
   * @param says what it has to say when it goes on
   */
  private static void freeze(
      String experiment, CrashPoint point, Duration atLeast, Trial.Body meanwhile, String says) {
    Trial.run(
        experiment,
        Setting.usual(),
        trial -> {
          ForkedTidemill first = trial.startHeldAt("first", point, 3);
          first.awaitErr(ELECTED);
          ForkedTidemill second = trial.start("second");
          trial.await(
              "both stand for election",
              () -> trial.members(trial.topics().loaderGroup("postgres:results")) == 2);
          trial.await(
              "it is held up",
              () -> {
                if (trial.isAccounted()) {
                  trial.append(200);
                }
                return first.err().contains("crash point " + point);
              });
          trial.freeze("first");
          long frozen = System.nanoTime();
          List<List<Object>> positions = Table.query(trial.database(), POSITIONS);
          second.awaitErr(ELECTED);
          trial.append(1_000);
          trial.await(
              "the second one has staged",
              () -> !Table.query(trial.database(), POSITIONS).equals(positions));
          trial.await(
              "it is frozen long enough", () -> System.nanoTime() - frozen >= atLeast.toNanos());
          meanwhile.run(trial);
          trial.thaw("first");
          first.awaitErr(says);
          trial.fired("zombie refused");
        });
  }
}
