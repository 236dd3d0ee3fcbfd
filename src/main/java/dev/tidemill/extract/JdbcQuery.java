package dev.tidemill.extract;

import dev.tidemill.definition.Overlap;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.Selection;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JavaRow;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The statements that read a table or a query in order, made from what the database says of it.
 * Immutable.
 *
 * <p>Rows are ordered by the cursor's columns and then by those of the primary key. Comparisons of
 * several columns are written out, since not every database compares rows of values, or does it by
 * an index.
 */
final class JdbcQuery {
  private static final Overlap USUAL_TIME = new Overlap(Duration.ofMinutes(5), 0);
  private static final Overlap USUAL_COUNT = new Overlap(Duration.ZERO, 10_000);

  private final String source;
  private final String from;
  private final String quote;
  private final List<OrderColumn> order;
  private final int cursorColumns;
  private final Overlap overlap;
  private final List<JdbcColumn> columns;
  private final List<String> selected;
  private final int[] places;
  private final JavaRow rows;

  private JdbcQuery(
      String source,
      String from,
      String quote,
      List<OrderColumn> order,
      int cursorColumns,
      Overlap overlap,
      List<JdbcColumn> columns,
      JavaRow rows) {
    this.source = source;
    this.from = from;
    this.quote = quote;
    this.order = order;
    this.cursorColumns = cursorColumns;
    this.overlap = overlap;
    this.columns = columns;
    this.rows = rows;
    Set<String> names = new LinkedHashSet<>();
    columns.forEach(column -> names.add(column.name()));
    order.forEach(column -> names.add(column.name()));
    this.selected = List.copyOf(names);
    this.places = order.stream().mapToInt(column -> selected.indexOf(column.name()) + 1).toArray();
  }

  /**
   * Asks the database.
   *
   * @throws SQLException if it does not take the statement
   * @throws Unavailable if what it has does not fit the definition
   */
  static JdbcQuery of(Connection connection, RelationDefinition source, Selection selection)
      throws SQLException {
    try (PreparedStatement nothing = connection.prepareStatement(nothing(selection));
        ResultSet result = nothing.executeQuery()) {
      return of(connection, source, selection, result.getMetaData());
    }
  }

  /** A statement whose result has the columns and no row. */
  static String nothing(Selection selection) {
    return "SELECT * FROM " + from(selection) + " WHERE 1 = 0";
  }

  private static String from(Selection selection) {
    return selection.isQuery() ? "(" + selection.text() + "\n) tidemill" : selection.text();
  }

  private static JdbcQuery of(
      Connection connection,
      RelationDefinition source,
      Selection selection,
      ResultSetMetaData about)
      throws SQLException {
    List<String> key = primaryKey(connection, source.name(), selection);
    Found found = new Found(source.name(), about);
    Set<Integer> order = new LinkedHashSet<>();
    for (String column : selection.cursor()) {
      order.add(found.require(column, "cursor"));
    }
    int cursorColumns = order.size();
    for (String column : key) {
      order.add(found.require(column, "primary-key"));
    }
    DatabaseMetaData database = connection.getMetaData();
    boolean isPostgres = JdbcConnections.isPostgres(database);
    boolean isMariaDb = JdbcConnections.isMariaDb(database);
    List<OrderColumn> orderColumns = new ArrayList<>();
    for (int i : order) {
      orderColumns.add(OrderColumn.of(about, i, isPostgres));
    }
    List<String> fields = new ArrayList<>();
    List<JdbcColumn> columns = new ArrayList<>();
    for (String field : source.schema().getFields().stream().map(f -> f.name()).toList()) {
      Optional<Integer> place = found.place(field);
      if (place.isPresent()) {
        fields.add(field);
        columns.add(JdbcColumn.of(about, place.get(), isMariaDb));
      }
    }
    return new JdbcQuery(
        source.name(),
        from(selection),
        database.getIdentifierQuoteString().strip(),
        orderColumns,
        cursorColumns,
        overlap(source.name(), selection, orderColumns.get(0)),
        columns,
        rows(source, fields, found));
  }

  private static JavaRow rows(RelationDefinition source, List<String> fields, Found found) {
    try {
      return new JavaRow(source.schema(), fields);
    } catch (DecodeException e) {
      throw new Unavailable(
          "Source %s: %s in the database, which has %s; correct the schema, or what is read"
              .formatted(source.name(), e.getMessage(), found.names()),
          e);
    }
  }

