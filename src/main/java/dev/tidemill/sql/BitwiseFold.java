package dev.tidemill.sql;

import org.apache.calcite.sql.SqlKind;

/** BIT_AND, BIT_OR and BIT_XOR of integers. */
final class BitwiseFold extends Accumulator {
  private final SqlKind kind;
  private final ValueType type;
  private boolean any;
  private long bits;

  BitwiseFold(SqlKind kind, ValueType type) {
    this.kind = kind;
    this.type = type;
  }

  @Override
  void add(Object value) {
    if (value != null) {
      fold(((Number) value).longValue());
    }
  }

  private void fold(long more) {
    if (!any) {
      any = true;
      bits = more;
      return;
    }
    bits =
        switch (kind) {
          case BIT_AND -> bits & more;
          case BIT_OR -> bits | more;
          default -> bits ^ more;
        };
  }

  @Override
  void merge(Accumulator other) {
    var fold = (BitwiseFold) other;
    if (fold.any) {
      fold(fold.bits);
    }
  }

  @Override
  void encode(Bytes out) {
    out.writeByte(any ? 1 : 0);
    out.writeSigned(bits);
  }

  @Override
  void decode(BytesReader in) {
    any = in.readByte() == 1;
    bits = in.readSigned();
  }

  @Override
  Object value() {
    if (!any) {
      return null;
    }
    return type == ValueType.INT ? (Object) (int) bits : (Object) bits;
  }
}
