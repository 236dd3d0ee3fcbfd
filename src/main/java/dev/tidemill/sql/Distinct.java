package dev.tidemill.sql;

import java.nio.ByteBuffer;
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
  private final Set<ByteBuffer> values = new HashSet<>();

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
      var bytes = new Bytes(16);
      if (types.length == 1) {
        types[0].write(value, bytes);
      } else {
        var several = (Object[]) value;
        for (int i = 0; i < types.length; i++) {
          types[i].write(several[i], bytes);
        }
      }
      values.add(ByteBuffer.wrap(bytes.toArray()));
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
    for (ByteBuffer value : new TreeSet<>(values)) {
      out.writeBytes(value.array());
    }
  }

  @Override
  void decode(BytesReader in) {
    values.clear();
    for (long left = in.readVarint(); left > 0; left--) {
      values.add(ByteBuffer.wrap(in.readBytes()));
    }
  }

  @Override
  Object value() {
    Accumulator result = aggregate.get();
    if (result instanceof Counter) {
      return (long) values.size();
    }
    for (ByteBuffer value : values) {
      result.add(types[0].read(new BytesReader(value.array())));
    }
    return result.value();
  }
}