  private static Overlap overlap(String source, Selection selection, OrderColumn first) {
    if (selection.cursor().isEmpty()) {
      return Overlap.NONE;
    }
    Overlap overlap = selection.overlap().orElse(first.kind().isTime() ? USUAL_TIME : USUAL_COUNT);
    if (overlap.isNone()
        || first.kind().isTime() && overlap.count() == 0
        || first.kind().isNumber() && overlap.time().isZero()) {
      return overlap;
    }
    throw new Unavailable(
        "Source %s: the first column of the cursor, %s, is %s"
            .formatted(
                source,
                first.name(),
                first.kind().isTime()
                    ? "a time; write 'overlap' as a duration, such as 5m"
                    : first.kind().isNumber()
                        ? "a number; write 'overlap' as one, such as 10000"
                        : "no time and no whole number, so that there is no overlap; if no row ever"
                            + " comes behind the last one, write overlap: 0"));
  }

  /** In its own order. */
  private static List<String> primaryKey(Connection connection, String source, Selection selection)
      throws SQLException {
    if (!selection.primaryKey().isEmpty()) {
      return selection.primaryKey();
    }
    DatabaseMetaData about = connection.getMetaData();
    String[] parts = selection.text().split("\\.");
    String table = folded(about, parts[parts.length - 1]);
    Optional<String> schema =
        parts.length > 1 ? Optional.of(folded(about, parts[0])) : Optional.empty();
    Map<Short, String> key = new TreeMap<>();
    try (ResultSet found =
        about.supportsSchemasInTableDefinitions()
            ? about.getPrimaryKeys(null, schema.orElse(connection.getSchema()), table)
            : about.getPrimaryKeys(schema.orElse(connection.getCatalog()), null, table)) {
      while (found.next()) {
        key.put(found.getShort("KEY_SEQ"), found.getString("COLUMN_NAME"));
      }
    }
    if (key.isEmpty()) {
      throw new Unavailable(
          ("Source %s: %s has no primary key; write columns that tell its rows apart as"
                  + " 'primary-key'")
              .formatted(source, selection.text()));
    }
    return List.copyOf(key.values());
  }

  private static String folded(DatabaseMetaData about, String name) throws SQLException {
    if (about.storesLowerCaseIdentifiers()) {
      return name.toLowerCase(Locale.ROOT);
    }
    return about.storesUpperCaseIdentifiers() ? name.toUpperCase(Locale.ROOT) : name;
  }

  /** The columns of a result by their names, as they are or else whatever their case. */
  private static final class Found {
    private final String source;
    private final List<String> names = new ArrayList<>();

    Found(String source, ResultSetMetaData about) throws SQLException {
      this.source = source;
      for (int i = 1; i <= about.getColumnCount(); i++) {
        names.add(about.getColumnLabel(i));
      }
    }

    List<String> names() {
      return names;
    }

    /** From 1. */
    Optional<Integer> place(String name) {
      int exact = names.indexOf(name);
      for (int i = 0; exact < 0 && i < names.size(); i++) {
        exact = names.get(i).equalsIgnoreCase(name) ? i : -1;
      }
      return exact < 0 ? Optional.empty() : Optional.of(exact + 1);
    }

    int require(String name, String key) {
      return place(name)
          .orElseThrow(
              () ->
                  new Unavailable(
                      "Source %s: '%s' names a column '%s'; the database has %s"
                          .formatted(source, key, name, names)));
    }
  }

  List<OrderColumn> order() {
    return order;
  }

  /** Of {@link #order}, those of the cursor, which come first. */
  int cursorColumns() {
    return cursorColumns;
  }

  List<String> orderNames() {
    return order.stream().map(OrderColumn::name).toList();
  }

  /**
   * A row without a place in the order would never be read.
   *
   * @throws Unavailable if there are rows with a null in the order's columns
   */
  void requireOrder(Connection connection) throws SQLException {
    long rows = rowsWithoutPlace(connection);
    if (rows > 0) {
      throw new Unavailable(
          ("Source %s: %d rows have a NULL in %s, by which rows are read in order, so they would"
                  + " never be read; fill them, or leave them out by a 'query'")
              .formatted(source, rows, nullable()));
    }
  }

  /** Of {@link #order}, what may be null. */
  List<String> nullable() {
    return order.stream().filter(OrderColumn::nullable).map(OrderColumn::name).toList();
  }

