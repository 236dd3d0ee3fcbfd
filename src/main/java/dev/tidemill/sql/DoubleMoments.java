package dev.tidemill.sql;

import java.math.BigInteger;

/** Variance and standard deviation of REAL and DOUBLE: exact until one rounding at the end. */
final class DoubleMoments extends Accumulator {
  private static final int SUM_TO_SQUARES = 2 * ExactDoubleSum.UNIT - ExactProductSum.UNIT;

  private final Spread spread;
  private long count;
  private ExactDoubleSum sum = new ExactDoubleSum();
  private ExactProductSum squares = new ExactProductSum();

  DoubleMoments(Spread spread) {
    this.spread = spread;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      double x = ((Number) value).doubleValue();
      count++;
      sum.add(x);
      if (Double.isFinite(x)) {
        squares.add(x, x);
      }
    }
  }

  @Override
  void merge(Accumulator other) {
    var moments = (DoubleMoments) other;
    count += moments.count;
    sum.merge(moments.sum);
    squares.merge(moments.squares);
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
    sum.encode(out);
    squares.encode(out);
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
    sum = ExactDoubleSum.decode(in);
    squares = ExactProductSum.decode(in);
  }

  /** NaN if a value is none or infinite. */
  @Override
  Object value() {
    Double value =
        spread.of(
            count,
            sum.units(),
            // Nothing is lost: a product of doubles is a multiple of this unit.
            squares.units().shiftRight(SUM_TO_SQUARES),
            BigInteger.ONE,
            2 * ExactDoubleSum.UNIT);
    return value == null || sum.isFinite() ? value : (Double) Double.NaN;
  }
}
