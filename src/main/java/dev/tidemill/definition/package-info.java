/**
 * The pipeline's YAML as records, and every problem with it at once, each with file:line:column.
 * Touches no network and no Kafka; read by {@code cli} and everything above {@code sql}.
 *
 * <p>{@link dev.tidemill.definition.DefinitionReader} is the way in. A file becomes nodes with
 * marks, a {@code Section} for each mapping checks its keys against {@code Vocabulary}, and one
 * reader for each part turns sections into the records. {@link dev.tidemill.definition.SourceMap}
 * leads from a place in the SQL back to the file.
 */
package dev.tidemill.definition;
