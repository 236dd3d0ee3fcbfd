package dev.tidemill.sql;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The rows of one statement among those of its pipeline. Where several statements are published, a
 * row of the pipeline's result begins with the name of its statement, and has the columns of all,
 * those of the others NULL.
 *
 * @param name of the statement; empty if the pipeline's only one has none
 * @param schema of its own columns
 * @param first where they begin in a row of the result; 0 if it has no others
 * @param joins what the counts of its joins are called within the statement
 */
public record Output(String name, Schema schema, int first, List<String> joins) {
  public Output {
    requireNonNull(name, "name");
    requireNonNull(schema, "schema");
    joins = List.copyOf(joins);
  }

  /** Whether a row of the result is one of these. */
  public boolean has(Object[] row) {
    return first == 0 || name.equals(row[0]);
  }

  /** Its own columns of a row that it {@link #has}. */
  public Object[] of(Object[] row) {
    return first == 0 ? row : Arrays.copyOfRange(row, first, first + schema.getFields().size());
  }

  /** What the counts of one of its joins are called in the books. */
  public String nameOf(String join) {
    return first == 0 ? join : name + "." + join;
  }

  /** The row of the result that has these columns. */
  Object[] among(int width, Object[] own) {
    Object[] row = new Object[width];
    row[0] = name;
    System.arraycopy(own, 0, row, first, own.length);
    return row;
  }
}
