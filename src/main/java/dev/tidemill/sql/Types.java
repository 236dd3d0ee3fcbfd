package dev.tidemill.sql;

import dev.tidemill.schema.RecordFields;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** Avro's types as SQL types and back, by the table in {@code dev.tidemill.schema}. */
final class Types extends JavaTypeFactoryImpl {
  private static final int TIMESTAMP_DIGITS = 3;

  Types() {
    super(TypeRules.INSTANCE);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }

  /** A list: see {@link RowType}. */
  @Override
  public Type getJavaClass(RelDataType type) {
    return RowType.isRow(type) ? List.class : super.getJavaClass(type);
  }

  /**
   * @return the column's type; empty if a row can not hold the field: a map, a union of several, an
   *     array of arrays, a record that contains itself
   */
  Optional<RelDataType> column(Schema schema) {
    return nullable(schema, this::notNull);
  }

  private Optional<RelDataType> nullable(
      Schema schema, Function<Schema, Optional<RelDataType>> notNull) {
    if (schema.getType() != Schema.Type.UNION) {
      return notNull.apply(schema);
    }
    boolean nullable = schema.getTypes().stream().anyMatch(t -> t.getType() == Schema.Type.NULL);
    var others = schema.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
    if (others.size() != 1) {
      return Optional.empty();
    }
    return notNull.apply(others.get(0)).map(type -> createTypeWithNullability(type, nullable));
  }

  private Optional<RelDataType> notNull(Schema schema) {
    return schema.getType() == Schema.Type.ARRAY
        ? nullable(schema.getElementType(), this::single).map(items -> createArrayType(items, -1))
        : single(schema);
  }

  private Optional<RelDataType> single(Schema schema) {
    return schema.getType() == Schema.Type.RECORD ? record(schema) : scalar(schema);
  }

  private Optional<RelDataType> record(Schema schema) {
    List<Schema.Field> fields = RecordFields.of(schema);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    var row = builder();
    fields.forEach(field -> row.add(field.name(), column(field.schema()).orElseThrow()));
    return Optional.of(row.build());
  }

  private Optional<RelDataType> scalar(Schema schema) {
    var logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return Optional.of(
          createSqlType(SqlTypeName.DECIMAL, decimal.getPrecision(), decimal.getScale()));
    }
    if (logical instanceof LogicalTypes.Date) {
      return Optional.of(createSqlType(SqlTypeName.DATE));
    }
    if (logical instanceof LogicalTypes.TimeMillis) {
      return Optional.of(createSqlType(SqlTypeName.TIME, TIMESTAMP_DIGITS));
    }
    if (logical instanceof LogicalTypes.TimestampMillis
        || logical instanceof LogicalTypes.TimestampMicros
        || logical instanceof LogicalTypes.LocalTimestampMillis) {
      return Optional.of(createSqlType(SqlTypeName.TIMESTAMP, TIMESTAMP_DIGITS));
    }
    SqlTypeName name =
        switch (schema.getType()) {
          case BOOLEAN -> SqlTypeName.BOOLEAN;
          case INT -> SqlTypeName.INTEGER;
          case LONG -> SqlTypeName.BIGINT;
          case FLOAT -> SqlTypeName.REAL;
          case DOUBLE -> SqlTypeName.DOUBLE;
          case STRING, ENUM -> SqlTypeName.VARCHAR;
          case BYTES, FIXED -> SqlTypeName.VARBINARY;
          default -> null;
        };
    return Optional.ofNullable(name).map(this::createSqlType);
  }

  /**
   * @return the Avro type of a result column; empty if there is none (intervals, arrays of arrays,
   *     NULL)
   */
  static Optional<Schema> avro(RelDataType type) {
    Optional<Schema> schema =
        ArrayType.isArray(type)
            ? Optional.of(type.getComponentType())
                .filter(items -> !ArrayType.isArray(items))
                .flatMap(Types::avro)
                .map(Schema::createArray)
            : avroScalar(type);
    return schema.map(
        s -> type.isNullable() ? Schema.createUnion(Schema.create(Schema.Type.NULL), s) : s);
  }

  private static Optional<Schema> avroScalar(RelDataType type) {
    return Optional.ofNullable(
        switch (type.getSqlTypeName()) {
          case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
          case TINYINT, SMALLINT, INTEGER -> Schema.create(Schema.Type.INT);
          case BIGINT -> Schema.create(Schema.Type.LONG);
          case REAL -> Schema.create(Schema.Type.FLOAT);
          case FLOAT, DOUBLE -> Schema.create(Schema.Type.DOUBLE);
          case CHAR, VARCHAR -> Schema.create(Schema.Type.STRING);
          case BINARY, VARBINARY -> Schema.create(Schema.Type.BYTES);
          case DECIMAL ->
              LogicalTypes.decimal(type.getPrecision(), type.getScale())
                  .addToSchema(Schema.create(Schema.Type.BYTES));
          case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
          case TIME -> LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT));
          case TIMESTAMP ->
              LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
          default -> null;
        });
  }
}
