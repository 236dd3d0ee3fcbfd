package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/** The columns of GROUP BY, by the names under which people know them. */
final class GroupSchema {
  private GroupSchema() {}

  /** An empty record if the result is not one row for each group. */
  static Schema of(Shape shape, Schema result) {
    List<Schema.Field> fields = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    if (shape.finish().isPresent()) {
      Aggregate aggregate = shape.parts().get(0).aggregate().orElseThrow();
      List<RexNode> projection = shape.finish().get().projection();
      for (int i = 0; i < aggregate.getGroupCount(); i++) {
        RelDataTypeField column = aggregate.getRowType().getFieldList().get(i);
        String name = name(i, column.getName(), projection, result);
        Schema type = Types.avro(column.getType()).orElseThrow(); // as ValueType has them all
        fields.add(new Schema.Field(names.add(name) ? name : "group_" + (i + 1), type));
      }
    }
    return Schema.createRecord("Group", null, "dev.tidemill", false, fields);
  }

  private static String name(int index, String own, List<RexNode> projection, Schema result) {
    for (int i = 0; i < projection.size(); i++) {
      if (projection.get(i) instanceof RexInputRef column && column.getIndex() == index) {
        return result.getFields().get(i).name();
      }
    }
    return own.matches("[A-Za-z_][A-Za-z0-9_]*") ? own : "group_" + (index + 1);
  }
}
