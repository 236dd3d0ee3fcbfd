package dev.tidemill.sql;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The exact sum of doubles: no rounding, no overflow, so the order of adding and merging does not
 * matter (rule 13).
 *
 * <p>A double is an integer multiple of 2^-1074. The sum is one long integer of that unit, in limbs
 * of 32 bits; each limb has a 64-bit word, so that carries can wait for {@value #MAX_PENDING}
 * additions. The idea is Malcolm's (On accurate floating-point summation, CACM 1971) in the form of
 * Neal's small superaccumulator (Fast exact summation using small and large superaccumulators,
 * 2015). Unlike Neal's, only the limbs between the smallest and the largest that was touched are
 * held: a group of similar magnitudes takes some four words, not 67.
 *
 * <p>NaN and infinities are flags. Zeros add nothing: the sum of negative zeros is 0.0. Not
 * thread-safe.
 */
final class ExactDoubleSum {
  /** Exponent of the unit: Double.MIN_VALUE is 2^-1074. */
  static final int UNIT = -1074;

  private static final int LIMB_BITS = 32;
  private static final long LIMB_MASK = 0xFFFF_FFFFL;

  /** An addend puts less than 2^53 into a limb, a normalised limb holds less than 2^32. */
  private static final int MAX_PENDING = 1000;

  private static final int NAN = 1;
  private static final int POSITIVE_INFINITY = 2;
  private static final int NEGATIVE_INFINITY = 4;
  private static final long[] NOTHING = {};

  private long[] limbs = NOTHING;
  private int first;
  private int pending;
  private int flags;

