package dev.tidemill.sql;

import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.implicit.TypeCoercion;
import org.apache.calcite.sql.validate.implicit.TypeCoercions;

/** Calcite's validator, without implicit casts. */
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

  /** JOIN … USING asks it for the common type of its columns, whether or not casts are implicit. */
  @Override
  public TypeCoercion getTypeCoercion() {
    return TypeCoercions.createTypeCoercion(getTypeFactory(), this);
  }
}
