package dev.tidemill.schema;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
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
    ObjectNode json = JSON.objectNode();
    for (Column column : columns) {
      put(json, column, row[column.index()]);
    }
    return json;
  }

  private static void put(ObjectNode json, Column column, Object value) {
    String name = column.name();
    if (value == null) {
      json.putNull(name);
      return;
    }
    switch (column.kind()) {
      case BOOLEAN -> json.put(name, (Boolean) value);
      case INT -> json.put(name, (Integer) value);
      case LONG -> json.put(name, (Long) value);
      case FLOAT -> putFloat(json, name, (Float) value);
      case DOUBLE -> putDouble(json, name, (Double) value);
      case STRING, ENUM, UUID -> json.put(name, (String) value);
      case BYTES, FIXED -> json.put(name, Base64.getEncoder().encodeToString((byte[]) value));
      case DECIMAL -> json.put(name, (BigDecimal) value);
      case DATE -> json.put(name, LocalDate.ofEpochDay((Integer) value).toString());
      case TIME_MILLIS ->
          json.put(name, LocalTime.ofNanoOfDay((Integer) value * 1_000_000L).toString());
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS ->
          json.put(name, Instant.ofEpochMilli((Long) value).toString());
      case LOCAL_TIMESTAMP_MILLIS ->
          json.put(
              name, LocalDateTime.ofInstant(Instant.ofEpochMilli((Long) value), UTC).toString());
      case NESTED -> json.putNull(name);
    }
  }

  private static void putFloat(ObjectNode json, String name, float value) {
    if (Float.isFinite(value)) {
      json.put(name, value);
    } else {
      json.put(name, Float.toString(value));
    }
  }

  private static void putDouble(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.put(name, Double.toString(value));
    }
  }
}
