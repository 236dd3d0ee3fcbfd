package dev.tidemill.sql;

import java.math.BigInteger;

/**
 * Covariance, correlation and linear regression of pairs of numbers, taken as doubles: exact until
 * one rounding at the end.
 */
final class PairMoments extends Accumulator {
  private static final int SUM_TO_PRODUCTS = 2 * ExactDoubleSum.UNIT - ExactProductSum.UNIT;

  /** What comes out. The first argument is Y, the second X, as in the standard. */
  enum Ending {
    COVAR_POP,
    COVAR_SAMP,
    CORR,
    REGR_AVGX,
    REGR_AVGY,
    REGR_SXX,
    REGR_SYY,
    REGR_SXY,
    REGR_SLOPE,
    REGR_INTERCEPT,
    REGR_R2
  }

  private final Ending ending;
  private long count;
  private ExactDoubleSum sumX = new ExactDoubleSum();
  private ExactDoubleSum sumY = new ExactDoubleSum();
  private ExactProductSum sumXx = new ExactProductSum();
  private ExactProductSum sumYy = new ExactProductSum();
  private ExactProductSum sumXy = new ExactProductSum();

  PairMoments(Ending ending) {
    this.ending = ending;
  }

  /**
   * @param value null if either of the pair is
   */
  @Override
  void add(Object value) {
    if (value == null) {
      return;
    }
    var pair = (Object[]) value;
    double y = ((Number) pair[0]).doubleValue();
    double x = ((Number) pair[1]).doubleValue();
    count++;
    sumX.add(x);
    sumY.add(y);
    if (Double.isFinite(x) && Double.isFinite(y)) {
      sumXx.add(x, x);
      sumYy.add(y, y);
      sumXy.add(x, y);
    }
  }

  @Override
  void merge(Accumulator other) {
    var moments = (PairMoments) other;
    count += moments.count;
    sumX.merge(moments.sumX);
    sumY.merge(moments.sumY);
    sumXx.merge(moments.sumXx);
    sumYy.merge(moments.sumYy);
    sumXy.merge(moments.sumXy);
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
    sumX.encode(out);
    sumY.encode(out);
    sumXx.encode(out);
    sumYy.encode(out);
    sumXy.encode(out);
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
    sumX = ExactDoubleSum.decode(in);
    sumY = ExactDoubleSum.decode(in);
    sumXx = ExactProductSum.decode(in);
    sumYy = ExactProductSum.decode(in);
    sumXy = ExactProductSum.decode(in);
  }

  /** NaN if a value is none or infinite. */
  @Override
  Object value() {
    if (count < (ending == Ending.COVAR_SAMP ? 2 : 1)) {
      return null;
    }
    return sumX.isFinite() && sumY.isFinite() ? finite() : (Double) Double.NaN;
  }

  private Double finite() {
    var n = BigInteger.valueOf(count);
    BigInteger x = sumX.units();
    BigInteger y = sumY.units();
    BigInteger xx = sumXx.units().shiftRight(SUM_TO_PRODUCTS);
    BigInteger yy = sumYy.units().shiftRight(SUM_TO_PRODUCTS);
    BigInteger xy = sumXy.units().shiftRight(SUM_TO_PRODUCTS);
    // n^2 times the variances and the covariance.
    BigInteger varX = n.multiply(xx).subtract(x.multiply(x));
    BigInteger varY = n.multiply(yy).subtract(y.multiply(y));
    BigInteger both = n.multiply(xy).subtract(x.multiply(y));
    int unit = 2 * ExactDoubleSum.UNIT;
    return switch (ending) {
      case COVAR_POP -> Rational.toDouble(both, n.multiply(n), unit);
      case COVAR_SAMP -> Rational.toDouble(both, n.multiply(n.subtract(BigInteger.ONE)), unit);
      case REGR_AVGX -> Rational.toDouble(x, n, ExactDoubleSum.UNIT);
      case REGR_AVGY -> Rational.toDouble(y, n, ExactDoubleSum.UNIT);
      case REGR_SXX -> Rational.toDouble(varX, n, unit);
      case REGR_SYY -> Rational.toDouble(varY, n, unit);
      case REGR_SXY -> Rational.toDouble(both, n, unit);
      case CORR -> correlation(both, varX.multiply(varY));
      case REGR_SLOPE -> varX.signum() == 0 ? null : Rational.toDouble(both, varX, 0);
      case REGR_INTERCEPT ->
          varX.signum() == 0
              ? null
              : Rational.toDouble(
                  y.multiply(xx).subtract(x.multiply(xy)), varX, ExactDoubleSum.UNIT);
      case REGR_R2 -> determination(both, varX, varY);
    };
  }

  private static Double correlation(BigInteger both, BigInteger product) {
    if (product.signum() == 0) {
      return null;
    }
    double size = Rational.sqrt(both.multiply(both), product, 0);
    return both.signum() < 0 ? -size : size;
  }

  private static Double determination(BigInteger both, BigInteger varX, BigInteger varY) {
    if (varX.signum() == 0) {
      return null;
    }
    return varY.signum() == 0
        ? (Double) 1.0
        : (Double) Rational.toDouble(both.multiply(both), varX.multiply(varY), 0);
  }
}
