package dev.tidemill.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the stores. Times are written so that their bytes sort as the times do, so that a
 * batch is one range.
 */
final class StoreKeys {
  private static final byte PARTITION = 'C';
  private static final byte PART = 'B';
  private static final byte GROUP = 'G';
  private static final byte PAGE = 'P';
  private static final byte HELD = 'H';
  private static final long READ = -1;

  private StoreKeys() {}

  /**
   * @param batchStart empty for what belongs to the partition as a whole
   * @param held the group of what is held, or else empty
   */
  record IntakeKey(int source, Optional<Long> batchStart, Optional<byte[]> held) {}

  static Bytes intakePartition(int source) {
    return Bytes.wrap(ByteBuffer.allocate(5).put(PARTITION).putInt(source).array());
  }

  static Bytes intakePart(int source, long batchStart) {
    return Bytes.wrap(
        ByteBuffer.allocate(13).put(PART).putInt(source).putLong(sortable(batchStart)).array());
  }

  /** A group of late records of a part; sorts behind all parts. */
  static Bytes intakeHeld(int source, long batchStart, byte[] group) {
    return Bytes.wrap(
        ByteBuffer.allocate(13 + group.length)
            .put(HELD)
            .putInt(source)
            .putLong(sortable(batchStart))
            .put(group)
            .array());
  }

  static IntakeKey intakeKey(Bytes key) {
    ByteBuffer buffer = ByteBuffer.wrap(key.get());
    byte kind = buffer.get();
    int source = buffer.getInt();
    if (kind == PARTITION) {
      return new IntakeKey(source, Optional.empty(), Optional.empty());
    }
    long batchStart = sortable(buffer.getLong());
    if (kind == PART) {
      return new IntakeKey(source, Optional.of(batchStart), Optional.empty());
    }
    byte[] group = new byte[buffer.remaining()];
    buffer.get(group);
    return new IntakeKey(source, Optional.of(batchStart), Optional.of(group));
  }

  /** A record that has taken part, in a slot of event time. */
  static Bytes seen(int source, long slot, byte[] key) {
    return Bytes.wrap(
        ByteBuffer.allocate(12 + key.length)
            .putInt(source)
            .putLong(sortable(slot))
            .put(key)
            .array());
  }

  /** Before the first record of a slot. */
  static Bytes firstSeen(int source, long slot) {
    return seen(source, slot, new byte[0]);
  }

  /** A record that waits in its partition. */
  static Bytes waiting(int source, long offset) {
    return Bytes.wrap(ByteBuffer.allocate(12).putInt(source).putLong(offset).array());
  }

  static long offsetOf(Bytes waiting) {
    return ByteBuffer.wrap(waiting.get()).getLong(4);
  }

  static Bytes marks(int source) {
    return intakePartition(source);
  }

  static Bytes batch(long batchStart) {
    return Bytes.wrap(ByteBuffer.allocate(9).put(PART).putLong(sortable(batchStart)).array());
  }

  static boolean isBatch(Bytes key) {
    return key.get()[0] == PART;
  }

  /** A source index or a batch start, as {@link #isBatch} tells. */
  static long valueOf(Bytes key) {
    ByteBuffer buffer = ByteBuffer.wrap(key.get(), 1, key.get().length - 1);
    return isBatch(key) ? sortable(buffer.getLong()) : buffer.getInt();
  }

  /** An attempt of a batch; attempts sort within their batch. */
  static Bytes ledger(long batchStart, int attempt) {
    return Bytes.wrap(
        ByteBuffer.allocate(12).putLong(sortable(batchStart)).putInt(attempt).array());
  }

  /** What a source partition has read; no batch starts so late. */
  static Bytes read(String topic, int partition) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(12 + name.length).putLong(READ).putInt(partition).put(name).array());
  }

  /** Whether it is a {@link #read} and no {@link #ledger}; they come behind all of those. */
  static boolean isRead(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong() == READ;
  }

  /** A group of a batch. */
  static Bytes group(long batchStart, byte[] group) {
    return inBatch(batchStart, GROUP, group);
  }

  /** Directly behind the groups of a batch that are stored alone. */
  static Bytes behindGroups(long batchStart) {
    return inBatch(batchStart, (byte) (GROUP + 1), new byte[0]);
  }

  /** A page of groups, by the first of them; behind all groups that are stored alone. */
  static Bytes page(long batchStart, byte[] firstGroup) {
    return inBatch(batchStart, PAGE, firstGroup);
  }

  private static Bytes inBatch(long batchStart, byte kind, byte[] group) {
    return Bytes.wrap(
        ByteBuffer.allocate(9 + group.length)
            .putLong(sortable(batchStart))
            .put(kind)
            .put(group)
            .array());
  }

  /** A row of a pipeline without groups: its place in the source is its identity. */
  static byte[] row(int source, long offset, int branch) {
    return ByteBuffer.allocate(16).putInt(source).putLong(offset).putInt(branch).array();
  }

  /** Before the first group of a batch. */
  static Bytes firstOf(long batchStart) {
    return Bytes.wrap(ByteBuffer.allocate(8).putLong(sortable(batchStart)).array());
  }

  /** Behind the last group of a batch. */
  static Bytes behind(long batchStart) {
    return firstOf(batchStart + 1);
  }

  /** Directly behind a key. */
  static Bytes after(Bytes key) {
    return Bytes.wrap(Arrays.copyOf(key.get(), key.get().length + 1));
  }

  static byte[] groupOf(Bytes key) {
    return Arrays.copyOfRange(key.get(), 9, key.get().length);
  }

  /** Two's complement with the sign flipped sorts as unsigned bytes; its own inverse. */
  private static long sortable(long time) {
    return time ^ Long.MIN_VALUE;
  }
}
