package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A source as a relation. Fields that a row can not hold are not columns of it. A stream also has
 * the pseudo-columns that the statement uses, which {@code SELECT *} leaves out.
 */
final class Relation extends AbstractTable {
  /** In the place of a position in the source's row. */
  private static final int NOT_A_FIELD = -1;

  private final String name;
  private final String alias;
  private final boolean table;
  private final boolean asOf;
  private final RelDataType rowType;
  private final int[] fields;
  private final Set<String> nested = new LinkedHashSet<>();
  private final Map<String, PseudoColumns.Hidden> hidden;

  Relation(String name, Schema schema, boolean table, Types types, PseudoColumns pseudo) {
    this.name = name;
    this.alias = name;
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
    hidden = new LinkedHashMap<>(table ? Map.of() : pseudo.hidden());
    hidden.keySet().removeIf(column -> has(schema, column));
    hidden.forEach(
        (column, of) -> {
          columns.add(column, of.column().type(types));
          indexes.add(NOT_A_FIELD);
        });
    rowType = columns.build();
    fields = indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean has(Schema schema, String field) {
    return schema.getFields().stream().anyMatch(f -> f.name().equalsIgnoreCase(field));
  }

  private Relation(
      String name,
      String alias,
      boolean table,
      boolean asOf,
      RelDataType rowType,
      int[] fields,
      Map<String, PseudoColumns.Hidden> hidden) {
    this.hidden = hidden;
    this.name = name;
    this.alias = alias;
    this.table = table;
    this.asOf = asOf;
    this.rowType = rowType;
    this.fields = fields;
  }

  /** The same with one more column, of a type that fits everywhere and has no values. */
  Relation with(String column, Types types) {
    var any = types.createSqlType(SqlTypeName.ANY);
    var more = types.builder().addAll(rowType.getFieldList()).add(column, any).build();
    return new Relation(name, alias, table, asOf, more, fields, hidden);
  }

  /** The same table, of which each record sees the rows of its own event time. */
  Relation asOf() {
    return new Relation(name, alias, table, true, rowType, fields, hidden);
  }

  /** The same as a FROM clause calls it. */
  Relation as(String otherName) {
    return new Relation(name, otherName, table, asOf, rowType, fields, hidden);
  }

  String name() {
    return name;
  }

  /** What the FROM clause calls it; the name if it says nothing else. */
  String alias() {
    return alias;
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

  /**
   * Whether {@code SELECT *} leaves this column out: a pseudo-column, and a record, which no target
   * can store.
   */
  boolean isHidden(String column) {
    RelDataTypeField field = rowType.getField(column, false, false);
    return hidden.containsKey(column) || field != null && RowType.hasRows(field.getType());
  }

  /** Every column as it is in the source's row, or at hand. */
  Step step(RexBuilder builder) {
    var columns = new ArrayList<RexNode>();
    for (RelDataTypeField column : rowType.getFieldList()) {
      PseudoColumns.Hidden of = hidden.get(column.getName());
      columns.add(
          of == null
              ? RexInputRef.of(column.getIndex(), rowType)
              : of.column().call(builder, of.argument()));
    }
    return new Step(rowType, fields.clone(), List.of(), columns);
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
