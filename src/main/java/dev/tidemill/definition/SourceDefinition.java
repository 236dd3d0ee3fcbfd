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
 * @param key the field whose value is the Kafka key of extracted records; empty: round robin
 * @param expect rules by name, each a SQL condition on the source's columns; a record for which one
 *     is FALSE is rejected with the rule's name as the reason (unknown passes, as in a CHECK)
 * @param dedupe which records are the same; empty: each one counts
 */
public record SourceDefinition(
    String name,
    Origin origin,
    Schema schema,
    Optional<String> key,
    EventTime eventTime,
    Map<String, String> expect,
    Optional<Dedupe> dedupe) {

  public SourceDefinition {
    requireNonNull(name, "name");
    requireNonNull(origin, "origin");
    requireNonNull(schema, "schema");
    requireNonNull(key, "key");
    requireNonNull(eventTime, "eventTime");
    requireNonNull(dedupe, "dedupe");
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }

  public SourceDefinition(
      String name,
      Origin origin,
      Schema schema,
      Optional<String> key,
      EventTime eventTime,
      Map<String, String> expect) {
    this(name, origin, schema, key, eventTime, expect, Optional.empty());
  }
}
