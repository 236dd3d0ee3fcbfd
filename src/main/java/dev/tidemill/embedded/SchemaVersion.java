package dev.tidemill.embedded;

import static java.util.Objects.requireNonNull;

/**
 * One version of a subject's schema.
 *
 * @param version from 1, without gaps
 * @param id of the schema; equal schemas of all subjects have the same
 * @param schema as JSON, the way Avro writes it
 */
record SchemaVersion(String subject, int version, int id, String schema) {
  SchemaVersion {
    requireNonNull(subject, "subject");
    requireNonNull(schema, "schema");
  }
}
