package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/** A source as a relation. Fields of nested types are not columns of it. */
final class Relation extends AbstractTable {
  private final String name;
  private final boolean table;
  private final boolean asOf;
  private final RelDataType rowType;
  private final int[] fields;
  private final Set<String> nested = new LinkedHashSet<>();

  Relation(String name, Schema schema, boolean table, Types types) {
    this.name = name;
    this.table = table;
    this.asOf = false;
    var columns = types.builder();
    var indexes = new ArrayList<Integer>();
    for (Schema.Field field : schema.getFields()) {
      var type = types.column(field.schema());
      if (type.isPresent()) {
        columns.add(field.name(), type.get());
        indexes.add(field.pos());
      } else {
        nested.add(field.name());
      }
    }
    rowType = columns.build();
    fields = indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  private Relation(String name, boolean table, boolean asOf, RelDataType rowType, int[] fields) {
    this.name = name;
    this.table = table;
    this.asOf = asOf;
    this.rowType = rowType;
    this.fields = fields;
  }

  /** The same with one more column, of a type that fits everywhere and has no values. */
  Relation with(String column, Types types) {
    var any = types.createSqlType(SqlTypeName.ANY);
    var more = types.builder().addAll(rowType.getFieldList()).add(column, any).build();
    return new Relation(name, table, asOf, more, fields);
  }

  /** The same table, of which each record sees the rows of its own event time. */
  Relation asOf() {
    return new Relation(name, table, true, rowType, fields);
  }

  String name() {
    return name;
  }

  /** Whether it is a table: the last row of each key. Otherwise its rows are those of the batch. */
  boolean isTable() {
    return table;
  }

  /** Whether it is a table as it was at the event time of the record that looks for a row. */
  boolean isAsOf() {
    return asOf;
  }

  RelDataType rowType() {
    return rowType;
  }

  /** The position in the source's row of each column. */
  int[] fields() {
    return fields.clone();
  }

  /** Names of the fields that are not columns. */
  Set<String> nested() {
    return nested;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return rowType;
  }
}
