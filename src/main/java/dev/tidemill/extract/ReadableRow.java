package dev.tidemill.extract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A row of typed values as JSON, for people: what is kept of one that does not fit. */
final class ReadableRow {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReadableRow() {}

  /** Times are as Java writes them, bytes are Base64. At most what a row may have. */
  static byte[] json(List<String> names, List<?> values) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      fields.put(names.get(i), readable(values.get(i)));
    }
    try {
      byte[] json = JSON.writeValueAsBytes(fields);
      return Arrays.copyOf(json, Math.min(json.length, RowSplitter.MAX_ROW_BYTES));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers have a form in JSON", e);
    }
  }

  private static Object readable(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(ReadableRow::readable).collect(Collectors.toList());
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> fields = new LinkedHashMap<>();
      map.forEach((name, field) -> fields.put(name.toString(), readable(field)));
      return fields;
    }
    boolean hasForm =
        value == null
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof byte[];
    return hasForm ? value : value.toString();
  }
}
