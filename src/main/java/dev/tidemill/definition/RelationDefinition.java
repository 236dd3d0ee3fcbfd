package dev.tidemill.definition;

import java.util.Optional;
import org.apache.avro.Schema;

/** What the SQL reads by a name: a stream or a table. */
public sealed interface RelationDefinition permits SourceDefinition, TableDefinition {

  /** The relation's name in the SQL. */
  String name();

  /** Where its records come from. */
  Origin origin();

  /** A record schema: the relation's columns. */
  Schema schema();

  /** The field whose value is the Kafka key of extracted records; empty: round robin. */
  Optional<String> key();
}
