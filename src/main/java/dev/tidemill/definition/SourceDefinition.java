package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A stream that the SQL reads as a relation.
 *
 * @param name the relation's name in the SQL
 * @param origin where its records come from
 * @param schema a record schema: the relation's columns
 * @param key the field, perhaps by a path, whose value is the Kafka key of extracted records;
 *     empty: round robin
 * @param expect rules by name; a record breaks one if it is FALSE (unknown passes, as in a CHECK)
 * @param dedupe which records are the same; empty: each one counts
 */
public record SourceDefinition(
    String name,
    Origin origin,
    Schema schema,
    Optional<String> key,
    EventTime eventTime,
    Map<String, Expectation> expect,
    Optional<Dedupe> dedupe)
    implements RelationDefinition {

  public SourceDefinition {
    requireNonNull(name, "name");
    requireNonNull(origin, "origin");
    requireNonNull(schema, "schema");
    requireNonNull(key, "key");
    requireNonNull(eventTime, "eventTime");
    requireNonNull(dedupe, "dedupe");
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }

  /** The same, read to its end and not looked at again, if it is ours to read. */
  SourceDefinition once() {
    return origin instanceof Origin.Extracted extracted
        ? new SourceDefinition(name, extracted.once(), schema, key, eventTime, expect, dedupe)
        : this;
  }

  /** Without {@code dedupe}. */
  public SourceDefinition(
      String name,
      Origin origin,
      Schema schema,
      Optional<String> key,
      EventTime eventTime,
      Map<String, Expectation> expect) {
    this(name, origin, schema, key, eventTime, expect, Optional.empty());
  }
}
