package dev.tidemill.extract;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which value each key has, and which keys a reading has met: by hashes, 24 bytes a key and the
 * free places between them, whatever is hashed. Of a key that is 128 bits of its SHA-256, of a
 * value 61. Not thread-safe.
 */
final class RowHashes {

  /** More keys than there is room for. */
  static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FullException(long keys) {
      super("no room for more than " + keys + " keys");
    }
  }

  /** So many that even of ten million keys none is an array that takes regions of its own in G1. */
  private static final int SEGMENTS = 1024;

  private static final int SMALLEST = 8;

  /** Of a place: the key's hash in two, and its value's hash with the bits below. */
  private static final int LONGS = 3;

  private static final int VALUE = 2;

  /** Of a place's value; a place with neither of these two bits is free. */
  private static final long THERE = 1;

  private static final long NOT_THERE = 2;
  private static final long VALUE_BITS = ~3L;

  /** The lowest bit of a value's hash. */
  private static final long SEEN = 4;

  private final Segment[] segments = new Segment[SEGMENTS];
  private final long maxBytes;
  private final MessageDigest digest;
  private long bytes;
  private long keys;
  private long there;
  private long seen;

  /** Each grows for itself, and by little: no moment needs much more than what is held. */
  private static final class Segment {
    private long[] places = new long[SMALLEST * LONGS];
    private int taken;

    /** Where a key is, or can be put. */
    private int find(long high, long low) {
      int capacity = places.length / LONGS;
      int place = (int) ((low >>> 33) * capacity >>> 31);
      while (true) {
        int at = place * LONGS;
        if (places[at + VALUE] == 0 || places[at] == high && places[at + 1] == low) {
          return at;
        }
        place = place + 1 == capacity ? 0 : place + 1;
      }
    }

    private boolean isFull() {
      return taken + 1 > places.length / LONGS * 4L / 5;
    }

    private void grow() {
      long[] old = places;
      places = new long[grown() * LONGS];
      for (int at = 0; at < old.length; at += LONGS) {
        if (old[at + VALUE] != 0) {
          System.arraycopy(old, at, places, find(old[at], old[at + 1]), LONGS);
        }
      }
    }

    private int grown() {
      int capacity = places.length / LONGS;
      return capacity + Math.max(SMALLEST, capacity / 4);
    }
  }

  /**
   * @param maxBytes of heap
   */
  RowHashes(long maxBytes) {
    this.maxBytes = maxBytes;
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment();
      bytes += segments[i].places.length * (long) Long.BYTES;
    }
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * A key has another value now, and no reading has met it.
   *
   * @param key null is one, too
   * @param value null: it has none any more
   */
  void put(byte[] key, byte[] value) {
    set(key, value == null ? NOT_THERE : hash(value) & ~SEEN | THERE);
  }

  /**
   * A reading has met a key.
   *
   * @return whether it had another value, or none
   */
  boolean meet(byte[] key, byte[] value) {
    long now = hash(value) | SEEN | THERE;
    return (set(key, now) | SEEN) != now;
  }

  /**
   * A key has no value from now on, if no reading has met it.
   *
   * @return whether it had one, and has lost it
   */
  boolean removeUnmet(byte[] key) {
    long before = get(key);
    boolean isRemoved = (before & THERE) != 0 && (before & SEEN) == 0;
    if (isRemoved) {
      set(key, NOT_THERE);
    }
    return isRemoved;
  }

  private long get(byte[] key) {
    ByteBuffer hash = keyHash(key);
    long high = hash.getLong();
    Segment segment = segments[(int) (high >>> 54)];
    return segment.places[segment.find(high, hash.getLong()) + VALUE];
  }

  /** Returns what was there before; 0 if nothing was. */
  private long set(byte[] key, long value) {
    ByteBuffer hash = keyHash(key);
    long high = hash.getLong();
    long low = hash.getLong();
    Segment segment = segments[(int) (high >>> 54)];
    int at = segment.find(high, low);
    long before = segment.places[at + VALUE];
    if (before == 0) {
      if (segment.isFull()) {
        grow(segment);
        at = segment.find(high, low);
      }
      segment.places[at] = high;
      segment.places[at + 1] = low;
      segment.taken++;
      keys++;
    }
    segment.places[at + VALUE] = value;
    there += count(value, THERE) - count(before, THERE);
    seen += count(value, SEEN) - count(before, SEEN);
    return before;
  }

  private static int count(long value, long bit) {
    return (value & bit) == 0 ? 0 : 1;
  }

  private void grow(Segment segment) {
    long more = (segment.grown() - segment.places.length / LONGS) * (long) LONGS * Long.BYTES;
    if (bytes + more > maxBytes) {
      throw new FullException(keys);
    }
    bytes += more;
    segment.grow();
  }

  private ByteBuffer keyHash(byte[] key) {
    return key == null ? ByteBuffer.allocate(2 * Long.BYTES) : ByteBuffer.wrap(digest.digest(key));
  }

  private long hash(byte[] value) {
    return ByteBuffer.wrap(digest.digest(value)).getLong() & VALUE_BITS;
  }

  /** How many keys have a value. */
  long size() {
    return there;
  }

  /** How many of these no reading has met. */
  long unmet() {
    return there - seen;
  }

  /** Of heap, of what is held. */
  long bytes() {
    return bytes;
  }
}
