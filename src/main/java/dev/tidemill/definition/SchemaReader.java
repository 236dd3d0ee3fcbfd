package dev.tidemill.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.avro.Schema;

/** Reads the Avro schema that a source names. */
final class SchemaReader {
  private SchemaReader() {}

  static Optional<Schema> read(Document document, Section source) {
    return source.text("schema", path -> parse(path, document.resolve(path)));
  }

  private static Schema parse(String written, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no schema file '%s'; its path is relative to this file".formatted(written));
    }
    Schema schema = parseAvro(written, file);
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(
          "schema '%s' is not a record but %s; a source's columns are a record's fields"
              .formatted(written, schema.getType().getName()));
    }
    if (schema.getFields().isEmpty()) {
      throw new IllegalArgumentException(
          "schema '%s' has no fields; a source needs at least one column".formatted(written));
    }
    return schema;
  }

  private static Schema parseAvro(String written, Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "schema '%s' can not be read: %s".formatted(written, e.getMessage()), e);
    } catch (RuntimeException e) {
      // Avro 1.12 answers some bad schemas with a NullPointerException or the like.
      throw new IllegalArgumentException(
          "schema '%s' is not valid Avro: %s".formatted(written, reason(e)), e);
    }
  }

  /** Avro quotes the whole source of a syntax error; the first line says it. */
  private static String reason(RuntimeException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("").replaceFirst("^[\\w.]+Exception: ", "");
  }
}
