/**
 * The nightly SQL job, compiled: Apache Calcite parses, validates and plans; expressions become
 * bytecode. Knows no Kafka. Rows are those of {@code schema}; comes from the definition, used by
 * {@code topology}.
 */
package dev.tidemill.sql;
