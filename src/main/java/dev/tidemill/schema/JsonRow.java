package dev.tidemill.schema;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Shows a row as a JSON object: numbers as numbers with all their digits, NaN and the infinities as
 * strings (JSON has none), dates and times in ISO-8601, bytes in Base64. Thread-safe.
 */
public final class JsonRow {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<Column> columns;

  /**
   * @throws IllegalArgumentException if it is no record schema
   */
  public JsonRow(Schema schema) {
    this.columns = Column.of(schema);
  }

  public ObjectNode of(Object[] row) {
    return object(columns, Arrays.asList(row));
  }

  private static ObjectNode object(List<Column> columns, List<?> values) {
    ObjectNode json = JSON.objectNode();
    for (Column column : columns) {
      json.set(column.fieldName(), node(column, values.get(column.index())));
    }
    return json;
  }

  private static JsonNode node(Column column, Object value) {
    if (value == null) {
      return JSON.nullNode();
    }
    return switch (column.kind()) {
      case BOOLEAN -> JSON.booleanNode((Boolean) value);
      case INT -> JSON.numberNode((Integer) value);
      case LONG -> JSON.numberNode((Long) value);
      case FLOAT -> number((Float) value);
      case DOUBLE -> number((Double) value);
      case STRING, ENUM, UUID -> JSON.textNode((String) value);
      case BYTES, FIXED -> JSON.textNode(Base64.getEncoder().encodeToString((byte[]) value));
      case DECIMAL -> JSON.numberNode((BigDecimal) value);
      case DATE -> JSON.textNode(LocalDate.ofEpochDay((Integer) value).toString());
      case TIME_MILLIS ->
          JSON.textNode(LocalTime.ofNanoOfDay((Integer) value * 1_000_000L).toString());
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS ->
          JSON.textNode(Instant.ofEpochMilli((Long) value).toString());
      case LOCAL_TIMESTAMP_MILLIS ->
          JSON.textNode(
              LocalDateTime.ofInstant(Instant.ofEpochMilli((Long) value), UTC).toString());
      case ARRAY -> array(column.element(), (List<?>) value);
      case RECORD -> object(column.fields(), (List<?>) value);
      case NESTED -> JSON.nullNode();
    };
  }

  private static ArrayNode array(Column element, List<?> values) {
    ArrayNode array = JSON.arrayNode(values.size());
    values.forEach(value -> array.add(node(element, value)));
    return array;
  }

  private static JsonNode number(float value) {
    return Float.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Float.toString(value));
  }

  private static JsonNode number(double value) {
    return Double.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Double.toString(value));
  }
}
