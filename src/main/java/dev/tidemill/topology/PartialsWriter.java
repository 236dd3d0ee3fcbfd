package dev.tidemill.topology;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Packs what goes to one share into few messages: a message costs Kafka and Streams some
 * microseconds whatever its size, which is more than a group costs. Not thread-safe.
 */
final class PartialsWriter {
  /** Bytes; far below what a producer takes, so that one large entry more does no harm. */
  private static final int FULL = 64 << 10;

  private final int share;
  private final int source;
  private final Consumer<ShuffleMessage> out;
  private ByteBuffer entries = ByteBuffer.allocate(4 << 10);

  /**
   * @param share the partition of the shuffle
   * @param source index of the source partition that it all comes from
   */
  PartialsWriter(int share, int source, Consumer<ShuffleMessage> out) {
    this.share = share;
    this.source = source;
    this.out = out;
  }

  /** As {@link ShuffleMessage.Partials.Visitor} takes it. */
  void write(long batchStart, long records, long checksum, byte[] key, byte[] value) {
    room(8 + 8 + 8 + 4 + key.length + 4 + value.length);
    entries.putLong(batchStart).putLong(records).putLong(checksum);
    entries.putInt(key.length).put(key).putInt(value.length).put(value);
    if (entries.position() >= FULL) {
      flush();
    }
  }

  /** Sends what has gathered. */
  void flush() {
    if (entries.position() > 0) {
      byte[] packed = new byte[entries.flip().limit()];
      entries.get(packed).clear();
      out.accept(new ShuffleMessage.Partials(share, source, packed));
    }
  }

  private void room(int more) {
    if (entries.remaining() < more) {
      int size = Math.max(2 * entries.capacity(), entries.position() + more);
      entries = ByteBuffer.allocate(size).put(entries.flip());
    }
  }
}
