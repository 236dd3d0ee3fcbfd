package dev.tidemill.embedded;

import static java.util.Objects.requireNonNull;

/**
 * One version of a subject's schema.
 *
 * @param version from 1, without gaps
 * @param id of the schema; equal schemas of all subjects have the same
 * @param schemaType AVRO, JSON or PROTOBUF
 * @param schema Avro as JSON, the way Avro writes it; others as they were registered
 */
record SchemaVersion(String subject, int version, int id, String schemaType, String schema) {
  static final String AVRO = "AVRO";

  SchemaVersion {
    requireNonNull(subject, "subject");
    requireNonNull(schemaType, "schemaType");
    requireNonNull(schema, "schema");
  }
}
