package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A lookup relation: the last value of each key.
 *
 * @param keyField the field that tells its rows apart, and the Kafka key of extracted rows
 * @param rejectsMisses whether a record that finds no row in it is rejected, whatever the join says
 * @param replicated whether every instance has all of it; else it has the partitions of the numbers
 *     of those that it reads of the streams
 */
public record TableDefinition(
    String name,
    Origin origin,
    Schema schema,
    String keyField,
    boolean rejectsMisses,
    boolean replicated)
    implements RelationDefinition {

  public TableDefinition {
    requireNonNull(name, "name");
    requireNonNull(origin, "origin");
    requireNonNull(schema, "schema");
    requireNonNull(keyField, "keyField");
  }

  @Override
  public Optional<String> key() {
    return Optional.of(keyField);
  }
}
