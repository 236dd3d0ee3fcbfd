package dev.tidemill.sql;

import java.math.BigInteger;

/** Correct rounding of exact numbers to doubles: half to even, gradual underflow included. */
final class Rational {
  private static final int MANTISSA_BITS = 53;
  private static final int MIN_EXPONENT = -1074;
  private static final int MAX_EXPONENT = 971;

  private Rational() {}

  /**
   * @param denominator positive
   * @return the double nearest to {@code numerator / denominator * 2^exponent}; infinite beyond the
   *     range of doubles; never -0.0
   */
  static double toDouble(BigInteger numerator, BigInteger denominator, int exponent) {
    if (numerator.signum() == 0) {
      return 0.0;
    }
    BigInteger magnitude = numerator.abs();
    // Enough bits for a mantissa and a guard; what is lost below is remembered in a sticky bit.
    int shift = Math.max(0, MANTISSA_BITS + 3 - magnitude.bitLength() + denominator.bitLength());
    BigInteger[] quotient = magnitude.shiftLeft(shift).divideAndRemainder(denominator);
    double rounded = round(quotient[0], quotient[1].signum() != 0, exponent - shift);
    return numerator.signum() < 0 ? 0.0 - rounded : rounded;
  }

  /**
   * @param numerator not negative
   * @param denominator positive
   * @return the double nearest to the square root of {@code numerator / denominator * 2^exponent}
   */
  static double sqrt(BigInteger numerator, BigInteger denominator, int exponent) {
    if (numerator.signum() == 0) {
      return 0.0;
    }
    int bits = 2 * (MANTISSA_BITS + 3);
    int shift = Math.max(0, bits - numerator.bitLength() + denominator.bitLength());
    // Half of an odd exponent is no power of two.
    shift += (exponent - shift) & 1;
    BigInteger[] quotient = numerator.shiftLeft(shift).divideAndRemainder(denominator);
    BigInteger[] root = quotient[0].sqrtAndRemainder();
    boolean sticky = root[1].signum() != 0 || quotient[1].signum() != 0;
    return round(root[0], sticky, (exponent - shift) / 2);
  }

  private static double round(BigInteger bits, boolean sticky, int exponent) {
    int drop = Math.max(bits.bitLength() - MANTISSA_BITS, MIN_EXPONENT - exponent);
    if (drop <= 0) {
      return Math.scalb((double) bits.longValue(), exponent);
    }
    BigInteger kept = bits.shiftRight(drop);
    if (bits.testBit(drop - 1)
        && (sticky || bits.getLowestSetBit() < drop - 1 || kept.testBit(0))) {
      kept = kept.add(BigInteger.ONE);
    }
    int scale = exponent + drop;
    if (scale > MAX_EXPONENT) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.scalb((double) kept.longValue(), scale);
  }
}
