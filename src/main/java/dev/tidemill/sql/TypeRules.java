package dev.tidemill.sql;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * What the standard leaves to the implementation about types.
 *
 * <ul>
 *   <li>DECIMAL has up to 38 digits, as in Avro's targets PostgreSQL, DuckDB and Parquet.
 *   <li>SUM of integers is BIGINT, of DECIMAL(p, s) is DECIMAL(38, s), of REAL and DOUBLE is
 *       DOUBLE.
 *   <li>AVG is DOUBLE, whatever it averages: the nearest double to the exact quotient.
 *   <li>Strings of different lengths meet as VARCHAR: {@code CASE ... 'big' ... 'small'} never
 *       pads.
 *   <li>A cast to a smaller scale rounds half away from zero.
 * </ul>
 */
final class TypeRules extends RelDataTypeSystemImpl {
  static final TypeRules INSTANCE = new TypeRules();

  private static final int MAX_DECIMAL_DIGITS = 38;

  private TypeRules() {}

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? MAX_DECIMAL_DIGITS : super.getMaxPrecision(type);
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? MAX_DECIMAL_DIGITS : super.getMaxScale(type);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    // A row's times have ms, so every TIMESTAMP has.
    return type == SqlTypeName.TIMESTAMP || type == SqlTypeName.TIME
        ? 3
        : super.getDefaultPrecision(type);
  }

  @Override
  public RoundingMode roundingMode() {
    return RoundingMode.HALF_UP;
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType sum =
        switch (argument.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER, BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, MAX_DECIMAL_DIGITS, argument.getScale());
          case REAL, FLOAT, DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          default -> argument;
        };
    return factory.createTypeWithNullability(sum, argument.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DOUBLE), argument.isNullable());
  }

  @Override
  public RelDataType deriveCovarType(RelDataTypeFactory factory, RelDataType y, RelDataType x) {
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DOUBLE), y.isNullable() || x.isNullable());
  }
}
