package dev.tidemill.topology;

import dev.tidemill.definition.BatchRule;
import dev.tidemill.schema.Change;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Lets records that look at tables as they were at their time go on only when the tables' clocks
 * have passed it: until then they stand in a logged line per source partition. Not thread-safe.
 */
final class WaitForTables {
  /** Records that go on in one tick, so that the consumer is heard of. */
  private static final int MOST_GO_ON = 10_000;

  private static final int GO_ON_TOGETHER = 500;

  /** What happens to a record that need not wait. */
  interface Taking {
    void take(
        ConsumerRecord<byte[], byte[]> record, IntakePartition partition, SourceReader reader);
  }

  private final WaitingRecords line;
  private final BatchRule.Clock clock;
  private final Taking taking;

  WaitForTables(WaitingRecords line, BatchRule.Clock clock, Taking taking) {
    this.line = line;
    this.clock = clock;
    this.taking = taking;
  }

  /** Takes the record, or puts it at the end of its partition's line. */
  void take(
      ConsumerRecord<byte[], byte[]> record,
      IntakePartition partition,
      SourceReader reader,
      long now) {
    if (partition.waits() || !isTaken(record, partition, reader, now)) {
      line.add(partition.source(), record, now);
      partition.waits(true);
    }
  }

  /** Takes the records that wait, as far as tables are known. */
  void goOn(IntakePartition partition, SourceReader reader) {
    int together = 1; // mostly the first one says that nothing goes on
    int gone = 0;
    while (partition.waits() && gone < MOST_GO_ON) {
      for (WaitingRecords.Waiting next :
          line.first(partition.source(), partition.partition(), together)) {
        if (!isTaken(next.record(), partition, reader, next.since())) {
          return;
        }
        line.remove(partition.source(), next);
        gone++;
      }
      partition.waits(isWaitedFor(partition));
      together = GO_ON_TOGETHER;
    }
  }

  /** Whether records of the partition stand in the line. */
  boolean isWaitedFor(IntakePartition partition) {
    return !line.first(partition.source(), partition.partition(), 1).isEmpty();
  }

  /**
   * @param since since when the record is here, by the wall clock
   * @return whether it was taken; otherwise a table does not know its time yet, and nothing
   *     happened
   */
  private boolean isTaken(
      ConsumerRecord<byte[], byte[]> record,
      IntakePartition partition,
      SourceReader reader,
      long since) {
    if (!isKnown(record, partition, reader, since)) {
      return false;
    }
    taking.take(record, partition, reader);
    return true;
  }

  /** Whether the tables that the record looks at know its time. It is decoded for that alone. */
  private boolean isKnown(
      ConsumerRecord<byte[], byte[]> record,
      IntakePartition partition,
      SourceReader reader,
      long since) {
    if (reader.clocks().isEmpty() || reader.isMark(record)) {
      return true;
    }
    try {
      if (!(reader.decode(record) instanceof Change.Row change)) {
        return true;
      }
      long told = reader.eventTime(change.row(), record.timestamp());
      boolean wall = clock == BatchRule.Clock.WALL;
      return reader.isKnown(wall ? Math.max(told, partition.clock().time()) : told, since);
    } catch (SourceReader.Rejected rejected) {
      return true; // it looks nothing up
    }
  }
}
