package dev.tidemill.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the fields of an object, as those of a row or of a record in it. Not thread-safe. */
final class JsonObject {
  private static final int END = -1;
  private static final int UNKNOWN = -2;

  private final List<Column> columns;
  private final JsonValue[] values;
  private final SerializableString[] names;
  private final Map<String, Integer> indexes = new HashMap<>();

  /** Object by object, which field was seen last: saves clearing. */
  private final long[] seenIn;

  private long object;

  JsonObject(List<Column> columns, Function<Column, JsonValue> valueOf) {
    this.columns = columns;
    this.values = columns.stream().map(valueOf).toArray(JsonValue[]::new);
    this.names =
        columns.stream()
            .map(column -> new SerializedString(column.fieldName()))
            .toArray(SerializableString[]::new);
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
    int next = 0;
    for (int index = field(parser, next); index != END; index = field(parser, next)) {
      parser.nextToken();
      if (index == UNKNOWN) {
        parser.skipChildren();
        continue;
      }
      next = index + 1;
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

  /**
   * Which column's field comes next. Most objects have them in the order of the schema, and to
   * compare a name with the one that is expected costs less than to find out what it is.
   */
  private int field(JsonParser parser, int expected) throws IOException {
    if (expected == names.length) {
      parser.nextToken();
    } else if (parser.nextFieldName(names[expected])) {
      return expected;
    }
    return parser.currentToken() == JsonToken.FIELD_NAME
        ? indexes.getOrDefault(parser.currentName(), UNKNOWN)
        : END;
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
