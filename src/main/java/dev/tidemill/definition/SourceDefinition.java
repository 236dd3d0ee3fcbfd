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
 */
public record SourceDefinition(
    String name,
    Origin origin,
    Schema schema,
    Optional<String> key,
    EventTime eventTime,
    Map<String, String> expect)
    implements RelationDefinition {

  public SourceDefinition {
    requireNonNull(name, "name");
    requireNonNull(origin, "origin");
    requireNonNull(schema, "schema");
    requireNonNull(key, "key");
    requireNonNull(eventTime, "eventTime");
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }
}
