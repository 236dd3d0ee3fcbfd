package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A lookup relation: the last value of each key. Every instance has all of it.
 *
 * @param keyField the field that tells its rows apart, and the Kafka key of extracted rows
 * @param rejectsMisses whether a record that finds no row in it is rejected, whatever the join says
 */
public record TableDefinition(
    String name, Origin origin, Schema schema, String keyField, boolean rejectsMisses)
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
