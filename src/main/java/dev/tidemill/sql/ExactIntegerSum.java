package dev.tidemill.sql;

import java.math.BigInteger;

/** A sum of integers without limit. Not thread-safe. */
final class ExactIntegerSum {
  /** What fits a long is added here first; the rest goes to {@link #large}. */
  private long small;

  private BigInteger large = BigInteger.ZERO;

  void add(long addend) {
    long sum = small + addend;
    if (((small ^ sum) & (addend ^ sum)) < 0) {
      large = large.add(BigInteger.valueOf(addend));
    } else {
      small = sum;
    }
  }

  void add(BigInteger addend) {
    if (addend.bitLength() < Long.SIZE) {
      add(addend.longValue());
    } else {
      large = large.add(addend);
    }
  }

  BigInteger sum() {
    return large.add(BigInteger.valueOf(small));
  }

  void encode(Bytes out) {
    out.writeInteger(sum());
  }

  static ExactIntegerSum decode(BytesReader in) {
    var sum = new ExactIntegerSum();
    sum.add(in.readInteger());
    return sum;
  }
}
