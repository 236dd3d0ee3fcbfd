package dev.tidemill.faults;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.definition.BatchRule.LatePolicy;
import dev.tidemill.topology.RandomLog;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** E2: the process ends at named points, each in the same life of a pipeline. */
final class CrashPointsTest {
  /** Those behind the source topics; nothing is extracted here. */
  private static final Set<CrashPoint> PIPELINE =
      EnumSet.range(CrashPoint.BEFORE_PARTIALS, CrashPoint.AFTER_ACK);

  @Test
  void dies_at_four_points_where_two_systems_must_agree() {
    crashAt(
        "four-crash-points",
        Setting.usual(),
        EnumSet.of(
            CrashPoint.AFTER_PARTIALS,
            CrashPoint.AFTER_KAFKA_COMMIT,
            CrashPoint.AFTER_OFFSET_WRITE,
            CrashPoint.AFTER_PUBLISH));
  }

  @Test
  void dies_between_early_results_and_while_late_records_are_gathered_and_amended() {
    crashAt(
        "amend-crash-points",
        Setting.usual().late(LatePolicy.AMEND).early("1s"),
        EnumSet.of(
            CrashPoint.BEFORE_PARTIALS, CrashPoint.AFTER_PARTIALS, CrashPoint.AFTER_PUBLISH));
  }

  @Test
  @Tag("faults")
  void dies_at_every_point() {
    crashAt("all-crash-points", Setting.usual(), PIPELINE);
  }

  @Test
  @Tag("faults")
  void dies_at_every_point_with_early_results() {
    crashAt("early-crash-points", Setting.usual().early("1s"), PIPELINE);
  }

  @Test
  @Tag("faults")
  void dies_at_every_point_while_late_records_are_carried() {
    crashAt("carry-crash-points", Setting.usual().late(LatePolicy.CARRY), PIPELINE);
  }

  @Test
  @Tag("faults")
  void dies_between_the_targets_of_several_statements() {
    crashAt(
        "crash-points-of-queries",
        Setting.usual()
            .job(
                Job.of(
                    Result.only(RandomLog.SQL).named("sums"),
                    Result.only(RandomLog.JOIN_SQL).named("pairs"))),
        EnumSet.of(
            CrashPoint.AFTER_STAGE,
            CrashPoint.BEFORE_PUBLISH,
            CrashPoint.AFTER_DATABASE_COMMIT,
            CrashPoint.AFTER_PUBLISH,
            CrashPoint.BEFORE_ACK));
  }

  private static void crashAt(String experiment, Setting usual, Set<CrashPoint> points) {
    Setting setting = usual.pace(Duration.ofMinutes(4));
    Trial.run(
        experiment,
        setting,
        trial -> {
          for (CrashPoint point : points) {
            trial.append(setting.records() / (points.size() + 1));
            trial.start("a", point, 1 + trial.random().nextInt(most(point)));
            trial.awaitCrash("a", point);
          }
          trial.start("a");
        });
  }

  /** How often a point is reached for sure while a part of the log is worked on. */
  private static int most(CrashPoint point) {
    return switch (point) {
      case BEFORE_PARTIALS, AFTER_PARTIALS, BEFORE_STORE_FLUSH, AFTER_STORE_FLUSH -> 20;
      case BEFORE_KAFKA_COMMIT, AFTER_KAFKA_COMMIT -> 12;
      case BEFORE_DATABASE_COMMIT, AFTER_DATABASE_COMMIT -> 5;
      case BEFORE_OFFSET_WRITE, AFTER_OFFSET_WRITE, BEFORE_PUBLISH, BEFORE_ACK -> 4;
      case AFTER_PUBLISH -> 3;
      case BEFORE_STAGE, AFTER_STAGE, AFTER_ACK -> 2;
      case AFTER_ROW, BEFORE_POSITION, AFTER_POSITION, AFTER_EXTRACT_COMMIT ->
          throw new IllegalArgumentException(point + " is an extractor's");
    };
  }
}
