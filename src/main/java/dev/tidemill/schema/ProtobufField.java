package dev.tidemill.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the value of one column from a message. */
interface ProtobufField {
  Object read(Message message) throws DecodeException;

  /**
   * @param problems is given what of a record can not be read
   * @return empty if the column can not hold what the field says
   */
  static Optional<ProtobufField> of(FieldDescriptor field, Column column, List<String> problems) {
    if (field.isRepeated()) {
      return column.kind() == Kind.ARRAY && !field.isMapField()
          ? value(field, column.element(), problems).map(element -> elements(field, element))
          : Optional.empty();
    }
    return value(field, column, problems)
        .map(
            value ->
                message ->
                    isUnset(field, message)
                        ? unset(field, column, value)
                        : value.read(message.getField(field)));
  }

  private static ProtobufField elements(FieldDescriptor field, Value element) {
    return message -> {
      List<Object> elements = new ArrayList<>();
      for (Object value : (List<?>) message.getField(field)) {
        elements.add(element.read(value));
      }
      return elements;
    };
  }

  /** A field that knows no presence always has a value: that which is its type's zero. */
  private static boolean isUnset(FieldDescriptor field, Message message) {
    return field.hasPresence() && !message.hasField(field);
  }

  private static Object unset(FieldDescriptor field, Column column, Value value)
      throws DecodeException {
    if (field.hasDefaultValue()) {
      return value.read(field.getDefaultValue());
    }
    return column.missing();
  }

  /** Makes a row's value of Protobuf's. */
  interface Value {
    Object read(Object value) throws DecodeException;
  }

  private static Optional<Value> value(
      FieldDescriptor field, Column column, List<String> problems) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> when(column.kind() == Kind.BOOLEAN, value -> value);
      case INT, LONG -> whole(field, column);
      case FLOAT ->
          switch (column.kind()) {
            case FLOAT -> Optional.of(value -> value);
            case DOUBLE -> Optional.of(value -> ((Float) value).doubleValue());
            default -> Optional.empty();
          };
      case DOUBLE -> when(column.kind() == Kind.DOUBLE, value -> value);
      case STRING -> text(column);
      case ENUM -> symbol(column);
      case BYTE_STRING -> bytes(column);
      case MESSAGE ->
          column.kind() == Kind.RECORD
              ? Optional.of(record(field, column, problems))
              : message(field, column, problems);
    };
  }

  private static Optional<Value> when(boolean fits, Value value) {
    return fits ? Optional.of(value) : Optional.empty();
  }

  private static Optional<Value> whole(FieldDescriptor field, Column column) {
    boolean unsigned =
        switch (field.getType()) {
          case UINT32, FIXED32, UINT64, FIXED64 -> true;
          default -> false;
        };
    Value number = value -> number(value, unsigned, column);
    return switch (column.kind()) {
      case LONG, TIMESTAMP_MILLIS, TIMESTAMP_MICROS, LOCAL_TIMESTAMP_MILLIS -> Optional.of(number);
      case INT, DATE, TIME_MILLIS ->
          when(
              field.getJavaType() == JavaType.INT,
              value -> {
                long whole = (Long) number.read(value);
                if (whole != (int) whole) {
                  throw tooLarge(column, String.valueOf(whole));
                }
                return (int) whole;
              });
      case DECIMAL -> {
        TextValue decimal = TextValue.of(column);
        yield Optional.of(value -> decimal.parse(String.valueOf(number.read(value))));
      }
      case DOUBLE ->
          when(
              field.getJavaType() == JavaType.INT,
              value -> ((Long) number.read(value)).doubleValue());
      default -> Optional.empty();
    };
  }

  private static Object number(Object value, boolean unsigned, Column column)
      throws DecodeException {
    if (value instanceof Integer small) {
      return unsigned ? Integer.toUnsignedLong(small) : small.longValue();
    }
    long big = (Long) value;
    if (unsigned && big < 0) {
      throw tooLarge(column, Long.toUnsignedString(big));
    }
    return big;
  }

  private static DecodeException tooLarge(Column column, String number) {
    return new DecodeException(
        "field '%s': %s is expected, found the number %s"
            .formatted(column.name(), column.typeName(), number));
  }

  private static Optional<Value> text(Column column) {
    return switch (column.kind()) {
      case STRING, ENUM, UUID, DECIMAL, DATE, TIME_MILLIS -> parsed(column);
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS, LOCAL_TIMESTAMP_MILLIS -> parsed(column);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> parsed(Column column) {
    TextValue text = TextValue.of(column);
    return Optional.of(value -> text.parse((String) value));
  }

  private static Optional<Value> symbol(Column column) {
    if (column.kind() != Kind.STRING && column.kind() != Kind.ENUM) {
      return Optional.empty();
    }
    TextValue text = TextValue.of(column);
    return Optional.of(value -> text.parse(((EnumValueDescriptor) value).getName()));
  }

  private static Optional<Value> bytes(Column column) {
    return switch (column.kind()) {
      case BYTES -> Optional.of(value -> ((ByteString) value).toByteArray());
      case FIXED -> Optional.of(value -> sized((ByteString) value, column));
      case UUID -> Optional.of(value -> GenericValues.uuid(sized((ByteString) value, column)));
      default -> Optional.empty();
    };
  }

  private static byte[] sized(ByteString bytes, Column column) throws DecodeException {
    int size = column.type().getFixedSize();
    if (bytes.size() != size) {
      throw new DecodeException(
          "field '%s': %d bytes are expected, found %d"
              .formatted(column.name(), size, bytes.size()));
    }
    return bytes.toByteArray();
  }

  private static Value record(FieldDescriptor field, Column column, List<String> problems) {
    ProtobufField[] fields =
        ProtobufPlan.fields(field.getMessageType(), column.fields(), column.type(), problems);
    return value -> Arrays.asList(ProtobufPlan.row((Message) value, fields));
  }

  /** Messages that stand for one value. */
  private static Optional<Value> message(
      FieldDescriptor field, Column column, List<String> problems) {
    var type = field.getMessageType();
    switch (type.getFullName()) {
      case "google.protobuf.Timestamp" -> {
        FieldDescriptor seconds = type.findFieldByName("seconds");
        FieldDescriptor nanos = type.findFieldByName("nanos");
        return when(
            column.kind().isInstant(),
            value -> {
              Message timestamp = (Message) value;
              return millis(
                  (Long) timestamp.getField(seconds), (Integer) timestamp.getField(nanos), column);
            });
      }
      case "google.protobuf.BoolValue",
          "google.protobuf.Int32Value",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.FloatValue",
          "google.protobuf.DoubleValue",
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue" -> {
        FieldDescriptor wrapped = type.findFieldByName("value");
        return value(wrapped, column, problems)
            .map(inner -> value -> inner.read(((Message) value).getField(wrapped)));
      }
      default -> {
        return Optional.empty();
      }
    }
  }

  private static Object millis(long seconds, int nanos, Column column) throws DecodeException {
    try {
      return TextValue.inMicros(
          Math.addExact(Math.multiplyExact(seconds, 1000L), Math.floorDiv(nanos, 1_000_000)));
    } catch (ArithmeticException e) {
      throw tooLarge(column, seconds + " seconds");
    }
  }

  static String typeName(FieldDescriptor field) {
    String name =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    return field.isRepeated() ? "repeated " + name : name;
  }
}
