package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is read of a share from outside is what it stands for. */
@ExtendWith(Cluster.Shared.class)
class ShareReadsTest {
  private static final Batch FIVE = hour("2024-03-10T05:00:00Z");
  private static final Batch SIX = hour("2024-03-10T06:00:00Z");

  @Test
  void a_closed_batch_is_closed_until_a_record_opens_it_again(Cluster cluster) throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      ShareReads reads = pipeline.start().running().reads();
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);

      ShareSlice closed = reads.read(0, FIVE, all(10));
      assertThat(closed.standing()).isEqualTo(Standing.CLOSED);
      assertThat(closed.attempt()).isEqualTo(1);
      assertThat(row(pipeline, cluster, closed.rows().get(0))).isEqualTo("[a, 1, 1.0]");
      assertThat(closed.next()).isEmpty();
      ShareSlice open = reads.read(0, SIX, all(10));
      assertThat(open.standing()).isEqualTo(Standing.OPEN);
      assertThat(open.attempt()).isZero();
      assertThat(reads.read(0, hour("2024-03-10T04:00:00Z"), all(10)).standing())
          .isEqualTo(Standing.UNKNOWN);
    }
  }

  @Test
  void a_batch_that_silence_closed_is_read_as_the_next_attempt_once_it_has_reopened(Cluster cluster)
      throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).soonIdle())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      ShareReads reads = pipeline.start().running().reads();
      pipeline.awaitPublished();
      byte[] a = pipeline.compiled().query().aggregation().orElseThrow().keyOf(new Object[] {"a"});
      int share = reads.shareOf(a);
      assertThat(reads.read(share, FIVE, Portion.group(a)).attempt()).isEqualTo(1);

      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a", 5));
      pipeline.awaitPublished();

      ShareSlice again = reads.read(share, FIVE, Portion.group(a));
      assertThat(again.standing()).isEqualTo(Standing.CLOSED);
      assertThat(again.attempt()).isEqualTo(2);
      assertThat(row(pipeline, cluster, again.rows().get(0))).isEqualTo("[a, 2, 6.0]");
    }
  }

  @Test
  void rows_come_in_portions_that_follow_each_other(Cluster cluster) throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      for (int i = 0; i < 10; i++) {
        pipeline.write(0, Event.of("2024-03-10T05:10:00", "k" + i, i));
      }
      pipeline.write(0, Event.of("2024-03-10T06:10:00", "a"));
      ShareReads reads = pipeline.start().running().reads();
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);

      int rows = 0;
      int portions = 0;
      Optional<byte[]> after = Optional.empty();
      do {
        ShareSlice slice =
            reads.read(0, FIVE, new Portion(Optional.empty(), after, 4, Long.MAX_VALUE));
        rows += slice.rows().size();
        after = slice.next();
        portions++;
      } while (after.isPresent());
      assertThat(rows).isEqualTo(10);
      assertThat(portions).isEqualTo(3);
      assertThat(reads.read(0, FIVE, new Portion(Optional.empty(), after, 4, 1)).rows()).hasSize(1);
    }
  }

  @Test
  void a_share_that_is_not_here_is_not_read(Cluster cluster) throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      Instance instance = pipeline.start().running();
      ShareReads reads = instance.reads();
      assertThatThrownBy(() -> reads.read(1, FIVE, all(1))).isInstanceOf(ShareReads.NotHere.class);
      instance.close();
      assertThatThrownBy(() -> reads.read(0, FIVE, all(1))).isInstanceOf(ShareReads.NotHere.class);
    }
  }

  /** Its groups are deleted piece by piece: until the end it must not look like a short batch. */
  @Test
  void a_batch_past_keep_is_not_read_any_more(Cluster cluster) throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T06:10:00", "a"));
      ShareReads reads = pipeline.start().running().reads();
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
      assertThat(reads.read(0, FIVE, all(1)).standing()).isEqualTo(Standing.CLOSED);

      pipeline.write(0, Event.of("2024-03-18T06:10:00", "a"));
      Await.until("it is forgotten", () -> standing(reads) != Standing.CLOSED);
      assertThat(standing(reads)).isIn(Standing.FORGOTTEN, Standing.UNKNOWN);
    }
  }

  /**
   * Both want the lock of a store, and must not hold another one that the other wants
   * (KAFKA-19629).
   */
  @Test
  @Timeout(120)
  void who_reads_without_a_pause_does_not_stop_who_writes(Cluster cluster) throws Exception {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(1))) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      ShareReads reads = pipeline.start().running().reads();
      AtomicBoolean isOver = new AtomicBoolean();
      CompletableFuture<Long> reader =
          CompletableFuture.supplyAsync(
              () -> {
                long read = 0;
                while (!isOver.get()) {
                  read += read(reads).rows().size();
                }
                return read;
              });
      for (int i = 0; i < 1_500; i++) {
        pipeline.write(0, Event.of("2024-03-10T05:10:00", "k" + i % 50));
      }
      pipeline.write(0, Event.of("2024-03-10T06:10:00", "a"));
      pipeline.awaitState("2024-03-10T05:00:00", BatchState.READY);
      isOver.set(true);
      assertThat(reader.join()).isPositive();
    }
  }

  private static Standing standing(ShareReads reads) {
    ShareSlice slice = read(reads);
    assertThat(slice.standing() == Standing.CLOSED).isEqualTo(!slice.rows().isEmpty());
    return slice.standing();
  }

  private static ShareSlice read(ShareReads reads) {
    try {
      return reads.read(0, FIVE, all(1));
    } catch (ShareReads.NotHere e) {
      throw new AssertionError(e);
    }
  }

  private static Portion all(int rows) {
    return new Portion(Optional.empty(), Optional.empty(), rows, Long.MAX_VALUE);
  }

  private static Batch hour(String start) {
    Instant time = Instant.parse(start);
    return new Batch(time, time.plus(Duration.ofHours(1)));
  }

  private static String row(TestPipeline pipeline, Cluster cluster, byte[] encoded)
      throws DecodeException {
    return Arrays.toString(
        new AvroRowDecoder(pipeline.compiled().query().resultSchema(), cluster.registry())
            .decode(encoded));
  }
}
