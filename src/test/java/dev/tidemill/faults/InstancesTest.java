package dev.tidemill.faults;

import dev.tidemill.topology.RandomLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two instances under load; a third one comes, and goes, and one of them dies. */
@Tag("faults")
final class InstancesTest {

  @Test
  void instances_that_come_go_and_die_change_nothing_in_sums() {
    comeAndGo("instances-of-sums", Setting.usual());
  }

  @Test
  void instances_that_come_go_and_die_change_nothing_in_rows() {
    comeAndGo("instances-of-rows", Setting.usual().sql(RandomLog.ROWS_SQL));
  }

  private static void comeAndGo(String experiment, Setting setting) {
    Trial.run(
        experiment,
        setting.records(20_000),
        trial -> {
          trial.append(2_000);
          trial.start("a").awaitErr("elected, loading from");
          trial.start("b");
          trial.append(4_000);
          awaitHalf(trial);
          trial.start("c");
          trial.append(4_000);
          awaitHalf(trial);
          trial.stop("a"); // the one that loads
          trial.fired("instance left");
          trial.append(4_000);
          awaitHalf(trial);
          trial.killAmongOthers("c");
          trial.append(2_000);
          trial.start("a");
          trial.awaitLoaded();
          trial.stop("b");
          trial.fired("instance left");
        });
  }

  /** In the middle of the work. */
  private static void awaitHalf(Trial trial) {
    trial.awaitLedger(
        "half of it is read", e -> trial.view().accountedFor() > trial.written() - 2_000);
  }
}
