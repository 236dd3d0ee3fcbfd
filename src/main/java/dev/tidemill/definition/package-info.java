/**
 * The pipeline's YAML as records, and every problem with it at once, each with file:line:column.
 * Touches no network and no Kafka; read by {@code cli} and everything above {@code sql}.
 */
package dev.tidemill.definition;
