package dev.tidemill.load;

import dev.tidemill.definition.Unavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks or creates the tables of a target. Works in the transaction of its caller. Creates only
 * what is not there, so that a role without the right to create can load prepared tables.
 */
final class Preparation {
  private final Dialect dialect;
  private final String pipeline;
  private final String target;
  private final Bookkeeping books;
  private final TableName table;
  private final ResultColumns columns;

  Preparation(
      Dialect dialect,
      String pipeline,
      String target,
      Bookkeeping books,
      TableName table,
      ResultColumns columns) {
    this.dialect = dialect;
    this.pipeline = pipeline;
    this.target = target;
    this.books = books;
    this.table = table;
    this.columns = columns;
  }

  void prepare(Connection connection, String log) throws SQLException {
    refuseUnsupported();
    dialect.lockTables(connection);
    createBookkeeping(connection);
    Map<String, Dialect.Found> target = dialect.columns(connection, table);
    Map<String, Dialect.Found> staging = dialect.columns(connection, table.staging());
    refuseDifferences(target, staging);
    Optional<Bookkeeping.Owner> owner = books.owner(connection);
    owner.ifPresent(found -> refuseForeign(found, log));
    if (owner.isPresent() && (target.isEmpty() || staging.isEmpty())) {
      throw new Unavailable(
          ("%s: the table %s is gone, but batches are recorded as loaded into it; restore it, or"
                  + " delete the rows of target '%s' from %s to load anew what the results topic"
                  + " still holds")
              .formatted(
                  this.target,
                  target.isEmpty() ? table : table.staging(),
                  this.target,
                  BookkeepingTables.names()));
    }
    if (target.isEmpty()) {
      create(connection, table, columns.ofTarget(), "batch_start");
    }
    if (staging.isEmpty()) {
      create(connection, table.staging(), columns.ofStaging(), "_tidemill_batch");
    }
    if (owner.isEmpty()) {
      books.own(connection, log);
    }
  }

  private void refuseUnsupported() {
    List<String> problems = new ArrayList<>();
    for (Column column : columns.result()) {
      TableName.refuseLong(column.name());
      dialect
          .unsupported(column)
          .ifPresent(reason -> problems.add("column " + column.name() + ": " + reason));
    }
    if (!problems.isEmpty()) {
      throw new Unavailable(target + ": " + String.join("; ", problems));
    }
  }

  private void createBookkeeping(Connection connection) throws SQLException {
    for (Map.Entry<String, String> each : BookkeepingTables.columns().entrySet()) {
      TableName name = table.sibling(each.getKey());
      if (dialect.columns(connection, name).isEmpty()) {
        Sql.run(connection, "CREATE TABLE " + name.quoted() + " (" + each.getValue() + ")");
      }
    }
  }

  private void refuseForeign(Bookkeeping.Owner owner, String log) {
    if (!owner.pipeline().equals(pipeline) || !owner.target().equals(target)) {
      throw new Unavailable(
          ("%s: the table %s belongs to the pipeline %s (target %s); give this pipeline a table of"
                  + " its own under load.table")
              .formatted(target, table, owner.pipeline(), owner.target()));
    }
    if (!owner.log().equals(log)) {
      throw new Unavailable(
          ("%s: the table %s was loaded from another results topic (id %s, now %s): the pipeline's"
                  + " topics were deleted, or this is another cluster. Check brokers. To load"
                  + " the new topic into the same table, delete the rows of target '%s' from %s;"
                  + " its batches then replace those with the same interval")
              .formatted(target, table, owner.log(), log, target, BookkeepingTables.names()));
    }
  }

  private void refuseDifferences(
      Map<String, Dialect.Found> target, Map<String, Dialect.Found> staging) {
    List<String> differences = new ArrayList<>();
    differences.addAll(differences(table, columns.ofTarget(), target));
    differences.addAll(differences(table.staging(), columns.ofStaging(), staging));
    if (!differences.isEmpty()) {
      throw new Unavailable(
          "%s: the table does not fit the result of the SQL:%n  %s%n"
                  .formatted(this.target, String.join("%n  ".formatted(), differences))
              + "Change the SQL (AS, CAST) or the table, or load into another one. Nothing was"
              + " changed.");
    }
  }

  /** Of a table that is there: a missing one has none. */
  private List<String> differences(
      TableName name, List<Column> expected, Map<String, Dialect.Found> found) {
    if (found.isEmpty()) {
      return List.of();
    }
    List<String> differences = new ArrayList<>();
    Map<String, Dialect.Found> extra = new LinkedHashMap<>(found);
    for (Column column : expected) {
      Dialect.Found is = extra.remove(column.name());
      String type = dialect.type(column);
      String place = name + ", column " + column.name() + ": expected " + type + ", found ";
      if (is == null) {
        differences.add(place + "none");
      } else if (!is.type().equals(type)) {
        differences.add(place + is.type());
      } else if (column.nullable() && !is.nullable()) {
        differences.add(place + type + " NOT NULL, but the result can be NULL");
      }
    }
    extra.forEach(
        (column, is) ->
            differences.add(name + ", column " + column + ": expected none, found " + is.type()));
    return differences;
  }

  private void create(Connection connection, TableName name, List<Column> all, String indexed)
      throws SQLException {
    String list =
        all.stream()
            .map(
                column ->
                    TableName.quote(column.name())
                        + " "
                        + dialect.type(column)
                        + (column.nullable() ? "" : " NOT NULL"))
            .collect(Collectors.joining(", "));
    Sql.run(connection, "CREATE TABLE " + name.quoted() + " (" + list + ")");
    Optional<String> index = dialect.index(name, indexed);
    if (index.isPresent()) {
      Sql.run(connection, index.get());
    }
  }
}
