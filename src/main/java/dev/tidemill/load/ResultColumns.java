package dev.tidemill.load;

import dev.tidemill.definition.Unavailable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * The columns of a target's table and of its staging table, derived from the result's schema.
 *
 * <p>Every row carries its batch's interval. A statement that selects {@code batch_start} or {@code
 * batch_end} itself names the same columns; they are not stored twice.
 *
 * @param result columns that come from result rows, in the statement's order
 */
record ResultColumns(List<Column> result) {

  static final String BATCH_START = "batch_start";
  static final String BATCH_END = "batch_end";
  static final String ATTEMPT = "attempt";
  static final String SHARE = "batch_share";

  private static final List<Column> OWN =
      List.of(
          Column.own(BATCH_START, ColumnKind.TIMESTAMP),
          Column.own(BATCH_END, ColumnKind.TIMESTAMP),
          Column.own(ATTEMPT, ColumnKind.INTEGER),
          Column.own(SHARE, ColumnKind.INTEGER));

  /** Names that no result column can have: columns of a result do not start like this. */
  private static final List<Column> STAGING =
      List.of(
          Column.own("_tidemill_batch", ColumnKind.TIMESTAMP),
          Column.own("_tidemill_share", ColumnKind.INTEGER),
          Column.own("_tidemill_attempt", ColumnKind.INTEGER),
          Column.own("_tidemill_offset", ColumnKind.BIGINT));

  ResultColumns {
    result = List.copyOf(result);
  }

  /**
   * @throws Unavailable if a column's name is taken by one of ours, or differs from another's in
   *     upper and lower case alone (to DuckDB they are the same)
   */
  static ResultColumns of(Schema schema) {
    List<Column> result = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Schema.Field field : schema.getFields()) {
      Column column = Column.of(field);
      String name = column.name().toLowerCase(Locale.ROOT);
      if (isBatchInterval(name, column.kind())) {
        continue;
      }
      if (OWN.stream().anyMatch(own -> own.name().equals(name)) || name.startsWith("_tidemill_")) {
        throw new Unavailable(
            "sql: the result's column %s has the name of a column that every target adds; "
                    .formatted(column.name())
                + "give it another one with AS");
      }
      if (!names.add(name)) {
        throw new Unavailable(
            "sql: two columns of the result are called %s; give one another name with AS"
                .formatted(column.name()));
      }
      result.add(column);
    }
    return new ResultColumns(result);
  }

  private static boolean isBatchInterval(String name, ColumnKind kind) {
    return kind == ColumnKind.TIMESTAMP && (name.equals(BATCH_START) || name.equals(BATCH_END));
  }

  List<Column> ofTarget() {
    return Stream.concat(result.stream(), OWN.stream()).toList();
  }

  /** Ours first: what rows are found by. */
  List<Column> ofStaging() {
    return Stream.concat(STAGING.stream(), result.stream()).toList();
  }
}
