package dev.tidemill.sql;

/** MIN and MAX, in the order of {@link ValueType}. */
final class Extreme extends Accumulator {
  private final ValueType type;

  /** 1 for the greatest, -1 for the least. */
  private final int direction;

  private Object best;

  Extreme(ValueType type, boolean greatest) {
    this.type = type;
    this.direction = greatest ? 1 : -1;
  }

  @Override
  void add(Object value) {
    if (value != null && (best == null || type.compare(value, best) * direction > 0)) {
      best = type.canonical(value);
    }
  }

  @Override
  void merge(Accumulator other) {
    add(((Extreme) other).best);
  }

  @Override
  void encode(Bytes out) {
    type.write(best, out);
  }

  @Override
  void decode(BytesReader in) {
    best = type.read(in);
  }

  @Override
  Object value() {
    return best;
  }
}
