package dev.tidemill.sql;

import java.lang.reflect.Type;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Primitive;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** Between the values of rows and those of Calcite's generated code. Only binary ones differ. */
final class RowValues {
  private RowValues() {}

  static Expression fromRow(Expression element, RelDataType type, Types types) {
    if (isBinary(type)) {
      return Expressions.call(Functions.class, "fromBytes", element);
    }
    if (isBinaries(type)) {
      return Expressions.call(Functions.class, "fromBytesList", element);
    }
    Type java = types.getJavaClass(type);
    Primitive primitive = Primitive.of(java);
    if (primitive == null) {
      return Expressions.convert_(element, java);
    }
    Expression boxed = Expressions.convert_(element, primitive.boxClass);
    return type.isNullable() ? boxed : Expressions.unbox(boxed, primitive);
  }

  static Expression toRow(Expression value, RelDataType type) {
    if (isBinary(type)) {
      return Expressions.call(Functions.class, "toBytes", value);
    }
    if (isBinaries(type)) {
      return Expressions.call(Functions.class, "toBytesList", value);
    }
    Primitive primitive = Primitive.of(value.getType());
    return primitive == null ? value : Expressions.box(value, primitive);
  }

  private static boolean isBinaries(RelDataType type) {
    return ArrayType.isArray(type) && isBinary(type.getComponentType());
  }

  private static boolean isBinary(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.VARBINARY
        || type.getSqlTypeName() == SqlTypeName.BINARY;
  }
}