  /** How many rows have a null in the order's columns; without an index all rows are looked at. */
  long rowsWithoutPlace(Connection connection) throws SQLException {
    if (nullable().isEmpty()) {
      return 0;
    }
    String isNull =
        nullable().stream()
            .map(column -> quoted(column) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    try (PreparedStatement count =
            connection.prepareStatement("SELECT COUNT(*) FROM " + from + " WHERE " + isNull);
        ResultSet result = count.executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }

  /**
   * From where on a row may still come behind others: {@link Overlap} before the largest value of
   * the first order column. Empty if no row does, or there is none.
   */
  Optional<String> overlapBegins(Connection connection, JdbcConnections connections, Clock clock)
      throws SQLException {
    if (overlap.isNone()) {
      return Optional.empty();
    }
    OrderColumn first = order.get(0);
    Conditions conditions = new Conditions();
    conditions.notLater(clock);
    try (PreparedStatement top =
        conditions.prepare(
            connection, connections, "SELECT MAX(" + quoted(first.name()) + ") FROM " + from, "")) {
      try (ResultSet result = top.executeQuery()) {
        result.next();
        return first.text(result, 1).map(value -> first.minus(value, overlap));
      }
    }
  }

  /**
   * Rows in order, of those that are there now.
   *
   * @param position behind its last row; or all from where its overlap begins
   */
  PreparedStatement rows(
      Connection connection,
      JdbcConnections connections,
      JdbcPosition position,
      boolean overlaps,
      Clock clock)
      throws SQLException {
    Conditions conditions = new Conditions();
    order.stream().filter(OrderColumn::nullable).forEach(conditions::notNull);
    if (!overlap.isNone()) {
      conditions.notLater(clock);
    }
    if (overlaps) {
      conditions.notBefore(position.from().orElseThrow());
    } else if (!position.last().isEmpty()) {
      conditions.behind(position.last());
    }
    String by = orderNames().stream().map(this::quoted).collect(Collectors.joining(", "));
    return conditions.prepare(
        connection,
        connections,
        "SELECT "
            + selected.stream().map(this::quoted).collect(Collectors.joining(", "))
            + " FROM "
            + from,
        " ORDER BY " + by);
  }

  /** A WHERE with its parameters. */
  private final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<OrderColumn> columns = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    void notNull(OrderColumn column) {
      conditions.add(quoted(column.name()) + " IS NOT NULL");
    }

    /** A row of the future would take the overlap with it; it is read when its time has come. */
    void notLater(Clock clock) {
      OrderColumn first = order.get(0);
      if (first.kind() == OrderColumn.Kind.INSTANT) {
        conditions.add(quoted(first.name()) + " <= CURRENT_TIMESTAMP");
      } else if (first.kind().isTime()) {
        conditions.add(compared(first, "<=", first.latest(clock)));
      }
    }

    void notBefore(String value) {
      conditions.add(compared(order.get(0), ">=", value));
    }

    /** In the order of all columns: {@code a >= ? AND (a > ? OR (a = ? AND b > ?))}. */
    void behind(List<String> last) {
      if (order.size() > 1) {
        notBefore(last.get(0)); // says nothing new, but databases find an index by it
      }
      conditions.add(behind(last, 0));
    }

    private String behind(List<String> last, int i) {
      OrderColumn column = order.get(i);
      String greater = compared(column, ">", last.get(i));
      if (i + 1 == order.size()) {
        return greater;
      }
      String equal = compared(column, "=", last.get(i));
      return "(" + greater + " OR (" + equal + " AND " + behind(last, i + 1) + "))";
    }

    private String compared(OrderColumn column, String operator, String value) {
      columns.add(column);
      values.add(value);
      return quoted(column.name()) + " " + operator + " ?";
    }

    PreparedStatement prepare(
        Connection connection, JdbcConnections connections, String select, String orderBy)
        throws SQLException {
      String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
      PreparedStatement statement = connections.prepare(connection, select + where + orderBy);
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).bind(statement, i + 1, values.get(i));
      }
      return statement;
    }
  }

  private String quoted(String name) {
    return quote.isEmpty() ? name : quote + name.replace(quote, quote + quote) + quote;
  }

  /** The row's place in the order: the values of its columns. */
  List<String> place(ResultSet row) throws SQLException {
    List<String> place = new ArrayList<>(places.length);
    for (int i = 0; i < places.length; i++) {
      place.add(
          order
              .get(i)
              .text(row, places[i])
              .orElseThrow(() -> new IllegalStateException("null in spite of IS NOT NULL")));
    }
    return place;
  }

  /**
   * @throws DecodeException if the row does not fit the schema; names the column and the reason
   * @throws SQLException if it can not be read
   */
  Object[] values(ResultSet row) throws SQLException, DecodeException {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = columns.get(i).value(row, i + 1);
      } catch (SQLException | RuntimeException e) {
        if (e instanceof SQLException failed && JdbcConnections.mayPass(failed)) {
          throw failed;
        }
        throw new DecodeException("column '" + columns.get(i).name() + "': " + e.getMessage());
      }
    }
    return rows.of(values);
  }

  /** The row's columns by their names, as the database writes them. */
  Map<String, Optional<String>> texts(ResultSet row) throws SQLException {
    Map<String, Optional<String>> texts = new LinkedHashMap<>();
    for (int i = 0; i < selected.size(); i++) {
      texts.put(selected.get(i), Optional.ofNullable(text(row, i + 1)));
    }
    return texts;
  }

  private static String text(ResultSet row, int i) throws SQLException {
    try {
      return row.getString(i);
    } catch (SQLException e) {
      if (JdbcConnections.mayPass(e)) {
        throw e;
      }
      return "(" + e.getMessage() + ")";
    }
  }
}
