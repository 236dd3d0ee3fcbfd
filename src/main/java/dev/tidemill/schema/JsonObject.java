package dev.tidemill.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the fields of an object, as those of a row or of a record in it. Not thread-safe. */
final class JsonObject {
  private final List<Column> columns;
  private final JsonValue[] values;
  private final Map<String, Integer> indexes = new HashMap<>();

  /** Object by object, which field was seen last: saves clearing. */
  private final long[] seenIn;

  private long object;

  JsonObject(List<Column> columns, Function<Column, JsonValue> valueOf) {
    this.columns = columns;
    this.values = columns.stream().map(valueOf).toArray(JsonValue[]::new);
    this.seenIn = new long[columns.size()];
    columns.forEach(column -> indexes.put(column.fieldName(), column.index()));
  }

  /**
   * @param parser at the object's begin; afterwards at its end
   */
  Object[] read(JsonParser parser) throws IOException, DecodeException {
    object++;
    Object[] row = new Object[values.length];
    int seen = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      Integer index = indexes.get(name);
      parser.nextToken();
      if (index == null) {
        parser.skipChildren();
        continue;
      }
      if (seenIn[index] == object) {
        throw new DecodeException("field '" + columns.get(index).name() + "' is there twice");
      }
      seenIn[index] = object;
      seen++;
      row[index] = value(parser, index);
    }
    if (seen < values.length) {
      for (Column column : columns) {
        if (seenIn[column.index()] != object) {
          row[column.index()] = column.missing();
        }
      }
    }
    return row;
  }

  private Object value(JsonParser parser, int index) throws IOException, DecodeException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      Column column = columns.get(index);
      if (column.nullable() || column.kind() == Kind.NESTED) {
        return null;
      }
      throw column.notNull();
    }
    return values[index].read(parser);
  }
}
