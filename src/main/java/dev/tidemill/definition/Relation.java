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
 * @param key the field whose value is the Kafka key of its records, if that is known
 * @param replicated whether every instance has all of it, if it is a table
 * @param rejectsMisses present if it is a table: whether a record that finds no row is rejected
 */
public record Relation(
    String name,
    Optional<Schema> schema,
    Map<String, Expectation> expect,
    Optional<String> key,
    boolean replicated,
    Optional<Boolean> rejectsMisses) {

  /** A stream. */
  public Relation(
      String name, Optional<Schema> schema, Map<String, Expectation> expect, Optional<String> key) {
    this(name, schema, expect, key, true, Optional.empty());
  }

  public boolean isTable() {
    return rejectsMisses.isPresent();
  }

  public Relation {
    requireNonNull(name, "name");
    requireNonNull(schema, "schema");
    requireNonNull(key, "key");
    requireNonNull(rejectsMisses, "rejectsMisses");
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }
}
