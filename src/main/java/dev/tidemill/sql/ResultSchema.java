package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The Avro schema of a statement's rows. Columns have the names that were written; an expression
 * without a name is {@code expr_1} if it is the first column, and so on.
 */
final class ResultSchema {
  private static final String NAME = "Result";
  private static final String NAMELESS = "EXPR$";
  private static final Pattern AVRO_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private ResultSchema() {}

  static Schema of(RelDataType columns, SqlNode statement, Problems problems) {
    List<SqlNode> items = items(statement);
    var fields = new ArrayList<Schema.Field>();
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    for (RelDataTypeField column : columns.getFieldList()) {
      int index = column.getIndex();
      SqlParserPos at =
          items.size() == columns.getFieldCount()
              ? items.get(index).getParserPosition()
              : statement.getParserPosition();
      String name = column.getName();
      if (name.startsWith(NAMELESS) || PseudoColumns.isHeader(name)) {
        name = "expr_" + (index + 1);
      }
      if (UnknownNames.batchColumns().contains(name.toLowerCase(Locale.ROOT))) {
        problems.add(
            at,
            "a column can not be named '"
                + name
                + "': every target has it; leave it out, or name it with AS");
      } else if (!AVRO_NAME.matcher(name).matches()) {
        problems.add(
            at,
            "'" + name + "' is not a column name: use letters, digits and _, not first a digit");
      } else if (!names.add(name)) {
        problems.add(at, "two columns are named '" + name + "'; give one another name with AS");
      } else {
        field(name, column.getType(), at, problems).ifPresent(fields::add);
      }
    }
    return Schema.createRecord(NAME, null, "dev.tidemill", false, fields);
  }

  private static java.util.Optional<Schema.Field> field(
      String name, RelDataType type, SqlParserPos at, Problems problems) {
    var schema = Types.avro(type);
    if (RowType.hasRows(type)) {
      problems.add(at, "column '" + name + "' is " + Leaves.instead(name, type));
    } else if (schema.isEmpty()) {
      boolean nested = ArrayType.isArray(type) && ArrayType.isArray(type.getComponentType());
      problems.add(
          at,
          "column '"
              + name
              + (nested
                  ? "' is an array of arrays, which no target can store; UNNEST it, or take an"
                      + " element"
                  : "' has the type "
                      + type.getSqlTypeName().getName()
                      + ", which can not be stored; CAST it to another"));
    }
    return schema.map(
        s ->
            s.getType() == Schema.Type.UNION
                ? new Schema.Field(name, s, null, Schema.Field.NULL_DEFAULT_VALUE)
                : new Schema.Field(name, s));
  }

  /** The items of the select list that names the columns. */
  private static List<SqlNode> items(SqlNode statement) {
    if (statement instanceof SqlWith with) {
      return items(with.body);
    }
    if (statement instanceof SqlSelect select) {
      boolean star =
          select.getSelectList().stream()
              .anyMatch(item -> item instanceof SqlIdentifier id && id.isStar());
      return star ? List.of() : select.getSelectList();
    }
    return statement instanceof SqlCall call && call.operandCount() > 0
        ? items(call.operand(0))
        : List.of();
  }
}
