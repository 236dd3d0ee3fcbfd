package dev.tidemill.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;

/**
 * Makes a row from values of Java, as databases give them: numbers, booleans, strings, {@code
 * byte[]}, UUIDs, the dates and times of java.time, lists of these, and null. Numbers are never
 * rounded to fit an integer or a decimal; a string becomes what a text in CSV would; a local
 * timestamp counts as UTC where an instant is needed. Thread-safe.
 */
public final class JavaRow {
  private final List<Column> columns;
  private final TextValue[] texts;
  private final int[] places;
  private final Object[] defaults;

  /**
   * @param names of the values, each a field's; a field without one has its default
   * @throws IllegalArgumentException if it is no record schema
   * @throws DecodeException if a field that has no default and is not nullable is not among them
   */
  public JavaRow(Schema schema, List<String> names) throws DecodeException {
    this.columns = Column.of(schema);
    this.texts = columns.stream().map(JavaRow::text).toArray(TextValue[]::new);
    this.places = columns.stream().mapToInt(column -> names.indexOf(column.name())).toArray();
    this.defaults = new Object[columns.size()];
    Set<String> present = new HashSet<>(names);
    for (Column column : columns) {
      if (!present.contains(column.name())) {
        defaults[column.index()] = column.missing();
      }
    }
  }

  private static TextValue text(Column column) {
    return TextValue.of(column.kind() == Kind.ARRAY ? column.element() : column);
  }

  /**
   * @return a new row
   * @throws DecodeException naming the field, what was expected and what was found
   */
  public Object[] of(Object[] values) throws DecodeException {
    Object[] row = defaults.clone();
    for (int i = 0; i < row.length; i++) {
      if (places[i] >= 0) {
        Column column = columns.get(i);
        Object value = values[places[i]];
        if (value == null && !column.nullable() && column.kind() != Kind.NESTED) {
          throw column.notNull();
        }
        row[i] = value == null ? null : checked(column, texts[i], value);
      }
    }
    return row;
  }

  private static Object checked(Column column, TextValue text, Object value)
      throws DecodeException {
    try {
      return value(column, text, value);
    } catch (ArithmeticException | DateTimeException | ClassCastException e) {
      throw TextValue.mismatch(column, value.toString());
    }
  }

  private static Object value(Column column, TextValue text, Object value) throws DecodeException {
    Kind kind = column.kind();
    if (kind == Kind.ARRAY) {
      return array(column.element(), text, (List<?>) value);
    }
    if (value instanceof String string) {
      return text.parse(string);
    }
    return switch (kind) {
      case BOOLEAN -> bool(value);
      case INT -> Math.toIntExact(whole(value));
      case LONG -> whole(value);
      case FLOAT -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case STRING, ENUM, UUID -> text.parse(asText(value));
      case BYTES -> (byte[]) value;
      case FIXED -> sized((byte[]) value, column);
      case DECIMAL -> ExactDecimal.of(decimal(value), column);
      case DATE -> Math.toIntExact(((LocalDate) value).toEpochDay());
      case TIME_MILLIS -> (int) (((LocalTime) value).toNanoOfDay() / 1_000_000);
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS -> instant(value);
      case LOCAL_TIMESTAMP_MILLIS -> local(value);
      case NESTED -> null;
      case ARRAY, RECORD -> throw new ClassCastException();
    };
  }

  private static List<Object> array(Column element, TextValue text, List<?> values)
      throws DecodeException {
    List<Object> elements = new ArrayList<>(values.size());
    for (Object value : values) {
      if (value == null && !element.nullable()) {
        throw element.elementNotNull();
      }
      elements.add(value == null ? null : checked(element, text, value));
    }
    return elements;
  }

  private static boolean bool(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    long number = whole(value);
    if (number != 0 && number != 1) {
      throw new ArithmeticException();
    }
    return number == 1;
  }

  private static long whole(Object value) {
    boolean isWhole = value instanceof Long || value instanceof Integer || value instanceof Short;
    return isWhole
        ? ((Number) value).longValue()
        : decimal(value).toBigIntegerExact().longValueExact();
  }

  /** Of a float the digits that tell it apart from others, not those of its binary fraction. */
  private static BigDecimal decimal(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof Double || value instanceof Float) {
      if (!Double.isFinite(((Number) value).doubleValue())) {
        throw new ArithmeticException();
      }
      return new BigDecimal(value.toString());
    }
    return value instanceof BigInteger whole
        ? new BigDecimal(whole)
        : BigDecimal.valueOf(((Number) value).longValue());
  }

  private static String asText(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Number
        || value instanceof Boolean
        || value instanceof UUID
        || value instanceof Temporal) {
      return value.toString();
    }
    throw new ClassCastException();
  }

  private static byte[] sized(byte[] value, Column column) throws DecodeException {
    if (value.length != column.type().getFixedSize()) {
      throw TextValue.mismatch(column, value.length + " bytes");
    }
    return value;
  }

  private static long instant(Object value) {
    return value instanceof OffsetDateTime time ? millis(time) : local(value);
  }

  private static long local(Object value) {
    LocalDateTime time =
        value instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) value;
    return millis(time.atOffset(ZoneOffset.UTC));
  }

  /** What databases call infinity is beyond what microseconds can count. */
  private static long millis(OffsetDateTime time) {
    return TextValue.inMicros(time.toInstant().toEpochMilli());
  }
}
