package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.BigInteger;

/** SUM and AVG of DECIMAL(p, s): an unbounded integer in units of 10^-s. */
final class DecimalSum extends Accumulator {
  private final Ending ending;
  private final int scale;
  private final int precision;
  private long count;
  private ExactIntegerSum units = new ExactIntegerSum();

  DecimalSum(Ending ending, int precision, int scale) {
    this.ending = ending;
    this.precision = precision;
    this.scale = scale;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      units.add(((BigDecimal) value).setScale(scale).unscaledValue());
      count++;
    }
  }

  @Override
  void merge(Accumulator other) {
    var sum = (DecimalSum) other;
    count += sum.count;
    units.add(sum.units.sum());
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
    units.encode(out);
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
    units = ExactIntegerSum.decode(in);
  }

  @Override
  Object value() {
    if (count == 0) {
      return null;
    }
    if (ending == Ending.AVERAGE) {
      BigInteger divisor = BigInteger.TEN.pow(scale).multiply(BigInteger.valueOf(count));
      return Rational.toDouble(units.sum(), divisor, 0);
    }
    var sum = new BigDecimal(units.sum(), scale);
    if (sum.precision() > precision) {
      throw new ArithmeticException(
          "the sum " + sum + " does not fit DECIMAL(" + precision + ", " + scale + ")");
    }
    return sum;
  }
}
