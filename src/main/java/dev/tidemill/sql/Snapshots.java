package dev.tidemill.sql;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * {@code stream s JOIN table FOR SYSTEM_TIME AS OF s.time AS t ON s.x = t.key} (SQL:2011): each
 * record sees the table as it was at the record's own event time.
 *
 * <p>The time is always the one that intake has read of the record, so it is no expression: the
 * column is checked here, and the table is then read under a name of its own ({@link
 * Relation#isAsOf}).
 */
final class Snapshots {
  /** Names the record's event time where no column has it. */
  private static final String EVENT_TIME = "event_time";

  private final Catalog catalog;
  private final Problems problems;

  /** By the table: where it is first asked for as it was. */
  private final Map<String, SqlParserPos> places = new HashMap<>();

  Snapshots(Catalog catalog, Problems problems) {
    this.catalog = catalog;
    this.problems = problems;
  }

  /** The same statement, in which tables as they were are relations of their own. */
  static SqlNode replaced(SqlNode statement, Catalog catalog) {
    return statement.accept(new Replacing(catalog));
  }

  private static final class Replacing extends SqlShuttle {
    private final Catalog catalog;

    Replacing(Catalog catalog) {
      this.catalog = catalog;
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      if (call.getKind() == SqlKind.AS && call.operand(0) instanceof SqlSnapshot snapshot) {
        SqlCall copy = (SqlCall) call.clone(call.getParserPosition());
        copy.setOperand(0, relation(snapshot));
        return copy;
      }
      if (call instanceof SqlSnapshot snapshot && snapshot.getTableRef() instanceof SqlIdentifier) {
        return SqlStdOperatorTable.AS.createCall(
            call.getParserPosition(), relation(snapshot), snapshot.getTableRef());
      }
      return super.visit(call);
    }

    private SqlNode relation(SqlSnapshot snapshot) {
      SqlNode table = snapshot.getTableRef();
      return catalog
          .relation(table)
          .map(Relation::name)
          .filter(catalog.times().versioned()::containsKey)
          .<SqlNode>map(name -> new SqlIdentifier(Catalog.asOf(name), table.getParserPosition()))
          .orElse(table);
    }
  }

  /** Checks the statement as it was written. */
  void check(SqlNode written) {
    written.accept(new Checking());
  }

  private final class Checking extends SqlBasicVisitor<Void> {
    /** Those that a join looks up. */
    private final Set<SqlNode> joined = Collections.newSetFromMap(new IdentityHashMap<>());

    @Override
    public Void visit(SqlCall call) {
      if (call instanceof SqlJoin join && named(join.getRight()) instanceof SqlSnapshot snapshot) {
        joined.add(snapshot);
        checkJoin(join, snapshot);
      }
      if (call instanceof SqlSnapshot && !joined.contains(call)) {
        problems.add(
            call.getParserPosition(),
            "FOR SYSTEM_TIME AS OF is for a table that a stream's record looks up; write FROM stream"
                + " AS s JOIN table FOR SYSTEM_TIME AS OF s.time AS t ON …");
      }
      return super.visit(call);
    }
  }

  private void checkJoin(SqlJoin join, SqlSnapshot snapshot) {
    if (join.getJoinType() == JoinType.FULL || join.getJoinType() == JoinType.RIGHT) {
      problems.add(
          snapshot.getParserPosition(),
          "FOR SYSTEM_TIME AS OF has a time for each record of the stream, and none for the rows"
              + " of the table that a "
              + join.getJoinType()
              + " JOIN keeps; write JOIN or LEFT JOIN");
    }
    Optional<Relation> table = catalog.relation(snapshot.getTableRef());
    if (table.isEmpty()) {
      return; // there is no such source, which is told
    }
    String name = table.get().name();
    SqlParserPos at = snapshot.getTableRef().getParserPosition();
    if (!table.get().isTable()) {
      problems.add(
          at, "'" + name + "' is a stream; FOR SYSTEM_TIME AS OF is for tables that have versions");
    } else if (!catalog.times().versioned().containsKey(name)) {
      problems.add(
          at,
          "table '"
              + name
              + "' keeps the last row of each key only; give it an 'event-time', and it keeps the"
              + " versions");
    } else {
      places.putIfAbsent(name, at);
    }
    checkTime(snapshot, streams(join.getLeft()));
  }

  private void checkTime(SqlSnapshot snapshot, Map<String, Relation> streams) {
    if (streams.isEmpty()) {
      problems.add(
          snapshot.getPeriod().getParserPosition(),
          "FOR SYSTEM_TIME AS OF takes the event time of a stream that stands before it in the same"
              + " FROM, and there is none");
      return;
    }
    if (snapshot.getPeriod() instanceof SqlIdentifier time
        && times(time, streams).anyMatch(found -> true)) {
      return;
    }
    String alias = streams.keySet().iterator().next();
    String column = catalog.times().streams().get(streams.get(alias).name());
    problems.add(
        snapshot.getPeriod().getParserPosition(),
        "FOR SYSTEM_TIME AS OF takes the event time of the record that looks for the row; write "
            + alias
            + "."
            + (column == null ? EVENT_TIME : column));
  }

  /** The streams of which it is the event time. */
  private Stream<Relation> times(SqlIdentifier time, Map<String, Relation> streams) {
    String whole = String.join(".", time.names);
    String qualified = String.join(".", time.names.subList(1, time.names.size()));
    return streams.entrySet().stream()
        .filter(
            stream ->
                stream.getKey().equalsIgnoreCase(time.names.get(0))
                        && isEventTime(qualified, stream.getValue())
                    || streams.size() == 1 && isEventTime(whole, stream.getValue()))
        .map(Map.Entry::getValue);
  }

  private boolean isEventTime(String column, Relation stream) {
    String eventTime = catalog.times().streams().get(stream.name());
    return column.equalsIgnoreCase(eventTime)
        || column.equalsIgnoreCase(EVENT_TIME)
            && (stream.isHidden(EVENT_TIME)
                || stream.rowType().getField(EVENT_TIME, false, false) == null);
  }

  /** The streams that stand in a FROM themselves, by what it calls them. */
  private Map<String, Relation> streams(SqlNode from) {
    var streams = new TreeMap<String, Relation>();
    if (from instanceof SqlJoin join) {
      streams.putAll(streams(join.getLeft()));
      streams.putAll(streams(join.getRight()));
    } else {
      catalog
          .relation(named(from))
          .filter(relation -> !relation.isTable())
          .ifPresent(relation -> streams.put(alias(from, relation), relation));
    }
    return streams;
  }

  private static String alias(SqlNode from, Relation relation) {
    return from.getKind() == SqlKind.AS
        ? ((SqlIdentifier) ((SqlCall) from).operand(1)).getSimple()
        : relation.name();
  }

  private static SqlNode named(SqlNode from) {
    return from.getKind() == SqlKind.AS ? ((SqlCall) from).operand(0) : from;
  }

  /** Whether each record of one stream looks for its row, by the table's key. */
  void check(Shape shape) {
    for (Shape.Table table : shape.tables()) {
      String name = table.relation().name();
      if (table.relation().isAsOf() && !isByKey(table)) {
        String key = catalog.times().versioned().get(name);
        problems.add(
            places.getOrDefault(name, SqlParserPos.ZERO),
            "FOR SYSTEM_TIME AS OF finds the row of a table's key for each record of one stream;"
                + " join '"
                + name
                + "' directly to its stream, before other streams, with ON s.… = t."
                + key);
      }
    }
  }

  private boolean isByKey(Shape.Table table) {
    String key = catalog.times().versioned().get(table.relation().name()).toLowerCase(Locale.ROOT);
    List<RexNode> columns = table.step().projection();
    return table.keys().stream()
        .map(columns::get)
        .map(
            column ->
                column instanceof RexCall cast && cast.isA(SqlKind.CAST)
                    ? cast.getOperands().get(0)
                    : column)
        .filter(RexInputRef.class::isInstance)
        .map(column -> table.step().input().getFieldNames().get(((RexInputRef) column).getIndex()))
        .anyMatch(column -> column.toLowerCase(Locale.ROOT).equals(key));
  }
}
