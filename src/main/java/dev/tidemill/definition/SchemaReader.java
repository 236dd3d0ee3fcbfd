package dev.tidemill.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Reads the Avro schema that a source names. */
final class SchemaReader {
  /** The column of a source of plain texts. */
  private static final Schema TEXT =
      SchemaBuilder.record("Text").fields().requiredString("text").endRecord();

  private SchemaReader() {}

  /**
   * @param isText whether the whole value is one text, which needs no schema
   */
  static Optional<Schema> read(Document document, Section source, boolean isText) {
    if (!source.has("schema")) {
      return isText ? Optional.of(TEXT) : missing(source);
    }
    return source.text("schema", path -> checked(path, document.resolve(path), isText));
  }

  private static Optional<Schema> missing(Section source) {
    // What is not supported yet may need other keys: asking for ours would mislead.
    if (source.names().stream().noneMatch(Vocabulary.SOURCE.later()::contains)) {
      source.problem("key 'schema' is missing; 'source' needs it");
    }
    return Optional.empty();
  }

  private static Schema checked(String written, Path file, boolean isText) {
    Schema schema = parse(written, file);
    if (isText && !isOneText(schema)) {
      throw new IllegalArgumentException(
          ("schema '%s' is not one field of type string, which format 'string' fills; remove"
                  + " 'schema', and the column is called 'text'")
              .formatted(written));
    }
    return schema;
  }

  private static boolean isOneText(Schema schema) {
    return schema.getFields().size() == 1
        && Columns.type(schema, schema.getFields().get(0).name())
            .filter(type -> type.getType() == Schema.Type.STRING && type.getLogicalType() == null)
            .isPresent();
  }

  private static Schema parse(String written, Path file) {
    if (written.equals("infer")) {
      throw new IllegalArgumentException(
          "a definition can be checked without what it reads; write a path, such as"
              + " schemas/orders.avsc, and './tidemill schema FILE SOURCE --write' writes the schema"
              + " of a file or a database there");
    }
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
