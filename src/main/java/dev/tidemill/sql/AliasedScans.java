package dev.tidemill.sql;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.hint.HintPredicates;
import org.apache.calcite.rel.hint.HintStrategyTable;
import org.apache.calcite.rel.hint.RelHint;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Calcite's converter, which forgets what the FROM clause calls a relation. Here the reading of a
 * relation keeps it, as a hint: the books count joins by these names.
 */
final class AliasedScans extends SqlToRelConverter {
  private static final String ALIAS = "alias";

  private String alias = "";

  AliasedScans(
      SqlValidator validator, Prepare.CatalogReader reader, RelOptCluster cluster, Config config) {
    super(
        (type, query, schema, path) -> {
          throw new IllegalStateException("There are no views: " + query);
        },
        validator,
        reader,
        cluster,
        StandardConvertletTable.INSTANCE,
        config);
    cluster.setHintStrategies(
        HintStrategyTable.builder().hintStrategy(ALIAS, HintPredicates.TABLE_SCAN).build());
  }

  /** The relation that is read, under the name that its FROM clause gives it. */
  static Relation relation(TableScan scan) {
    Relation relation = scan.getTable().unwrap(Relation.class);
    return scan.getHints().stream()
        .filter(hint -> hint.hintName.equals(ALIAS))
        .findFirst()
        .map(hint -> relation.as(hint.listOptions.get(0)))
        .orElse(relation);
  }

  @Override
  protected void convertFrom(
      Blackboard blackboard, @Nullable SqlNode from, @Nullable List<String> fields) {
    SqlKind kind = from == null ? SqlKind.OTHER : from.getKind();
    if (kind == SqlKind.AS) {
      alias = ((SqlIdentifier) ((SqlCall) from).operand(1)).getSimple();
    } else if (kind != SqlKind.IDENTIFIER && kind != SqlKind.SNAPSHOT) {
      alias = ""; // only what the name stands before at once is called so
    }
    super.convertFrom(blackboard, from, fields);
    if (kind == SqlKind.AS) {
      alias = "";
    }
  }

  @Override
  public RelNode toRel(RelOptTable table, List<RelHint> hints) {
    return super.toRel(
        table, alias.isEmpty() ? hints : List.of(RelHint.builder(ALIAS).hintOption(alias).build()));
  }
}
