package dev.tidemill.schema;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Writes one value of a row as its field. A value that the field can not hold is an {@link
 * IllegalArgumentException} that says why, or a {@link ClassCastException}.
 */
interface FieldWriter {
  void write(Object value, AvroOutput out);

  static FieldWriter of(Column column) {
    if (column.kind() == Kind.NESTED) {
      return onlyNull(column);
    }
    FieldWriter some = notNull(column);
    int nullBranch = column.nullBranch();
    if (nullBranch < 0) {
      return (value, out) -> {
        if (value == null) {
          throw new IllegalArgumentException("null, and its schema does not allow that");
        }
        some.write(value, out);
      };
    }
    return (value, out) -> {
      if (value == null) {
        out.writeLong(nullBranch);
      } else {
        out.writeLong(1 - nullBranch);
        some.write(value, out);
      }
    };
  }

  private static FieldWriter onlyNull(Column column) {
    boolean bareNull = column.field().getType() == Schema.Type.NULL;
    if (!bareNull && !column.nullable()) {
      throw new IllegalArgumentException(
          "field '%s' of type %s can not be written from a row; make it nullable or drop it"
              .formatted(column.name(), column.typeName()));
    }
    return (value, out) -> {
      if (value != null) {
        throw new IllegalArgumentException("a row can not hold a " + column.typeName());
      }
      if (!bareNull) {
        out.writeLong(column.nullBranch());
      }
    };
  }

  private static FieldWriter notNull(Column column) {
    return switch (column.kind()) {
      case BOOLEAN -> (value, out) -> out.writeBoolean((Boolean) value);
      case INT, DATE, TIME_MILLIS -> (value, out) -> out.writeLong((Integer) value);
      case LONG, TIMESTAMP_MILLIS, LOCAL_TIMESTAMP_MILLIS ->
          (value, out) -> out.writeLong((Long) value);
      case TIMESTAMP_MICROS -> (value, out) -> out.writeLong(micros((Long) value));
      case FLOAT -> (value, out) -> out.writeFloat((Float) value);
      case DOUBLE -> (value, out) -> out.writeDouble((Double) value);
      case STRING -> (value, out) -> out.writeString((String) value);
      case ENUM -> symbols(column);
      case BYTES -> (value, out) -> out.writeBytes((byte[]) value);
      case FIXED -> (value, out) -> out.writeFixed(sized((byte[]) value, column));
      case UUID -> (value, out) -> out.writeFixed(uuid((String) value));
      case DECIMAL -> decimal(column);
      case ARRAY -> array(of(column.element()));
      case RECORD -> record(column);
      case NESTED -> throw new IllegalStateException(column.name());
    };
  }

  private static FieldWriter array(FieldWriter element) {
    return (value, out) -> {
      List<?> elements = (List<?>) value;
      if (!elements.isEmpty()) {
        out.writeLong(elements.size());
        elements.forEach(one -> element.write(one, out));
      }
      out.writeLong(0);
    };
  }

  private static FieldWriter record(Column column) {
    Map<String, Integer> places = new HashMap<>();
    column.fields().forEach(field -> places.put(field.name(), field.index()));
    List<Column> written = column.writtenFields();
    FieldWriter[] writers = written.stream().map(FieldWriter::of).toArray(FieldWriter[]::new);
    return (value, out) -> {
      List<?> values = (List<?>) value;
      for (int i = 0; i < writers.length; i++) {
        Integer place = places.get(written.get(i).name());
        writers[i].write(place == null ? null : values.get(place), out);
      }
    };
  }

  private static long micros(long millis) {
    try {
      return Math.multiplyExact(millis, 1000L);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(millis + " ms are too many for timestamp-micros", e);
    }
  }

  private static FieldWriter symbols(Column column) {
    Map<Object, Integer> ordinals = new HashMap<>();
    for (String symbol : column.type().getEnumSymbols()) {
      ordinals.put(symbol, column.type().getEnumOrdinal(symbol));
    }
    return (value, out) -> {
      Integer ordinal = ordinals.get(value);
      if (ordinal == null) {
        throw new IllegalArgumentException("'" + value + "' is not one of " + ordinals.keySet());
      }
      out.writeLong(ordinal);
    };
  }

  private static byte[] sized(byte[] value, Column column) {
    if (value.length != column.type().getFixedSize()) {
      throw new IllegalArgumentException(
          value.length + " bytes instead of " + column.type().getFixedSize());
    }
    return value;
  }

  private static byte[] uuid(String text) {
    java.util.UUID uuid = java.util.UUID.fromString(text);
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static FieldWriter decimal(Column column) {
    int precision = column.precision();
    int scale = column.scale();
    boolean isFixed = column.type().getType() == Schema.Type.FIXED;
    int size = isFixed ? column.type().getFixedSize() : 0;
    return (value, out) -> {
      BigDecimal exact = ExactDecimal.exact((BigDecimal) value, precision, scale);
      if (exact == null) {
        throw new IllegalArgumentException(value + " is not exactly a " + column.typeName());
      }
      byte[] unscaled = exact.unscaledValue().toByteArray();
      if (isFixed) {
        out.writeFixed(padded(unscaled, size));
      } else {
        out.writeBytes(unscaled);
      }
    };
  }

  /** The precision of a fixed decimal is checked by Avro, so {@code unscaled} is never longer. */
  private static byte[] padded(byte[] unscaled, int size) {
    byte[] fixed = new byte[size];
    Arrays.fill(fixed, 0, size - unscaled.length, (byte) (unscaled[0] >> 7));
    System.arraycopy(unscaled, 0, fixed, size - unscaled.length, unscaled.length);
    return fixed;
  }
}
