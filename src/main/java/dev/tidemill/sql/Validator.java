package dev.tidemill.sql;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercion;
import org.apache.calcite.sql.validate.implicit.TypeCoercions;

/** Calcite's validator, without implicit casts, and with columns that {@code *} leaves out. */
final class Validator extends SqlValidatorImpl {

  Validator(SqlOperatorTable operators, CalciteCatalogReader reader, Types types) {
    super(
        operators,
        reader,
        types,
        Config.DEFAULT
            .withConformance(SqlConformanceEnum.LENIENT)
            // A comparison of a number with a string is an error now, not a bad CAST per record.
            .withTypeCoercionEnabled(false)
            .withIdentifierExpansion(true));
  }

  /** Is given what {@code *} stands for, column by column. */
  @Override
  protected void addToSelectList(
      List<SqlNode> list,
      Set<String> aliases,
      List<Map.Entry<String, RelDataType>> fields,
      SqlNode column,
      SelectScope scope,
      boolean includeSystemVars) {
    if (!(column instanceof SqlIdentifier id) || !isHidden(id, scope)) {
      super.addToSelectList(list, aliases, fields, column, scope, includeSystemVars);
    }
  }

  private boolean isHidden(SqlIdentifier column, SelectScope scope) {
    int last = column.names.size() - 1;
    var found = new SqlValidatorScope.ResolvedImpl();
    scope.resolve(column.names.subList(0, last), getCatalogReader().nameMatcher(), false, found);
    if (found.count() != 1 || found.only().namespace.getTable() == null) {
      return false;
    }
    Relation relation = found.only().namespace.getTable().unwrap(Relation.class);
    return relation != null && relation.isHidden(column.names.get(last));
  }

  /** JOIN … USING asks it for the common type of its columns, whether or not casts are implicit. */
  @Override
  public TypeCoercion getTypeCoercion() {
    return TypeCoercions.createTypeCoercion(getTypeFactory(), this);
  }
}
