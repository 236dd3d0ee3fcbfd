package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CountCalendar;
import dev.tidemill.batch.EventClock;
import dev.tidemill.definition.BatchRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Which time of a record counts, which one is absurd, and where it is on the line of batches. */
final class RecordTimes {
  private final BatchRule rule;

  /** If it is not time that cuts batches. */
  private final Optional<CountCalendar> counts;

  RecordTimes(BatchRule rule) {
    this.rule = rule;
    this.counts =
        rule.calendar() instanceof CountCalendar calendar
            ? Optional.of(calendar)
            : Optional.empty();
  }

  /** Moves the clock with the record that was just read, whatever becomes of it. */
  void count(IntakePartition partition) {
    if (counts.isPresent()) {
      partition.moveClock(counts.get().at(partition.read()));
    }
  }

  /** What counts as the record's event time; ms since the epoch. */
  long time(
      ConsumerRecord<byte[], byte[]> record,
      Object[] row,
      SourceReader reader,
      IntakePartition partition)
      throws SourceReader.Rejected {
    long told = reader.eventTime(row, record.timestamp());
    return switch (rule.clock()) {
      case EVENT -> permitted(told, reader, partition, record.timestamp());
      // The clock of a broker may go back, or that of its successor be behind; ours does not.
      case WALL ->
          Math.max(
              permitted(told, reader, partition, record.timestamp()), partition.clock().time());
      case RECORDS -> told;
    };
  }

  /** Where the record that was just read is on the calendar's line. */
  long at(long time, IntakePartition partition) {
    return counts.isPresent() ? counts.get().at(partition.read() - 1) : time;
  }

  /** Rule 10: an absurd time must not close batches. */
  private long permitted(
      long time, SourceReader reader, IntakePartition partition, long recordTimestamp)
      throws SourceReader.Rejected {
    long limit = Math.max(recordTimestamp, 0) + rule.maxAhead().toMillis();
    if (limit < recordTimestamp) {
      throw new SourceReader.Rejected(
          "event-time",
          "the record's own time, "
              + Instant.ofEpochMilli(recordTimestamp)
              + ", is none that an event time can be held against");
    }
    if (time > limit) {
      throw new SourceReader.Rejected(
          "event-time",
          Instant.ofEpochMilli(time)
              + " is later than the record's own time plus max-ahead, "
              + Instant.ofEpochMilli(limit));
    }
    if (reader.maxJump().isPresent()
        && partition.jumpsTooFar(time, reader.maxJump().get().toMillis())) {
      throw new SourceReader.Rejected(
          "event-time",
          Instant.ofEpochMilli(time)
              + " is further than max-jump ahead of the event clock, "
              + Instant.ofEpochMilli(partition.clock().time()));
    }
    return time;
  }

  Batch batchOf(long time) {
    return rule.calendar().batchOf(Instant.ofEpochMilli(time));
  }

  /** For people: how long after its batch a record came. */
  String howLate(Batch batch, long time, EventClock clockBefore) {
    Duration late =
        Duration.ofMillis(clockBefore.time())
            .minusMillis(batch.end().plus(rule.grace()).toEpochMilli());
    return "the record of "
        + Instant.ofEpochMilli(time)
        + " came "
        + late
        + " of event time after its batch "
        + batch.id()
        + " and its grace were over";
  }
}
