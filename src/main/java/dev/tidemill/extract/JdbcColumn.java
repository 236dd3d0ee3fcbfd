package dev.tidemill.extract;

import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the values of one column of a result as {@link dev.tidemill.schema.JavaRow} takes them.
 * Immutable.
 *
 * @param type of {@link Types}; that of MariaDB's BIT(n) is what it means, one truth or bytes
 * @param typeName the database's own, in small letters
 * @param isText whether it is read as the database writes it
 */
record JdbcColumn(String name, int type, String typeName, boolean isText) {

  /** What the drivers make of these is less than the text. */
  private static final Set<String> TEXTS = Set.of("bit", "varbit", "money", "timetz");

  static JdbcColumn of(ResultSetMetaData about, int i, boolean isMariaDb) throws SQLException {
    String typeName = about.getColumnTypeName(i).toLowerCase(Locale.ROOT);
    boolean isBits = isMariaDb && typeName.equals("bit");
    return new JdbcColumn(
        about.getColumnLabel(i),
        isBits
            ? (about.getPrecision(i) == 1 ? Types.BOOLEAN : Types.BINARY)
            : about.getColumnType(i),
        typeName,
        !isBits && TEXTS.contains(typeName));
  }

  Object value(ResultSet row, int i) throws SQLException {
    if (isText) {
      return row.getString(i);
    }
    return switch (type) {
      case Types.DATE -> row.getObject(i, LocalDate.class);
      case Types.TIME -> row.getObject(i, LocalTime.class);
      case Types.TIMESTAMP ->
          typeName.equals("timestamptz")
              ? row.getObject(i, OffsetDateTime.class)
              : row.getObject(i, LocalDateTime.class);
      case Types.TIMESTAMP_WITH_TIMEZONE -> row.getObject(i, OffsetDateTime.class);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> row.getBytes(i);
      case Types.BOOLEAN,
          Types.BIT,
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE ->
          row.getObject(i);
      case Types.ARRAY -> list(row.getArray(i));
      default -> row.getString(i);
    };
  }

  private List<Object> list(Array array) throws SQLException {
    if (array == null) {
      return null;
    }
    List<Object> list = new ArrayList<>();
    for (Object element : (Object[]) array.getArray()) {
      list.add(element(element));
    }
    return list;
  }

  /** Drivers give those of java.sql in arrays. */
  private Object element(Object value) {
    if (value instanceof Timestamp time) {
      return typeName.endsWith("timestamptz")
          ? time.toInstant().atOffset(ZoneOffset.UTC)
          : time.toLocalDateTime();
    }
    if (value instanceof Date date) {
      return date.toLocalDate();
    }
    if (value instanceof Time time) {
      return time.toLocalTime();
    }
    boolean isKnown =
        value == null
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof byte[]
            || value instanceof Object[];
    return isKnown ? value : value.toString();
  }
}
