package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Calendar;
import dev.tidemill.batch.SourceSpan;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.function.IntFunction;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What intake writes down of its source partitions, in the transaction of the records. */
final class IntakeStore {
  private final KeyValueStore<Bytes, byte[]> store;
  private final Calendar calendar;

  IntakeStore(KeyValueStore<Bytes, byte[]> store, Calendar calendar) {
    this.store = store;
    this.calendar = calendar;
  }

  /**
   * @param partitions the task's, by their index
   */
  void restore(IntFunction<IntakePartition> partitions) {
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        StoreKeys.IntakeKey key = StoreKeys.intakeKey(entry.key);
        IntakePartition partition = partitions.apply(key.source());
        MessageSerdes.read(entry.value, in -> restore(partition, key, in));
      }
    }
  }

  private IntakePartition restore(
      IntakePartition partition, StoreKeys.IntakeKey key, DataInputStream in) throws IOException {
    if (key.batchStart().isEmpty()) {
      partition.restore(in);
    } else if (key.held().isPresent()) {
      partition.restoreHeld(
          key.batchStart().get(),
          key.held().get(),
          in.readInt(),
          in.readLong(),
          in.readLong(),
          in.readAllBytes());
    } else {
      Batch batch = calendar.batchOf(Instant.ofEpochMilli(key.batchStart().get()));
      partition.restore(batch, MessageSerdes.readSpan(in));
    }
    return partition;
  }

  /** The partition's clock and counts. */
  void put(IntakePartition partition) {
    store.put(StoreKeys.intakePartition(partition.source()), MessageSerdes.write(partition::write));
  }

  /** The partition's part in a batch. */
  void put(int source, long batchStart, SourceSpan span) {
    store.put(
        StoreKeys.intakePart(source, batchStart),
        MessageSerdes.write(out -> MessageSerdes.writeSpan(out, span)));
  }

  /** Late records that are not merged yet. */
  void putHeld(int source, long batchStart, Groups.Group group) {
    store.put(
        StoreKeys.intakeHeld(source, batchStart, group.key()),
        MessageSerdes.write(
            out -> {
              out.writeInt(group.share());
              out.writeLong(group.records());
              out.writeLong(group.checksum());
              out.write(group.encoded());
            }));
  }

  void deleteHeld(int source, long batchStart, Groups.Group group) {
    store.delete(StoreKeys.intakeHeld(source, batchStart, group.key()));
  }

  void delete(int source, long batchStart) {
    store.delete(StoreKeys.intakePart(source, batchStart));
  }
}
