package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A million groups are open when the process goes: how long until another one is ready, which is
 * printed, and that nothing of them is lost, which is asserted.
 */
@Tag("faults")
@ExtendWith(Cluster.Shared.class)
class MillionGroupsTest {
  private static final int GROUPS = 1_000_000;
  private static final int SLICE = 50_000;
  private static final int PARTITIONS = 2;

  private static TestPipeline open(Cluster cluster) {
    return new TestPipeline(cluster, Spec.sums(PARTITIONS));
  }

  private static void fill(TestPipeline pipeline) {
    for (int from = 0; from < GROUPS; from += SLICE) {
      Event[] slice = new Event[SLICE];
      for (int i = 0; i < SLICE; i++) {
        slice[i] = Event.of("2024-03-10T05:10:00", "k" + (from + i));
      }
      pipeline.write(from / SLICE % PARTITIONS, slice);
      pipeline.awaitAccounted();
    }
  }

  /** Until a record in each partition, written now, is accounted for. */
  private static void print(String what, TestPipeline pipeline, long beganNanos) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      pipeline.write(partition, Event.of("2024-03-10T05:20:00", "k0"));
    }
    pipeline.awaitAccounted();
    Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
    System.out.printf(Locale.ROOT, "%s: %.1f s%n", what, took.toMillis() / 1000.0);
  }

  private static void assertAllThere(TestPipeline pipeline) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      pipeline.write(partition, Event.of("2024-03-10T06:00:00", "end"));
    }
    LedgerEntry entry = pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
    assertThat(entry.resultRows()).isEqualTo(GROUPS);
    assertThat(entry.mergedRecords()).isEqualTo(pipeline.written() - PARTITIONS);
    assertThat(entry.balances()).isTrue();
  }

  @Test
  void a_restart_on_the_same_disk_and_one_on_an_empty_disk(Cluster cluster) {
    try (TestPipeline pipeline = open(cluster)) {
      Instance first = pipeline.start("a");
      fill(pipeline);
      first.close();

      long began = System.nanoTime();
      Instance second = pipeline.start("a");
      print("restart with " + GROUPS + " open groups, same disk", pipeline, began);
      second.close();

      began = System.nanoTime();
      pipeline.start("b");
      print("restart with " + GROUPS + " open groups, empty disk", pipeline, began);
      assertAllThere(pipeline);
    }
  }

  @Test
  void another_instance_takes_over_half_of_them_with_and_without_a_standby(Cluster cluster) {
    for (int standbys = 0; standbys <= 1; standbys++) {
      try (TestPipeline pipeline = open(cluster)) {
        Instance first = pipeline.startWithStandbys("a", standbys);
        Instance second = pipeline.startWithStandbys("b", standbys);
        first.running();
        second.running();
        fill(pipeline);
        Await.until("the copies are up to date", () -> first.lag() + second.lag() == 0);

        long began = System.nanoTime();
        first.close();
        print("one of two instances goes, with " + standbys + " standbys", pipeline, began);
        assertAllThere(pipeline);
      }
    }
  }
}
