package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A lookup relation: the last value of each key.
 *
 * @param keyField the field that tells its rows apart, and the Kafka key of extracted rows
 * @param eventTime since when a row counts; present if its versions are kept
 * @param patience wall time: how long a record waits for what the table says of its time
 * @param rejectsMisses whether a record that finds no row in it is rejected, whatever the join says
 * @param replicated whether every instance has all of it; else it has the partitions of the numbers
 *     of those that it reads of the streams
 */
public record TableDefinition(
    String name,
    Origin origin,
    Schema schema,
    String keyField,
    Optional<EventTime> eventTime,
    Duration patience,
    boolean rejectsMisses,
    boolean replicated)
    implements RelationDefinition {

  /** Of {@link #patience}. */
  static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  public TableDefinition {
    requireNonNull(name, "name");
    requireNonNull(origin, "origin");
    requireNonNull(schema, "schema");
    requireNonNull(keyField, "keyField");
    requireNonNull(eventTime, "eventTime");
    requireNonNull(patience, "patience");
  }

  /** The same, read to its end and not looked at again, if it is ours to read. */
  TableDefinition once() {
    return origin instanceof Origin.Extracted extracted
        ? new TableDefinition(
            name,
            extracted.once(),
            schema,
            keyField,
            eventTime,
            patience,
            rejectsMisses,
            replicated)
        : this;
  }

  @Override
  public Optional<String> key() {
    return Optional.of(keyField);
  }
}
