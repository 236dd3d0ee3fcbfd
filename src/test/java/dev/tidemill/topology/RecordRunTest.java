package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class RecordRunTest {
  private static final TopicPartition PARTITION = new TopicPartition("source", 0);

  /** The number of records of each run, and that of its first record as its offset. */
  private static List<List<Long>> runs(int records, int bytes) {
    List<ConsumerRecord<byte[], byte[]>> polled =
        IntStream.range(0, records).mapToObj(offset -> record(offset, bytes)).toList();
    return RecordRun.pack(
            new ConsumerRecords<>(
                Map.of(PARTITION, polled), Map.of(PARTITION, new OffsetAndMetadata(records))),
            Set.of("source"))
        .records(PARTITION)
        .stream()
        .map(
            run -> {
              var packed = RecordRun.of(run.headers()).orElseThrow();
              assertThat(packed.get(0).offset()).isEqualTo(run.offset());
              return List.of(run.offset(), (long) packed.size());
            })
        .toList();
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
    return new ConsumerRecord<>(
        "source",
        0,
        offset,
        0,
        TimestampType.LOG_APPEND_TIME,
        ConsumerRecord.NULL_SIZE,
        bytes,
        null,
        new byte[bytes],
        new RecordHeaders(),
        Optional.empty());
  }

  @Test
  void small_records_travel_in_hundreds() {
    assertThat(runs(250, 100))
        .containsExactly(List.of(0L, 100L), List.of(100L, 100L), List.of(200L, 50L));
  }

  @Test
  void large_ones_in_so_many_as_are_64_kb_so_that_a_queue_of_runs_stays_small() {
    assertThat(runs(5, 32 << 10)).containsExactly(List.of(0L, 3L), List.of(3L, 2L));
    assertThat(runs(3, 900_000)).containsExactly(List.of(0L, 1L), List.of(1L, 1L), List.of(2L, 1L));
  }
}
