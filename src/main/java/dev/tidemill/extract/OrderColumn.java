package dev.tidemill.extract;

import dev.tidemill.definition.Overlap;
import dev.tidemill.schema.CanonicalTime;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A column by which rows are read in order. Its values are held as texts that do not depend on the
 * session: they are in positions and in the identity of records. Immutable.
 *
 * @param name as the database has it
 * @param nullable whether it may be null, as far as the database knows
 * @param untyped the type of a parameter that takes any value as text
 */
record OrderColumn(String name, Kind kind, boolean nullable, int untyped) {

  /** How its values are read, compared and written into statements. */
  enum Kind {
    INTEGER,
    DECIMAL,
    FLOAT,
    DATE,
    LOCAL,
    INSTANT,
    BYTES,
    OTHER;

    boolean isTime() {
      return this == DATE || this == LOCAL || this == INSTANT;
    }

    boolean isNumber() {
      return this == INTEGER || this == DECIMAL;
    }
  }

  /** No zone is further from UTC. */
  private static final Duration FURTHEST_ZONE = Duration.ofHours(14);

  /**
   * @param i in the result, from 1
   */
  static OrderColumn of(ResultSetMetaData about, int i, boolean isPostgres) throws SQLException {
    return new OrderColumn(
        about.getColumnLabel(i),
        kind(about, i),
        about.isNullable(i) != ResultSetMetaData.columnNoNulls,
        isPostgres ? Types.OTHER : Types.VARCHAR); // OTHER: the server takes the column's type
  }

  private static Kind kind(ResultSetMetaData about, int i) throws SQLException {
    return switch (about.getColumnType(i)) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> Kind.INTEGER;
      case Types.BIGINT -> about.isSigned(i) ? Kind.INTEGER : Kind.DECIMAL;
      case Types.NUMERIC, Types.DECIMAL -> Kind.DECIMAL;
      case Types.REAL, Types.FLOAT, Types.DOUBLE -> Kind.FLOAT;
      case Types.DATE -> Kind.DATE;
      case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
      case Types.TIMESTAMP ->
          about.getColumnTypeName(i).equals("timestamptz") ? Kind.INSTANT : Kind.LOCAL;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> Kind.BYTES;
      default -> Kind.OTHER;
    };
  }

  /**
   * @return empty if it is null
   */
  Optional<String> text(ResultSet row, int i) throws SQLException {
    Object value =
        switch (kind) {
          case INTEGER -> row.getLong(i);
          case DECIMAL -> row.getBigDecimal(i);
          case FLOAT -> row.getDouble(i);
          case DATE -> row.getObject(i, LocalDate.class);
          case LOCAL -> row.getObject(i, LocalDateTime.class);
          case INSTANT -> row.getObject(i, OffsetDateTime.class);
          case BYTES -> row.getBytes(i);
          case OTHER -> row.getString(i);
        };
    return value == null || row.wasNull() ? Optional.empty() : Optional.of(text(value));
  }

  private static String text(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC).toString();
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
  }

  void bind(PreparedStatement statement, int i, String text) throws SQLException {
    switch (kind) {
      case INTEGER -> statement.setLong(i, Long.parseLong(text));
      case DECIMAL -> statement.setBigDecimal(i, new BigDecimal(text));
      case DATE -> statement.setObject(i, LocalDate.parse(text));
      case LOCAL -> statement.setObject(i, LocalDateTime.parse(text));
      case INSTANT -> statement.setObject(i, OffsetDateTime.parse(text));
      case BYTES -> statement.setBytes(i, HexFormat.of().parseHex(text));
      case FLOAT, OTHER -> statement.setObject(i, text, untyped);
    }
  }

  /** As the database does. Only of times and numbers: texts are ordered by collations. */
  int compare(String one, String other) {
    return switch (kind) {
      case INTEGER -> Long.compare(Long.parseLong(one), Long.parseLong(other));
      case DECIMAL -> new BigDecimal(one).compareTo(new BigDecimal(other));
      case DATE, LOCAL, INSTANT -> compareTimes(one, other);
      default -> throw new IllegalStateException(kind + " is compared by the database only");
    };
  }

  /** Of each row, so by ms if that is enough: java.time's parser is dear. */
  private int compareTimes(String one, String other) {
    long first = CanonicalTime.localMillis(withoutZ(one));
    long second = CanonicalTime.localMillis(withoutZ(other));
    return first == second || first == CanonicalTime.OTHER || second == CanonicalTime.OTHER
        ? time(one).compareTo(time(other))
        : Long.compare(first, second);
  }

  private static String withoutZ(String text) {
    return text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
  }

  /** The value that lies so far before another. */
  String minus(String text, Overlap overlap) {
    return switch (kind) {
      case INTEGER, DECIMAL ->
          new BigDecimal(text).subtract(BigDecimal.valueOf(overlap.count())).toPlainString();
      case DATE, LOCAL, INSTANT -> text(time(text).minus(overlap.time()));
      default -> throw new IllegalStateException(kind + " has no distances");
    };
  }

  /** A later time is one of the future, wherever the clock is that wrote it. */
  String latest(Clock clock) {
    LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    return text(kind == Kind.INSTANT ? now : now.plus(FURTHEST_ZONE));
  }

  private LocalDateTime time(String text) {
    return switch (kind) {
      case DATE -> LocalDate.parse(text).atStartOfDay();
      case LOCAL -> LocalDateTime.parse(text);
      default -> OffsetDateTime.parse(text).toLocalDateTime();
    };
  }

  private String text(LocalDateTime time) {
    return switch (kind) {
      case DATE -> time.toLocalDate().toString();
      case LOCAL -> time.toString();
      default -> time.atOffset(ZoneOffset.UTC).toString();
    };
  }
}
