package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/** The fields of a record that are none themselves, for messages. */
final class Leaves {
  /** More would be no message. */
  private static final int MAX_SHOWN = 8;

  private Leaves() {}

  /**
   * What to write where a record can not stand, as the end of a sentence.
   *
   * @param name of the column
   * @param type of it, with {@link RowType#hasRows}
   */
  static String instead(String name, RelDataType type) {
    return RowType.isRow(type)
        ? "a record; write its fields: " + list(name, type)
        : "an array of records; write UNNEST("
            + name
            + ") AS x in FROM, and its fields: "
            + list("x", type.getComponentType());
  }

  private static String list(String name, RelDataType record) {
    List<String> leaves = of(name, record);
    return leaves.size() <= MAX_SHOWN
        ? String.join(", ", leaves)
        : String.join(", ", leaves.subList(0, MAX_SHOWN)) + ", …";
  }

  /** With their paths. */
  static List<String> of(String name, RelDataType record) {
    var leaves = new ArrayList<String>();
    for (RelDataTypeField field : record.getFieldList()) {
      String path = name + "." + field.getName();
      if (RowType.isRow(field.getType())) {
        leaves.addAll(of(path, field.getType()));
      } else {
        leaves.add(path);
      }
    }
    return leaves;
  }
}
