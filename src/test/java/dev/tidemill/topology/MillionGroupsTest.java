package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.topology.ShareReads.Portion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A million groups are open when a process goes: how long until another one is ready, which is
 * printed, and that nothing of them is lost, which is asserted.
 *
 * <p>A process is ready when it runs, every share is active and restored in it, and a group of each
 * share is read from it with the right value.
 */
@Tag("faults")
@ExtendWith(Cluster.Shared.class)
class MillionGroupsTest {
  private static final int GROUPS = 1_000_000;
  private static final int SLICE = 50_000;
  private static final int PARTITIONS = 2;

  /**
   * Records that a copy may be behind and be called up to date, all its stores together. Not zero:
   * the marker that ends a changelog's last transaction counts as one, and is never read.
   */
  private static final long A_FEW = 100;

  private static final Batch FIVE =
      new Batch(Instant.parse("2024-03-10T05:00:00Z"), Instant.parse("2024-03-10T06:00:00Z"));

  /** Until the groups are in the shares' stores, each in that of one instance. */
  private static void fill(Cluster cluster, TestPipeline pipeline, Instance... instances) {
    for (int from = 0; from < GROUPS; from += SLICE) {
      Event[] slice = new Event[SLICE];
      for (int i = 0; i < SLICE; i++) {
        slice[i] = Event.of("2024-03-10T05:10:00", group(from + i));
      }
      pipeline.write(from / SLICE % PARTITIONS, slice);
      pipeline.awaitAccounted();
    }
    for (int share = 0; share < PARTITIONS; share++) {
      int merging = share;
      Await.until(
          "share " + share + " is merged",
          () -> Stream.of(instances).anyMatch(i -> has(cluster, pipeline, i, merging)));
    }
  }

  private static String group(int number) {
    return "k" + number;
  }

  private static void awaitReady(Cluster cluster, TestPipeline pipeline, Instance instance) {
    Await.until(
        "it runs, and every share is here",
        () ->
            instance.isRunning()
                && IntStream.range(0, PARTITIONS)
                    .allMatch(share -> has(cluster, pipeline, instance, share)));
  }

  /** The last one that was written of the share, so that what is restored in part lacks it. */
  private static String lastGroup(TestPipeline pipeline, ShareReads reads, int share) {
    return IntStream.rangeClosed(1, GROUPS)
        .mapToObj(back -> group(GROUPS - back))
        .filter(group -> reads.shareOf(key(pipeline, group)) == share)
        .findFirst()
        .orElseThrow();
  }

  private static byte[] key(TestPipeline pipeline, String group) {
    return pipeline.compiled().query().aggregation().orElseThrow().keyOf(new Object[] {group});
  }

  /** Whether the share is active and restored there, and its last group has the right value. */
  private static boolean has(Cluster cluster, TestPipeline pipeline, Instance instance, int share) {
    String group = lastGroup(pipeline, instance.reads(), share);
    AvroRowDecoder rows =
        new AvroRowDecoder(pipeline.compiled().query().resultSchema(), cluster.registry());
    try {
      ShareSlice slice = instance.reads().read(share, FIVE, Portion.group(key(pipeline, group)));
      return !slice.rows().isEmpty()
          && List.of(rows.decode(slice.rows().get(0))).equals(List.of(group, 1L, 1.0));
    } catch (ShareReads.NotHere e) {
      return false;
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private static void print(String what, long beganNanos) {
    Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
    System.out.printf(
        Locale.ROOT,
        "time to ready with %d open groups, %s: %.1f s%n",
        GROUPS,
        what,
        took.toMillis() / 1000.0);
  }

  private static void assertAllThere(TestPipeline pipeline) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      pipeline.write(partition, Event.of("2024-03-10T06:00:00", "end"));
    }
    LedgerEntry entry = pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
    assertThat(entry.resultRows()).isEqualTo(GROUPS);
    assertThat(entry.mergedRecords()).isEqualTo(GROUPS);
    assertThat(entry.balances()).isTrue();
  }

  @Test
  void a_restart_on_the_same_disk_and_one_on_an_empty_disk(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(PARTITIONS))) {
      Instance first = pipeline.start("a");
      fill(cluster, pipeline, first);
      first.close();

      long began = System.nanoTime();
      Instance second = pipeline.start("a");
      awaitReady(cluster, pipeline, second);
      print("same disk", began);
      second.close();

      began = System.nanoTime();
      awaitReady(cluster, pipeline, pipeline.start("b"));
      print("empty disk", began);
      assertAllThere(pipeline);
    }
  }

  @Test
  void another_instance_takes_over_half_of_them_without_a_standby(Cluster cluster) {
    takeOver(cluster, 0);
  }

  @Test
  void another_instance_takes_over_half_of_them_with_a_standby(Cluster cluster) {
    takeOver(cluster, 1);
  }

  private static void takeOver(Cluster cluster, int standbys) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(PARTITIONS))) {
      Instance first = pipeline.startWithStandbys("a", standbys);
      Instance second = pipeline.startWithStandbys("b", standbys);
      first.running();
      second.running();
      fill(cluster, pipeline, first, second);
      Await.until(
          "each instance has a share",
          () ->
              Stream.of(first, second)
                  .allMatch(i -> has(cluster, pipeline, i, 0) != has(cluster, pipeline, i, 1)));
      Await.until(
          "copies are there and up to date",
          () ->
              first.shares() + second.shares() == PARTITIONS * (1 + standbys)
                  && first.lag() + second.lag() <= A_FEW,
          () -> first.lag() + " and " + second.lag() + " records behind");

      first.close();
      long gone = System.nanoTime();
      awaitReady(cluster, pipeline, second);
      print("one of two instances has left, " + standbys + " standbys", gone);
      assertAllThere(pipeline);
    }
  }
}
