package dev.tidemill.query;

import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.TextRow;
import dev.tidemill.sql.Aggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * A group as a person names it.
 *
 * @param only the value, if the statement groups by one column; else empty
 * @param values by column; empty for null
 */
public record Group(Optional<String> only, Map<String, Optional<String>> values) {

  /**
   * @throws QueryProblem if the statement does not group by these columns, or a value is not of its
   *     column's type
   */
  byte[] key(Optional<Aggregation> aggregation) throws QueryProblem {
    if (aggregation.isEmpty()) {
      throw bad("the pipeline has no GROUP BY, so its rows have no key; leave it out");
    }
    Schema schema = aggregation.get().groupSchema();
    List<String> columns = schema.getFields().stream().map(Schema.Field::name).toList();
    if (only.isPresent() && columns.size() > 1) {
      throw bad(
          "the statement groups by %d columns; give each as key.<column>: %s"
              .formatted(columns.size(), String.join(", ", columns)));
    }
    List<Optional<String>> texts = new ArrayList<>();
    for (String column : columns) {
      if (only.isPresent()) {
        texts.add(only);
      } else if (values.containsKey(column)) {
        texts.add(values.get(column));
      } else {
        throw bad("key.%s is missing; the statement groups by %s".formatted(column, columns));
      }
    }
    for (String name : values.keySet()) {
      if (!columns.contains(name)) {
        throw bad("the statement does not group by '%s', but by %s".formatted(name, columns));
      }
    }
    try {
      return aggregation.get().keyOf(TextRow.of(schema, texts));
    } catch (DecodeException e) {
      throw bad("the key does not fit: " + e.getMessage());
    }
  }

  private static QueryProblem bad(String message) {
    return new QueryProblem(QueryProblem.Kind.BAD_QUESTION, message);
  }

  @Override
  public String toString() {
    return only.map(value -> "'" + value + "'")
        .orElseGet(
            () ->
                values.entrySet().stream()
                    .map(
                        e ->
                            e.getKey()
                                + " = "
                                + e.getValue().map(v -> "'" + v + "'").orElse("null"))
                    .collect(Collectors.joining(", ")));
  }
}
