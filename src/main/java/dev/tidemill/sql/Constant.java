package dev.tidemill.sql;

/** What a plan of a subquery needs to know that there is any row. */
final class Constant extends Accumulator {
  private final Object constant;

  Constant(Object constant) {
    this.constant = constant;
  }

  @Override
  void add(Object value) {}

  @Override
  void merge(Accumulator other) {}

  @Override
  void encode(Bytes out) {}

  @Override
  void decode(BytesReader in) {}

  @Override
  Object value() {
    return constant;
  }
}
