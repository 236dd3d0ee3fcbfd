package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * As much of a source as could be read: enough to check the SQL even if other parts are wrong.
 *
 * @param schema empty if it could not be read
 * @param expect the rules that could be read, by name
 * @param rejectsMisses present if it is a table: whether a record that finds no row is rejected
 */
public record Relation(
    String name,
    Optional<Schema> schema,
    Map<String, Expectation> expect,
    Optional<Boolean> rejectsMisses) {

  /** A stream. */
  public Relation(String name, Optional<Schema> schema, Map<String, Expectation> expect) {
    this(name, schema, expect, Optional.empty());
  }

  public boolean isTable() {
    return rejectsMisses.isPresent();
  }

  public Relation {
    requireNonNull(name, "name");
    requireNonNull(schema, "schema");
    requireNonNull(rejectsMisses, "rejectsMisses");
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }
}
