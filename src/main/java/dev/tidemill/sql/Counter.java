package dev.tidemill.sql;

/** COUNT(*) and COUNT(x). */
final class Counter extends Accumulator {
  private long count;

  @Override
  void add(Object value) {
    if (value != null) {
      count++;
    }
  }

  @Override
  void merge(Accumulator other) {
    count += ((Counter) other).count;
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(count);
  }

  @Override
  void decode(BytesReader in) {
    count = in.readVarint();
  }

  @Override
  Object value() {
    return count;
  }
}
