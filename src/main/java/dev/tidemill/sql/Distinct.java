package dev.tidemill.sql;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * An aggregate of the different values only. It holds the set of them, as bytes: its size is that
 * of the group's values, and not bounded otherwise.
 */
final class Distinct extends Accumulator {
  private final ValueType[] types;
  private final Supplier<Accumulator> aggregate;
  private final Set<Bytes.Key> values = new HashSet<>();

  /**
   * @param types of the arguments
   * @param aggregate of the values in the end; their order must not matter to it
   */
  Distinct(ValueType[] types, Supplier<Accumulator> aggregate) {
    this.types = types.clone();
    this.aggregate = aggregate;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      values.add(new Bytes.Key(ValueType.bytes(types, value)));
    }
  }

  @Override
  void merge(Accumulator other) {
    values.addAll(((Distinct) other).values);
  }

  /** Equal sets write equal bytes. */
  @Override
  void encode(Bytes out) {
    out.writeVarint(values.size());
    for (Bytes.Key value : new TreeSet<>(values)) {
      out.writeBytes(value.bytes());
    }
  }

  @Override
  void decode(BytesReader in) {
    values.clear();
    for (long left = in.readVarint(); left > 0; left--) {
      values.add(new Bytes.Key(in.readBytes()));
    }
  }

  @Override
  Object value() {
    Accumulator result = aggregate.get();
    if (result instanceof Counter) {
      return (long) values.size();
    }
    for (Bytes.Key value : values) {
      result.add(types[0].read(new BytesReader(value.bytes())));
    }
    return result.value();
  }
}