  void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    long mantissa = bits & 0xF_FFFF_FFFF_FFFFL;
    if (exponent == 0x7FF) {
      flags |= mantissa != 0 ? NAN : bits > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
      return;
    }
    if (exponent == 0) {
      if (mantissa == 0) {
        return;
      }
      exponent = 1;
    } else {
      mantissa |= 0x10_0000_0000_0000L;
    }
    int shift = exponent - 1;
    int limb = shift >>> 5;
    shift &= 31;
    int index = limb - first;
    if (index < 0 || index + 1 >= limbs.length) {
      reach(limb, limb + 1);
      index = limb - first;
    }
    if (++pending > MAX_PENDING) {
      carry();
      index = limb - first;
    }
    long low = (mantissa << shift) & LIMB_MASK;
    long high = mantissa >>> (LIMB_BITS - shift);
    if (bits < 0) {
      limbs[index] -= low;
      limbs[index + 1] -= high;
    } else {
      limbs[index] += low;
      limbs[index + 1] += high;
    }
  }

  void merge(ExactDoubleSum other) {
    flags |= other.flags;
    other.carry();
    if (other.limbs.length == 0) {
      return;
    }
    reach(other.first, other.first + other.limbs.length - 1);
    if (++pending > MAX_PENDING) {
      carry();
    }
    int shift = other.first - first;
    for (int i = 0; i < other.limbs.length; i++) {
      limbs[shift + i] += other.limbs[i];
    }
  }

  /** The nearest double to the sum, infinite beyond the range of doubles. */
  double sum() {
    return flags == 0 ? rounded() : average(1);
  }

  /** To nearest, ties to even, as IEEE 754 does for a single operation. */
  private double rounded() {
    carry();
    int size = limbs.length;
    if (size == 0) {
      return 0;
    }
    boolean negative = limbs[size - 1] < 0;
    long[] magnitude = negative ? negated() : limbs;
    int top = size - 1;
    while (top > 0 && magnitude[top] == 0) {
      top--;
    }
    // The 64 bits from the highest one on, and whether anything is below them.
    int free = Long.numberOfLeadingZeros(magnitude[top]) - LIMB_BITS;
    long high = magnitude[top] << LIMB_BITS | limb(magnitude, top - 1);
    long low = limb(magnitude, top - 2);
    long bits = high << free | (free == 0 ? 0 : low >>> (LIMB_BITS - free));
    boolean sticky = (low << (LIMB_BITS + free)) != 0;
    for (int i = top - 3; i >= 0 && !sticky; i--) {
      sticky = magnitude[i] != 0;
    }
    if (bits == 0) {
      return 0;
    }
    long mantissa = bits >>> 11;
    long rest = bits & 0x7FF;
    boolean up = rest > 0x400 || rest == 0x400 && (sticky || (mantissa & 1) == 1);
    int exponent = UNIT + LIMB_BITS * (first + top - 1) - free + 11;
    if (exponent < UNIT) {
      return average(1); // below the normal doubles the unit is the last bit: nothing to round
    }
    double value = Math.scalb((double) (mantissa + (up ? 1 : 0)), exponent);
    return negative ? -value : value;
  }

  private static long limb(long[] limbs, int index) {
    return index < 0 ? 0 : limbs[index];
  }

  private long[] negated() {
    long[] negated = new long[limbs.length];
    long borrow = 0;
    for (int i = 0; i < limbs.length; i++) {
      long value = -limbs[i] + borrow;
      negated[i] = value & LIMB_MASK;
      borrow = value >> LIMB_BITS;
    }
    return negated;
  }

  /** The nearest double to the sum divided by {@code count}, with a single rounding. */
  double average(long count) {
    boolean up = (flags & POSITIVE_INFINITY) != 0;
    boolean down = (flags & NEGATIVE_INFINITY) != 0;
    if ((flags & NAN) != 0 || up && down) {
      return Double.NaN;
    }
    if (up || down) {
      return up ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return Rational.toDouble(units(), BigInteger.valueOf(count), UNIT);
  }

  /** Equal sums write equal bytes, whatever the order in which they were added and merged. */
  void encode(Bytes out) {
    carry();
    int low = 0;
    int end = limbs.length;
    long top = end == 0 ? 0 : limbs[end - 1];
    // The shortest form has a top limb that is not just the sign of the one below.
    while (end > 1 && top == (int) limbs[end - 2] >> (LIMB_BITS - 1)) {
      end--;
      top = (int) limbs[end - 1];
    }
    while (low < end - 1 && limbs[low] == 0) {
      low++;
    }
    if (top == 0 && low >= end - 1) {
      low = end; // zero
    }
    out.writeByte(flags);
    out.writeVarint(end - low);
    if (low < end) {
      out.writeVarint(first + low);
      for (int i = low; i < end - 1; i++) {
        out.writeFixed32((int) limbs[i]);
      }
      out.writeSigned(top);
    }
  }

  static ExactDoubleSum decode(BytesReader in) {
    var sum = new ExactDoubleSum();
    sum.flags = in.readByte();
    int size = (int) in.readVarint();
    if (size > 0) {
      sum.first = (int) in.readVarint();
      sum.limbs = new long[size];
      for (int i = 0; i < size - 1; i++) {
        sum.limbs[i] = in.readFixed32() & LIMB_MASK;
      }
      sum.limbs[size - 1] = in.readSigned();
    }
    return sum;
  }

  /** Whether neither NaN nor an infinity was added. */
  boolean isFinite() {
    return flags == 0;
  }

  /** The sum in units of 2^{@value #UNIT}, of what is finite. */
  BigInteger units() {
    carry();
    if (limbs.length == 0) {
      return BigInteger.ZERO;
    }
    // All limbs but the last are in [0, 2^32) now; the last has the sign.
    int last = limbs.length - 1;
    BigInteger value = BigInteger.valueOf(limbs[last]).shiftLeft(LIMB_BITS * last);
    if (last > 0) {
      byte[] below = new byte[4 * last];
      for (int i = 0; i < last; i++) {
        int at = below.length - 4 * (i + 1);
        below[at] = (byte) (limbs[i] >>> 24);
        below[at + 1] = (byte) (limbs[i] >>> 16);
        below[at + 2] = (byte) (limbs[i] >>> 8);
        below[at + 3] = (byte) limbs[i];
      }
      value = value.add(new BigInteger(1, below));
    }
    return value.shiftLeft(LIMB_BITS * first);
  }

  /** Moves what exceeds a limb to the next one; grows at the top if the last one could overflow. */
  private void carry() {
    pending = 0;
    int last = limbs.length - 1;
    if (last < 0) {
      return;
    }
    long carry = 0;
    for (int i = 0; i < last; i++) {
      long value = limbs[i] + carry;
      limbs[i] = value & LIMB_MASK;
      carry = value >> LIMB_BITS;
    }
    limbs[last] += carry;
    if (limbs[last] != (int) limbs[last]) {
      reach(first, first + limbs.length);
      long value = limbs[last];
      limbs[last] = value & LIMB_MASK;
      limbs[last + 1] = value >> LIMB_BITS;
    }
  }

  private void reach(int low, int high) {
    if (limbs.length == 0) {
      first = low;
      limbs = new long[high - low + 2];
      return;
    }
    int newFirst = Math.min(low, first);
    int newEnd = Math.max(high + 1, first + limbs.length);
    if (newEnd - newFirst == limbs.length) {
      return;
    }
    long[] grown = new long[newEnd - newFirst];
    System.arraycopy(limbs, 0, grown, first - newFirst, limbs.length);
    limbs = grown;
    first = newFirst;
  }

  @Override
  public String toString() {
    return flags + ":" + Arrays.toString(limbs) + "@" + first;
  }
}
