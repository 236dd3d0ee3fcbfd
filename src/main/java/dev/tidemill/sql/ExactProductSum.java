package dev.tidemill.sql;

import java.math.BigInteger;

/**
 * The exact sum of products of two doubles. A product has 106 bits: it is the rounded product and
 * its error, which {@link Math#fma} gives exactly as long as nothing overflows or underflows.
 * Products for which that is not sure are scaled by powers of two and have sums of their own. Not
 * thread-safe.
 */
final class ExactProductSum {
  /** The exponent of the unit of {@link #units}. */
  static final int UNIT = ExactDoubleSum.UNIT - 1200;

  private static final int SAFE_EXPONENT = 900;
  private static final int SCALE = 600;

  private ExactDoubleSum usual = new ExactDoubleSum();
  private ExactDoubleSum great = new ExactDoubleSum();
  private ExactDoubleSum small = new ExactDoubleSum();

  /** Adds {@code x * y}; both must be finite. */
  void add(double x, double y) {
    if (x == 0 || y == 0) {
      return;
    }
    int exponent = Math.getExponent(x) + Math.getExponent(y);
    if (exponent > SAFE_EXPONENT) {
      add(great, Math.scalb(x, -SCALE), Math.scalb(y, -SCALE));
    } else if (exponent < -SAFE_EXPONENT) {
      add(small, Math.scalb(x, SCALE), Math.scalb(y, SCALE));
    } else {
      add(usual, x, y);
    }
  }

  private static void add(ExactDoubleSum sum, double x, double y) {
    double product = x * y;
    sum.add(product);
    sum.add(Math.fma(x, y, -product));
  }

  void merge(ExactProductSum other) {
    usual.merge(other.usual);
    great.merge(other.great);
    small.merge(other.small);
  }

  /** The sum in units of 2^{@value #UNIT}. */
  BigInteger units() {
    return usual
        .units()
        .shiftLeft(2 * SCALE)
        .add(great.units().shiftLeft(4 * SCALE))
        .add(small.units());
  }

  void encode(Bytes out) {
    usual.encode(out);
    great.encode(out);
    small.encode(out);
  }

  static ExactProductSum decode(BytesReader in) {
    var sum = new ExactProductSum();
    sum.usual = ExactDoubleSum.decode(in);
    sum.great = ExactDoubleSum.decode(in);
    sum.small = ExactDoubleSum.decode(in);
    return sum;
  }
}
