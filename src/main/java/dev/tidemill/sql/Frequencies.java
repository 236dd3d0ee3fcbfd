package dev.tidemill.sql;

import java.util.Map;
import java.util.TreeMap;

/**
 * How often each value occurs: MODE and percentiles. It holds the different values, for approximate
 * percentiles after rounding.
 */
final class Frequencies extends Accumulator {
  /** What comes out. */
  enum Ending {
    /** The least of the most frequent. */
    MODE,
    CONTINUOUS,
    DISCRETE,
    APPROXIMATE
  }

  /** Bits of a double's 52 that are rounded away: 128 steps for each power of two stay. */
  private static final int ROUNDED_BITS = 45;

  private final Ending ending;
  private final ValueType type;
  private final boolean descending;
  private final TreeMap<Object, Long> counts;
  private long size;

  /** The same in all rows; checked when the statement is. */
  private double fraction;

  /**
   * @param type of the values; DOUBLE if approximate
   * @param descending the order in which percentiles are counted
   */
  Frequencies(Ending ending, ValueType type, boolean descending) {
    this.ending = ending;
    this.type = type;
    this.descending = descending;
    counts = new TreeMap<>(type::compare);
  }

  /**
   * @param argument for MODE the value, for percentiles the fraction and the value
   */
  @Override
  void add(Object argument) {
    if (argument == null) {
      return;
    }
    if (ending == Ending.MODE) {
      count(argument, 1);
      return;
    }
    var pair = (Object[]) argument;
    fraction = ((Number) pair[0]).doubleValue();
    count(ending == Ending.APPROXIMATE ? rounded(((Number) pair[1]).doubleValue()) : pair[1], 1);
  }

  private void count(Object value, long times) {
    counts.merge(type.canonical(value), times, Long::sum);
    size += times;
  }

  /** The middle of the value's step: less than 0.4 % off. */
  private static double rounded(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    long bits = Double.doubleToRawLongBits(value) >>> ROUNDED_BITS << ROUNDED_BITS;
    return Double.longBitsToDouble(bits | 1L << (ROUNDED_BITS - 1));
  }

  @Override
  void merge(Accumulator other) {
    var frequencies = (Frequencies) other;
    if (frequencies.size > 0) {
      fraction = frequencies.fraction;
      frequencies.counts.forEach(this::count);
    }
  }

  @Override
  void encode(Bytes out) {
    out.writeFixed64(Double.doubleToLongBits(fraction));
    out.writeVarint(counts.size());
    counts.forEach(
        (value, times) -> {
          type.write(value, out);
          out.writeVarint(times);
        });
  }

  @Override
  void decode(BytesReader in) {
    fraction = Double.longBitsToDouble(in.readFixed64());
    counts.clear();
    size = 0;
    for (long left = in.readVarint(); left > 0; left--) {
      Object value = type.read(in);
      count(value, in.readVarint());
    }
  }

  @Override
  Object value() {
    if (size == 0) {
      return null;
    }
    return switch (ending) {
      case MODE -> mode();
      case CONTINUOUS -> continuous();
      case DISCRETE, APPROXIMATE -> at(Math.max(0, (long) Math.ceil(fraction * size) - 1));
    };
  }

  private Object mode() {
    Map.Entry<Object, Long> best = counts.firstEntry();
    for (Map.Entry<Object, Long> entry : counts.entrySet()) {
      best = entry.getValue() > best.getValue() ? entry : best;
    }
    return best.getKey();
  }

  private double continuous() {
    double place = fraction * (size - 1);
    long below = (long) Math.floor(place);
    double low = ((Number) at(below)).doubleValue();
    double high = ((Number) at(Math.min(below + 1, size - 1))).doubleValue();
    boolean isOne = low == high || place == below; // nothing is between infinities
    return isOne ? low : low + (high - low) * (place - below);
  }

  /** The value at a place in the order, from 0. */
  private Object at(long place) {
    long left = place;
    for (var entry : (descending ? counts.descendingMap() : counts).entrySet()) {
      left -= entry.getValue();
      if (left < 0) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("place " + place + " of " + size);
  }
}
