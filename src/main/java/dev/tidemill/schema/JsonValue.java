package dev.tidemill.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads the value of one column from the parser's current token, which is not null. */
interface JsonValue {
  Object read(JsonParser parser) throws IOException, DecodeException;

  static JsonValue of(Column column) {
    JsonValue text = text(column);
    return switch (column.kind()) {
      case BOOLEAN -> parser -> bool(parser, column);
      case INT -> parser -> (int) whole(parser, column, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> parser -> whole(parser, column, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT -> parser -> single(parser, column);
      case DOUBLE -> parser -> twice(parser, column);
      case STRING, ENUM, UUID, BYTES, FIXED, DATE, TIME_MILLIS -> text;
      case DECIMAL -> parser -> isNumber(parser) ? decimal(parser, column) : text.read(parser);
      case TIMESTAMP_MILLIS, LOCAL_TIMESTAMP_MILLIS ->
          parser ->
              isNumber(parser)
                  ? (Long) whole(parser, column, Long.MIN_VALUE, Long.MAX_VALUE)
                  : text.read(parser);
      case TIMESTAMP_MICROS ->
          parser ->
              isNumber(parser)
                  ? (Long) whole(parser, column, Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000)
                  : text.read(parser);
      case ARRAY -> array(column.element(), of(column.element()));
      case RECORD -> record(column, JsonValue::of);
      case NESTED ->
          parser -> {
            parser.skipChildren();
            return null;
          };
    };
  }

  /**
   * As Debezium writes values: days and ms of the day as numbers, and a number for a
   * timestamp-micros is in microseconds.
   */
  static JsonValue ofDebezium(Column column) {
    JsonValue usual = of(column);
    return switch (column.kind()) {
      case DATE, TIME_MILLIS ->
          parser ->
              isNumber(parser)
                  ? (Object) (int) whole(parser, column, Integer.MIN_VALUE, Integer.MAX_VALUE)
                  : usual.read(parser);
      case TIMESTAMP_MICROS ->
          parser ->
              isNumber(parser)
                  ? (Object)
                      Math.floorDiv(whole(parser, column, Long.MIN_VALUE, Long.MAX_VALUE), 1000L)
                  : usual.read(parser);
      case ARRAY -> array(column.element(), ofDebezium(column.element()));
      case RECORD -> record(column, JsonValue::ofDebezium);
      default -> usual;
    };
  }

  private static JsonValue array(Column element, JsonValue value) {
    return parser -> {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw new DecodeException(
            "field '%s': an array is expected, found %s"
                .formatted(element.name(), JsonRowDecoder.found(parser)));
      }
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        boolean isNull = parser.currentToken() == JsonToken.VALUE_NULL;
        if (isNull && !element.nullable()) {
          throw element.elementNotNull();
        }
        elements.add(isNull ? null : value.read(parser));
      }
      return elements;
    };
  }

  private static JsonValue record(Column column, Function<Column, JsonValue> valueOf) {
    JsonObject fields = new JsonObject(column.fields(), valueOf);
    return parser -> {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new DecodeException(
            "field '%s': an object is expected, found %s"
                .formatted(column.name(), JsonRowDecoder.found(parser)));
      }
      return Arrays.asList(fields.read(parser));
    };
  }

  private static JsonValue text(Column column) {
    TextValue value = TextValue.of(column);
    return parser -> {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw mismatch(parser, column);
      }
      return value.parse(parser.getText());
    };
  }

  private static boolean isNumber(JsonParser parser) {
    return parser.currentToken().isNumeric();
  }

  private static boolean bool(JsonParser parser, Column column)
      throws IOException, DecodeException {
    if (!parser.currentToken().isBoolean()) {
      throw mismatch(parser, column);
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** {@code 7.0} and {@code 7e2} are whole too; {@code 7.5} is not. */
  private static long whole(JsonParser parser, Column column, long least, long most)
      throws IOException, DecodeException {
    if (!isNumber(parser)) {
      throw mismatch(parser, column);
    }
    long value;
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      value = parser.getLongValue();
    } else {
      BigDecimal exact = ExactDecimal.exact(bounded(parser, column), 19, 0);
      if (exact == null || exact.unscaledValue().bitLength() > 63) {
        throw mismatch(parser, column);
      }
      value = exact.longValue();
    }
    if (value < least || value > most) {
      throw mismatch(parser, column);
    }
    return value;
  }

  private static float single(JsonParser parser, Column column)
      throws IOException, DecodeException {
    if (!isNumber(parser) || Float.isInfinite(parser.getFloatValue())) {
      throw mismatch(parser, column);
    }
    return parser.getFloatValue();
  }

  private static double twice(JsonParser parser, Column column)
      throws IOException, DecodeException {
    if (!isNumber(parser) || Double.isInfinite(parser.getDoubleValue())) {
      throw mismatch(parser, column);
    }
    return parser.getDoubleValue();
  }

  private static BigDecimal decimal(JsonParser parser, Column column)
      throws IOException, DecodeException {
    return ExactDecimal.of(bounded(parser, column), column);
  }

  /** From the text, as a BigDecimal's exponent has its own limits. */
  private static BigDecimal bounded(JsonParser parser, Column column)
      throws IOException, DecodeException {
    try {
      return new BigDecimal(parser.getText());
    } catch (NumberFormatException | ArithmeticException e) {
      throw mismatch(parser, column);
    }
  }

  private static DecodeException mismatch(JsonParser parser, Column column) throws IOException {
    return new DecodeException(
        "field '%s': %s is expected, found %s"
            .formatted(column.name(), TextValue.expected(column), JsonRowDecoder.found(parser)));
  }
}
