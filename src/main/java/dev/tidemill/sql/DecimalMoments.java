package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Variance and standard deviation of integers and decimals: exact until one rounding. */
final class DecimalMoments extends Accumulator {
  private final Spread spread;
  private final int scale;
  private long count;
  private ExactIntegerSum sum = new ExactIntegerSum();
  private ExactIntegerSum squares = new ExactIntegerSum();

  /**
   * @param scale of the values; 0 for integers
   */
  DecimalMoments(Spread spread, int scale) {
    this.spread = spread;
    this.scale = scale;
  }

  @Override
  void add(Object value) {
    if (value instanceof BigDecimal decimal) {
      add(decimal.setScale(scale).unscaledValue());
    } else if (value != null) {
      long integer = ((Number) value).longValue();
      if (integer == (int) integer) {
        count++;
        sum.add(integer);
        squares.add(integer * integer);
      } else {
        add(BigInteger.valueOf(integer));
      }
    }
  }

  private void add(BigInteger units) {
    count++;
    sum.add(units);
    squares.add(units.multiply(units));
  }

  @Override
  void merge(Accumulator other) {
    var moments = (DecimalMoments) other;
    count += moments.count;
    sum.add(moments.sum.sum());
    squares.add(moments.squares.sum());
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
    sum = ExactIntegerSum.decode(in);
    squares = ExactIntegerSum.decode(in);
  }

  @Override
  Object value() {
    return spread.of(count, sum.sum(), squares.sum(), BigInteger.TEN.pow(2 * scale), 0);
  }
}
