package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Short texts that were read lately: a status, a currency, a state is one of few in a million
 * records, and need not be made anew each time. A text of up to 16 bytes is two numbers, so to find
 * it costs less than to copy it. Not thread-safe.
 */
final class ShortStrings {
  /** Bytes. */
  static final int LONGEST = 16;

  private static final int SIZE = 1024;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final String[] texts = new String[SIZE];
  private final long[] firsts = new long[SIZE];
  private final long[] seconds = new long[SIZE];
  private final byte[] lengths = new byte[SIZE];

  /**
   * @param length at most {@link #LONGEST}
   * @return the text of these bytes; what is not UTF-8 is replaced as {@link String} does
   */
  String of(byte[] bytes, int from, int length) {
    if (from + LONGEST > bytes.length) {
      return new String(bytes, from, length, UTF_8);
    }
    long first = masked((long) LONGS.get(bytes, from), length);
    long second = length <= 8 ? 0 : masked((long) LONGS.get(bytes, from + 8), length - 8);
    long mixed = (first * 31 + second) * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 54); // the 10 highest bits: one of SIZE
    if (firsts[slot] == first
        && seconds[slot] == second
        && lengths[slot] == length
        && texts[slot] != null) {
      return texts[slot];
    }
    String text = new String(bytes, from, length, UTF_8);
    texts[slot] = text;
    firsts[slot] = first;
    seconds[slot] = second;
    lengths[slot] = (byte) length;
    return text;
  }

  private static long masked(long value, int length) {
    return length >= 8 ? value : value & ((1L << (8 * length)) - 1);
  }
}
