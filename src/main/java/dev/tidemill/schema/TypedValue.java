package dev.tidemill.schema;

import static java.time.ZoneOffset.UTC;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Makes the value of one column from one that has a type already, see {@link TypedColumns}. */
interface TypedValue {
  /**
   * @param value not null
   * @throws DecodeException naming the field, what was expected and what was found
   */
  Object convert(Object value) throws DecodeException;

  static TypedValue of(Column column) {
    TypedValue some = unchecked(column);
    return value -> {
      try {
        return some.convert(value);
      } catch (ClassCastException | ArithmeticException | DateTimeException e) {
        throw TextValue.mismatch(column, String.valueOf(value));
      }
    };
  }

  private static TypedValue unchecked(Column column) {
    return switch (column.kind()) {
      case BOOLEAN -> value -> (Boolean) value;
      case INT -> value -> Math.toIntExact(whole(value));
      case LONG -> TypedValue::whole;
      case FLOAT -> value -> ((Number) value).floatValue();
      case DOUBLE -> value -> ((Number) value).doubleValue();
      case STRING -> TypedValue::text;
      case ENUM -> symbol(TextValue.of(column));
      case UUID -> value -> ((java.util.UUID) value).toString();
      case BYTES -> value -> (byte[]) value;
      case FIXED -> value -> sized((byte[]) value, column);
      case DECIMAL -> value -> ExactDecimal.of(decimal((Number) value), column);
      case DATE -> value -> Math.toIntExact(((LocalDate) value).toEpochDay());
      case TIME_MILLIS -> value -> (int) (((LocalTime) value).toNanoOfDay() / 1_000_000);
      case TIMESTAMP_MILLIS, LOCAL_TIMESTAMP_MILLIS -> TypedValue::millis;
      case TIMESTAMP_MICROS -> value -> TextValue.inMicros(millis(value));
      case ARRAY -> array(column.element());
      case RECORD -> record(column);
      case NESTED -> value -> null;
    };
  }

  private static long whole(Object value) {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return decimal((Number) value).longValueExact();
  }

  private static BigDecimal decimal(Number value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (value instanceof Double || value instanceof Float) {
      throw new ArithmeticException("a binary fraction is no exact number");
    }
    return BigDecimal.valueOf(value.longValue());
  }

  private static String text(Object value) throws DecodeException {
    if (value instanceof byte[] bytes) {
      return Utf8.text(bytes);
    }
    return value instanceof java.util.UUID uuid ? uuid.toString() : (String) value;
  }

  private static TypedValue symbol(TextValue symbols) {
    return value -> symbols.parse((String) value);
  }

  private static byte[] sized(byte[] bytes, Column column) {
    if (bytes.length != column.type().getFixedSize()) {
      throw new ArithmeticException(bytes.length + " bytes");
    }
    return bytes;
  }

  private static long millis(Object value) {
    if (value instanceof OffsetDateTime instant) {
      return instant.toInstant().toEpochMilli();
    }
    LocalDateTime time =
        value instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) value;
    return time.toInstant(UTC).toEpochMilli();
  }

  private static TypedValue array(Column element) {
    TypedValue some = of(element);
    return value -> {
      List<Object> elements = new ArrayList<>();
      for (Object one : (List<?>) value) {
        if (one == null && !element.nullable()) {
          throw element.elementNotNull();
        }
        elements.add(one == null ? null : some.convert(one));
      }
      return elements;
    };
  }

  private static TypedValue record(Column column) {
    List<Column> fields = column.fields();
    TypedValue[] values = fields.stream().map(TypedValue::of).toArray(TypedValue[]::new);
    return value -> {
      Map<?, ?> written = (Map<?, ?>) value;
      Object[] row = new Object[values.length];
      for (Column field : fields) {
        Object one = written.get(field.fieldName());
        if (one != null) {
          row[field.index()] = values[field.index()].convert(one);
        } else if (written.containsKey(field.fieldName())) {
          row[field.index()] = TypedColumns.nothing(field);
        } else {
          row[field.index()] = field.missing();
        }
      }
      return Arrays.asList(row);
    };
  }
}
