package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.Unavailable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A table, as the definition names it.
 *
 * @param schema empty: the connection's default one
 */
record TableName(Optional<String> schema, String table) {

  /**
   * PostgreSQL cuts longer names silently; the same limit everywhere keeps definitions portable.
   */
  private static final int LONGEST = 63;

  private static final String STAGING = "_tidemill_staging_";

  TableName {
    requireNonNull(schema, "schema");
    requireNonNull(table, "table");
  }

  /**
   * @param name {@code table} or {@code schema.table}
   */
  static TableName parse(String name) {
    int dot = name.indexOf('.');
    String table = name.substring(dot + 1);
    if (table.isEmpty() || dot == 0) {
      throw new Unavailable("load: '%s' is no name of a table".formatted(name));
    }
    Optional<String> schema = dot < 0 ? Optional.empty() : Optional.of(name.substring(0, dot));
    schema.ifPresent(TableName::refuseLong);
    refuseLong(table);
    return new TableName(schema, table);
  }

  TableName inSchema(String other) {
    return new TableName(Optional.of(other), table);
  }

  /** Another table of the same schema. */
  TableName sibling(String other) {
    return new TableName(schema, other);
  }

  /** Where rows of this table wait until their batch is published. */
  TableName staging() {
    String name = STAGING + table;
    if (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return sibling(name);
    }
    CRC32 hash = new CRC32();
    hash.update(table.getBytes(StandardCharsets.UTF_8));
    return sibling(STAGING + "%08x".formatted(hash.getValue()));
  }

  /** As it is written in SQL. */
  String quoted() {
    return schema.map(s -> quote(s) + ".").orElse("") + quote(table);
  }

  @Override
  public String toString() {
    return schema.map(s -> s + ".").orElse("") + table;
  }

  static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  static void refuseLong(String identifier) {
    if (identifier.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw new Unavailable(
          "load: the name %s is longer than %d bytes".formatted(identifier, LONGEST));
    }
  }
}
