package dev.tidemill.extract;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Unavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** An Avro schema for what a database has, by the types of its columns. */
public final class InferredSchema {
  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

  /** Of PostgreSQL, which keeps it in 11 bits. */
  private static final int MOST_SCALE = 1_000;

  private InferredSchema() {}

  /**
   * @param source its name becomes that of the record
   * @throws Unavailable if the database does not answer, or not to this
   * @throws IllegalArgumentException if a column can not be a field; says which, all of them
   */
  public static Schema of(String source, Origin.Jdbc origin) {
    JdbcConnections connections = new JdbcConnections(source, origin.database());
    try (Connection connection = connections.open();
        PreparedStatement nothing =
            connection.prepareStatement(JdbcQuery.nothing(origin.selection()));
        ResultSet result = nothing.executeQuery()) {
      boolean isMariaDb = JdbcConnections.isMariaDb(connection.getMetaData());
      return of(source, result.getMetaData(), origin.selection().isQuery(), isMariaDb);
    } catch (SQLException e) {
      throw connections.unavailable(e);
    }
  }

  private static Schema of(
      String source, ResultSetMetaData about, boolean isQuery, boolean isMariaDb)
      throws SQLException {
    List<Schema.Field> fields = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      String name = about.getColumnLabel(i);
      try {
        Schema type = type(about, i, isMariaDb);
        // In a query, a join may make a null of what the table's column does not allow.
        boolean nullable = isQuery || about.isNullable(i) != ResultSetMetaData.columnNoNulls;
        fields.add(nullable ? optional(named(name), type) : new Schema.Field(named(name), type));
      } catch (IllegalArgumentException e) {
        problems.add("column '" + name + "' " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return Schema.createRecord(source, null, null, false, fields);
  }

  private static String named(String column) {
    if (!column.matches(NAME)) {
      throw new IllegalArgumentException(
          "has a name that no field can have; give it another in a 'query'");
    }
    return column;
  }

  private static Schema.Field optional(String name, Schema type) {
    Schema union = Schema.createUnion(Schema.create(Schema.Type.NULL), type);
    return new Schema.Field(name, union, null, Schema.Field.NULL_DEFAULT_VALUE);
  }

  private static Schema type(ResultSetMetaData about, int i, boolean isMariaDb)
      throws SQLException {
    JdbcColumn column = JdbcColumn.of(about, i, isMariaDb);
    String name = column.typeName();
    if (column.type() == Types.ARRAY) {
      return array(name.replaceFirst("^_", ""));
    }
    if (column.isText()) {
      return Schema.create(Schema.Type.STRING);
    }
    return switch (column.type()) {
      case Types.BOOLEAN, Types.BIT -> Schema.create(Schema.Type.BOOLEAN);
      case Types.TINYINT, Types.SMALLINT -> Schema.create(Schema.Type.INT);
      case Types.INTEGER -> Schema.create(about.isSigned(i) ? Schema.Type.INT : Schema.Type.LONG);
      case Types.BIGINT -> about.isSigned(i) ? Schema.create(Schema.Type.LONG) : decimal(20, 0);
      case Types.NUMERIC, Types.DECIMAL -> decimal(about.getPrecision(i), about.getScale(i));
      case Types.REAL -> Schema.create(Schema.Type.FLOAT);
      case Types.FLOAT, Types.DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
          Schema.create(Schema.Type.BYTES);
      case Types.DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case Types.TIME -> LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT));
      case Types.TIMESTAMP ->
          name.equals("timestamptz") || isMariaDb && name.equals("timestamp") ? instant() : local();
      case Types.TIMESTAMP_WITH_TIMEZONE -> instant();
      default -> text(name);
    };
  }

  private static Schema instant() {
    return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
  }

  private static Schema local() {
    return LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
  }

  private static Schema text(String name) {
    Schema text = Schema.create(Schema.Type.STRING);
    return name.equals("uuid") ? LogicalTypes.uuid().addToSchema(text) : text;
  }

  private static Schema decimal(int precision, int written) {
    if (precision <= 0) {
      throw new IllegalArgumentException(
          "is a decimal without a precision; give it one in a 'query', such as CAST(… AS"
              + " NUMERIC(18, 4)), or write the schema by hand");
    }
    // PostgreSQL also has numeric(2, 4) and numeric(3, -2), whose scale its driver takes for 2046.
    int scale = written > MOST_SCALE ? written - (1 << 11) : written;
    int digits = Math.max(precision - Math.min(scale, 0), scale);
    return LogicalTypes.decimal(digits, Math.max(scale, 0))
        .addToSchema(Schema.create(Schema.Type.BYTES));
  }

  /** The names are PostgreSQL's. */
  private static Schema array(String element) {
    Schema type =
        switch (element) {
          case "int2", "int4" -> Schema.create(Schema.Type.INT);
          case "int8" -> Schema.create(Schema.Type.LONG);
          case "float4" -> Schema.create(Schema.Type.FLOAT);
          case "float8" -> Schema.create(Schema.Type.DOUBLE);
          case "bool" -> Schema.create(Schema.Type.BOOLEAN);
          case "bytea" -> Schema.create(Schema.Type.BYTES);
          case "date" -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
          case "timestamp" -> local();
          case "timestamptz" -> instant();
          case "numeric" -> decimal(0, 0);
          default -> text(element);
        };
    return Schema.createArray(Schema.createUnion(Schema.create(Schema.Type.NULL), type));
  }
}
