package dev.tidemill.faults;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A schedule of every second in several processes, while what is read grows. Whoever owns the
 * source is killed ({@code kill -9}) or frozen at any moment, and comes back.
 */
final class ScheduledKillsTest {
  @Test
  void of_two_instances_each_firing_is_run_once_and_each_row_published_once() {
    try (ScheduledTrial trial = new ScheduledTrial("scheduled-kills", 2, new GrowingFiles())) {
      trial.run(1, 0, true);
    }
  }

  @Tag("faults")
  @Test
  void of_two_instances_each_firing_is_run_once_whoever_dies_often() {
    dieOften("scheduled-kills-of-two", 2, new GrowingFiles(), 25, 5);
  }

  @Tag("faults")
  @Test
  void of_three_instances_each_firing_is_run_once_whoever_dies_often() {
    dieOften("scheduled-kills-of-three", 3, new GrowingFiles(), 25, 5);
  }

  @Tag("faults")
  @Test
  void of_a_table_each_firing_is_run_once_whoever_dies_often() {
    dieOften("scheduled-kills-of-a-table", 2, new GrowingTable(), 10, 2);
  }

  private static void dieOften(
      String experiment, int instances, GrowingInput input, int kills, int freezes) {
    try (ScheduledTrial trial = new ScheduledTrial(experiment, instances, input)) {
      trial.run(kills, freezes, false);
    }
  }
}
