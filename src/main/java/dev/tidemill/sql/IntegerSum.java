package dev.tidemill.sql;

import java.math.BigInteger;

/** SUM and AVG of integers, in 128 bits: no count of 64-bit numbers overflows them. */
final class IntegerSum extends Accumulator {
  private final Ending ending;
  private long count;
  private long high;
  private long low;

  IntegerSum(Ending ending) {
    this.ending = ending;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      count++;
      long addend = value instanceof Integer i ? i : ((Number) value).longValue();
      add(addend >> 63, addend);
    }
  }

  @Override
  void merge(Accumulator other) {
    var sum = (IntegerSum) other;
    count += sum.count;
    add(sum.high, sum.low);
  }

  private void add(long addendHigh, long addendLow) {
    long sum = low + addendLow;
    // The carry out of the top bit of an unsigned addition.
    long carry = (low & addendLow | (low | addendLow) & ~sum) >>> 63;
    high += addendHigh + carry;
    low = sum;
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
    out.writeSigned(low);
    // 0 if the sum fits 64 bits, as it nearly always does.
    out.writeSigned(high - (low >> 63));
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
    low = in.readSigned();
    high = in.readSigned() + (low >> 63);
  }

  @Override
  Object value() {
    if (count == 0) {
      return null;
    }
    if (ending == Ending.AVERAGE) {
      return Rational.toDouble(exact(), BigInteger.valueOf(count), 0);
    }
    if (high != low >> 63) {
      throw new ArithmeticException("the sum " + exact() + " does not fit BIGINT");
    }
    return low;
  }

  private BigInteger exact() {
    BigInteger below = BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
    return BigInteger.valueOf(high).shiftLeft(64).add(below);
  }
}
