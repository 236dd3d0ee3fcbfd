package dev.tidemill.load;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tables of {@link Bookkeeping}, and how they are made. The types are spelled alike in all
 * dialects.
 */
final class BookkeepingTables {

  /** Whose each table is. Every transaction updates its row first, so writers can not overlap. */
  static final String TABLES = "_tidemill_tables";

  /** How far each partition of the results topic is staged. */
  static final String OFFSETS = "_tidemill_offsets";

  /** Which attempt of each share is staged, and which is published. */
  static final String SHARES = "_tidemill_shares";

  /** Which attempt of each batch is published, and how many rows it has. */
  static final String BATCHES = "_tidemill_batches";

  private static final String WHOSE = "pipeline TEXT NOT NULL, target TEXT NOT NULL, ";
  private static final String INSTANT = " TIMESTAMP WITH TIME ZONE NOT NULL, ";

  private BookkeepingTables() {}

  /** Between the brackets of CREATE TABLE, by table. */
  static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put(
        TABLES,
        "table_name TEXT NOT NULL PRIMARY KEY, "
            + WHOSE
            + "log TEXT NOT NULL, writes BIGINT NOT NULL");
    columns.put(
        OFFSETS,
        WHOSE
            + "\"partition\" INTEGER NOT NULL, next_offset BIGINT NOT NULL, "
            + "PRIMARY KEY (pipeline, target, \"partition\")");
    columns.put(
        SHARES,
        WHOSE
            + "batch_start"
            + INSTANT
            + "share INTEGER NOT NULL, staged_attempt INTEGER NOT NULL, ended BOOLEAN NOT NULL, "
            + "merged BIGINT NOT NULL, \"rows\" BIGINT NOT NULL, refusal TEXT NOT NULL, "
            + "published_attempt INTEGER NOT NULL, "
            + "PRIMARY KEY (pipeline, target, batch_start, share)");
    columns.put(
        BATCHES,
        WHOSE
            + "batch_start"
            + INSTANT
            + "batch_end"
            + INSTANT
            + "attempt INTEGER NOT NULL, \"rows\" BIGINT NOT NULL, published_at"
            + INSTANT
            + "PRIMARY KEY (pipeline, target, batch_start)");
    return columns;
  }

  /** For messages. */
  static String names() {
    return String.join(", ", columns().keySet());
  }
}
