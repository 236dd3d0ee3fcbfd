package dev.tidemill.sql;

import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/** The result of a statement, for others that read it: its plan is put in where they do. */
final class View extends AbstractTable implements TranslatableTable {

  /** Plans the statement anew, as a part of another plan. */
  @FunctionalInterface
  interface Expansion {
    RelNode in(RelOptCluster cluster);
  }

  private final String name;
  private final RelDataType rowType;
  private final Expansion expansion;

  View(String name, RelDataType rowType, Expansion expansion) {
    this.name = name;
    this.rowType = rowType;
    this.expansion = expansion;
  }

  /** The same with one more column, of a type that fits everywhere and has no values. */
  View with(String column, Types types) {
    var any = types.createSqlType(SqlTypeName.ANY);
    return new View(
        name, types.builder().addAll(rowType.getFieldList()).add(column, any).build(), expansion);
  }

  String name() {
    return name;
  }

  RelDataType rowType() {
    return rowType;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType;
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return expansion.in(context.getCluster());
  }
}
