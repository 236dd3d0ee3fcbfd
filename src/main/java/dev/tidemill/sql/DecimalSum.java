package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.BigInteger;

/** SUM and AVG of DECIMAL(p, s): an unbounded integer in units of 10^-s. */
final class DecimalSum extends Accumulator {
  private final Ending ending;
  private final int scale;
  private final int precision;
  private long count;
  private long small;
  private BigInteger large = BigInteger.ZERO;

  DecimalSum(Ending ending, int precision, int scale) {
    this.ending = ending;
    this.precision = precision;
    this.scale = scale;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      add(((BigDecimal) value).setScale(scale).unscaledValue());
      count++;
    }
  }

  private void add(BigInteger units) {
    if (units.bitLength() < Long.SIZE) {
      long addend = units.longValue();
      long sum = small + addend;
      if (((small ^ sum) & (addend ^ sum)) >= 0) {
        small = sum;
        return;
      }
    }
    large = large.add(units);
  }

  @Override
  void merge(Accumulator other) {
    var sum = (DecimalSum) other;
    count += sum.count;
    add(sum.exact());
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
    out.writeInteger(exact());
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
    small = 0;
    large = in.readInteger();
  }

  @Override
  Object value() {
    if (count == 0) {
      return null;
    }
    if (ending == Ending.AVERAGE) {
      BigInteger divisor = BigInteger.TEN.pow(scale).multiply(BigInteger.valueOf(count));
      return Rational.toDouble(exact(), divisor, 0);
    }
    var sum = new BigDecimal(exact(), scale);
    if (sum.precision() > precision) {
      throw new ArithmeticException(
          "the sum " + sum + " does not fit DECIMAL(" + precision + ", " + scale + ")");
    }
    return sum;
  }

  private BigInteger exact() {
    return large.add(BigInteger.valueOf(small));
  }
}
