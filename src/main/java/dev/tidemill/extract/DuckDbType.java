package dev.tidemill.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Avro types for DuckDB's, as it writes them: {@code STRUCT(a BIGINT, b DECIMAL(5,1)[])[]}. */
final class DuckDbType {
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"]|\"\")*\"|\\w+|\\[\\d*\\]|[(),]|\\s+");

  private final List<String> tokens;
  private int next;

  private DuckDbType(List<String> tokens) {
    this.tokens = tokens;
  }

  /**
   * @param path becomes the name of a record
   * @throws IllegalArgumentException for what a row can not hold; reads as the rest of a sentence
   */
  static Schema of(String path, String type) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(type);
    while (matcher.find()) {
      if (!matcher.group().isBlank()) {
        tokens.add(matcher.group());
      }
    }
    return new DuckDbType(tokens).type(path.replaceAll("\\W", "_"));
  }

  static String named(String column) {
    if (!column.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("has a name that no field can have");
    }
    return column;
  }

  static Schema.Field optional(String name, Schema type) {
    return new Schema.Field(name, orNull(type), null, Schema.Field.NULL_DEFAULT_VALUE);
  }

  private static Schema orNull(Schema type) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }

  private Schema type(String path) {
    String name = take();
    Schema type = name.equals("STRUCT") ? record(path) : single(name);
    while (next < tokens.size() && tokens.get(next).startsWith("[")) {
      next++;
      type = Schema.createArray(orNull(type));
    }
    return type;
  }

  private Schema record(String path) {
    List<Schema.Field> fields = new ArrayList<>();
    take();
    do {
      String name = named(take().replaceAll("^\"|\"$", ""));
      fields.add(optional(name, type(path + "_" + name)));
    } while (take().equals(","));
    return Schema.createRecord(path, null, null, false, fields);
  }

  private Schema single(String name) {
    return switch (name) {
      case "BOOLEAN" -> Schema.create(Schema.Type.BOOLEAN);
      case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT" ->
          Schema.create(Schema.Type.INT);
      case "BIGINT", "UINTEGER" -> Schema.create(Schema.Type.LONG);
      case "UBIGINT" -> decimal(20, 0);
      case "FLOAT" -> Schema.create(Schema.Type.FLOAT);
      case "DOUBLE" -> Schema.create(Schema.Type.DOUBLE);
      case "VARCHAR", "\"NULL\"" -> Schema.create(Schema.Type.STRING);
      case "BLOB" -> Schema.create(Schema.Type.BYTES);
      case "UUID" -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      case "DATE" -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case "TIME" -> LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT));
      case "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> local();
      case "TIMESTAMP" -> timestamp();
      case "DECIMAL" -> decimal();
      default ->
          throw new IllegalArgumentException("is of type " + name + ", which a row can not hold");
    };
  }

  private Schema timestamp() {
    if (next < tokens.size() && tokens.get(next).equals("WITH")) {
      next += 3; // WITH TIME ZONE
      return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }
    return local();
  }

  private static Schema local() {
    return LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
  }

  private Schema decimal() {
    take();
    int precision = Integer.parseInt(take());
    take();
    int scale = Integer.parseInt(take());
    take();
    return decimal(precision, scale);
  }

  private static Schema decimal(int precision, int scale) {
    return LogicalTypes.decimal(precision, scale).addToSchema(Schema.create(Schema.Type.BYTES));
  }

  private String take() {
    return tokens.get(next++);
  }
}
