package dev.tidemill.sql;

/** The value of a scalar subquery: it must not have a second row. */
final class SingleValue extends Accumulator {
  private final ValueType type;
  private long rows;
  private Object value;

  SingleValue(ValueType type) {
    this.type = type;
  }

  @Override
  void add(Object added) {
    rows++;
    value = added;
  }

  @Override
  void merge(Accumulator other) {
    var more = (SingleValue) other;
    if (more.rows > 0) {
      value = more.value;
    }
    rows += more.rows;
  }

  @Override
  void encode(Bytes out) {
    out.writeVarint(rows);
    type.write(value, out);
  }

  @Override
  void decode(BytesReader in) {
    rows = in.readVarint();
    value = type.read(in);
  }

  @Override
  Object value() {
    if (rows > 1) {
      throw new ArithmeticException("the subquery has " + rows + " rows where one is expected");
    }
    return value;
  }
}
