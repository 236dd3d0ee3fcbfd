package dev.tidemill.sql;

import java.math.BigInteger;
import org.apache.calcite.sql.SqlKind;

/** How variances and standard deviations come out of exact sums: with a single rounding. */
enum Spread {
  VAR_POP,
  VAR_SAMP,
  STDDEV_POP,
  STDDEV_SAMP;

  static Spread of(SqlKind kind) {
    return valueOf(kind.name());
  }

  /**
   * @param sum of the values
   * @param squares the sum of their squares
   * @param denominator of the unit of {@code squares}, which is that of {@code sum} squared
   * @param exponent of the unit of {@code squares}
   * @return null if there are not enough values
   */
  Double of(long count, BigInteger sum, BigInteger squares, BigInteger denominator, int exponent) {
    boolean sample = this == VAR_SAMP || this == STDDEV_SAMP;
    if (count < (sample ? 2 : 1)) {
      return null;
    }
    var n = BigInteger.valueOf(count);
    BigInteger numerator = n.multiply(squares).subtract(sum.multiply(sum));
    BigInteger divisor = denominator.multiply(n).multiply(sample ? n.subtract(BigInteger.ONE) : n);
    return this == VAR_POP || this == VAR_SAMP
        ? Rational.toDouble(numerator, divisor, exponent)
        : Rational.sqrt(numerator, divisor, exponent);
  }
}
