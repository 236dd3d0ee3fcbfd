package dev.tidemill.sql;

/** SUM and AVG of REAL and DOUBLE: exact until one rounding at the end. */
final class DoubleSum extends Accumulator {
  private final Ending ending;
  private long count;
  private ExactDoubleSum sum = new ExactDoubleSum();

  DoubleSum(Ending ending) {
    this.ending = ending;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      count++;
      sum.add(((Number) value).doubleValue());
    }
  }

  @Override
  void merge(Accumulator other) {
    count += ((DoubleSum) other).count;
    sum.merge(((DoubleSum) other).sum);
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
    sum.encode(out);
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
    sum = ExactDoubleSum.decode(in);
  }

  @Override
  Object value() {
    if (count == 0) {
      return null;
    }
    return ending == Ending.SUM ? sum.sum() : sum.average(count);
  }
}
