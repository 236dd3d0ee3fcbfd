package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidator;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A statement that has passed every check.
 *
 * @param resultSchema a record schema of its columns
 * @param view its result, for others
 */
record Statement(Shape shape, Schema resultSchema, View view) {
  private static final int MAX_PROBLEMS = 20;

  /** Makes a fresh syntax tree: validation changes the one that it is given. */
  @FunctionalInterface
  private interface Tree {
    SqlNode parse() throws SqlException;
  }

  static Statement of(String sql, Catalog catalog) throws SqlException {
    return of("", sql, catalog);
  }

  /**
   * @param name by which others may read it
   */
  static Statement of(String name, String sql, Catalog catalog) throws SqlException {
    var problems = new Problems();
    Tree tree =
        () -> {
          SqlNode statement = QualifiedRecords.qualified(Syntax.statement(sql), catalog);
          return catalog.pseudo().rewritten(Snapshots.replaced(statement, catalog));
        };
    SqlNode written = catalog.pseudo().rewritten(Syntax.statement(sql));
    var unsupported = new Unsupported(problems, catalog.functions());
    unsupported.statement(written);
    catalog.pseudo().check(written, problems);
    var snapshots = new Snapshots(catalog, problems);
    snapshots.check(written);
    if (!Unsupported.isQuery(written) || unsupported.hasUnknownColumns()) {
      problems.throwIfAny();
    }
    var checked = check(tree, catalog, problems);
    problems.throwIfAny();
    new Comparisons(problems).check(checked.node, checked.validator);
    new GroupWindows(problems).check(checked.node, checked.validator);
    Shape shape = shape(checked, catalog);
    snapshots.check(shape);
    new Comparisons(problems).check(shape);
    var columns = checked.validator.getValidatedNodeType(checked.node);
    var schema = ResultSchema.of(columns, tree.parse(), problems);
    problems.throwIfAny();
    View view = new View(name, columns, cluster -> expanded(tree, catalog, cluster));
    return new Statement(shape, schema, view);
  }

  /** The catalog may know more by now, but nothing that the statement reads is different. */
  private static RelNode expanded(Tree tree, Catalog catalog, RelOptCluster cluster) {
    try {
      SqlValidator validator = catalog.validator();
      RelNode plan = catalog.plan(validator, validator.validate(tree.parse()), cluster);
      return Rewriting.withoutNeedlessOrder(plan);
    } catch (SqlException e) {
      throw new IllegalStateException("was compiled before", e);
    }
  }

  /** The step of a rule: it keeps a row for which the condition is TRUE or wrong. */
  static Step rule(String condition, String source, Catalog catalog) throws SqlException {
    var problems = new Problems();
    new Unsupported(problems, catalog.functions()).condition(Syntax.expression(condition));
    Tree tree =
        () -> {
          SqlNode rewritten = catalog.pseudo().rewritten(Syntax.expression(condition));
          return QualifiedRecords.qualified(selectWhere(rewritten, source), catalog);
        };
    var checked = check(tree, catalog, problems);
    problems.throwIfAny();
    new Comparisons(problems).check(checked.node, checked.validator);
    Shape shape = shape(checked, catalog);
    new Comparisons(problems).check(shape);
    problems.throwIfAny();
    Step where = shape.parts().get(0).branches().get(0).step();
    if (where.filters().isEmpty()) {
      return where;
    }
    var builder = new RexBuilder(catalog.types());
    RexNode all =
        where.filters().size() == 1
            ? where.filters().get(0)
            : builder.makeCall(SqlStdOperatorTable.AND, where.filters());
    RexNode notFalse = builder.makeCall(SqlStdOperatorTable.IS_NOT_FALSE, all);
    return new Step(where.input(), where.fields(), List.of(notFalse), where.projection());
  }

  /** Checks a condition in which some values are {@link Catalog#UNKNOWN}. */
  static void checkCondition(String condition, String source, Catalog catalog) throws SqlException {
    var problems = new Problems();
    new Unsupported(problems, catalog.functions()).condition(Syntax.expression(condition));
    Tree tree = () -> selectWhere(Syntax.expression(condition), source);
    check(tree, catalog, problems, true);
    problems.throwIfAny();
  }

  private static SqlNode selectWhere(SqlNode condition, String source) {
    SqlParserPos nowhere = SqlParserPos.ZERO;
    return new SqlSelect(
        nowhere,
        null,
        new SqlNodeList(List.of(SqlIdentifier.star(nowhere)), nowhere),
        new SqlIdentifier(source, nowhere),
        condition,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private record Checked(SqlValidator validator, SqlNode node) {}

  /**
   * Validates. Calcite stops at the first problem; so what it complains of is replaced by a column
   * that fits everywhere, and the rest is looked at again.
   */
  private static Checked check(Tree tree, Catalog catalog, Problems problems) throws SqlException {
    return check(tree, catalog, problems, false);
  }

  /**
   * @param withUnknown whether the statement has values that nobody knows from the beginning
   */
  private static Checked check(Tree tree, Catalog catalog, Problems problems, boolean withUnknown)
      throws SqlException {
    var complaints = new Complaints(catalog, WrittenNames.of(tree.parse()));
    var wrong = new ArrayList<SqlParserPos>();
    while (true) {
      SqlValidator validator =
          wrong.isEmpty() && !withUnknown ? catalog.validator() : catalog.diagnosingValidator();
      try {
        SqlNode node = tree.parse().accept(new Without(wrong));
        return new Checked(validator, validator.validate(node));
      } catch (CalciteContextException e) {
        var position =
            new SqlParserPos(
                e.getPosLine(), e.getPosColumn(), e.getEndPosLine(), e.getEndPosColumn());
        String message = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
        // A column that stands in for a wrong aggregate is in no group: that is told already.
        boolean told = !wrong.isEmpty() && Complaints.isAboutGroups(message);
        if (!told && !problems.areAt(position.getLineNum(), position.getColumnNum())) {
          problems.add(position, complaints.say(message, position));
        }
        if (wrong.contains(position) || wrong.size() == MAX_PROBLEMS) {
          return null;
        }
        wrong.add(position);
      } catch (RuntimeException | AssertionError e) {
        if (problems.isEmpty()) {
          problems.add(SqlParserPos.ZERO, "not supported yet: " + e.getMessage());
        }
        return null;
      }
    }
  }

  private static Shape shape(Checked checked, Catalog catalog) throws SqlException {
    try {
      RelNode plan = catalog.plan(checked.validator, checked.node);
      return Planning.shape(Rewriting.rewrite(plan), plan.getCluster().getRexBuilder());
    } catch (Shape.UnsupportedPlan | RuntimeException | AssertionError e) {
      LoggerFactory.getLogger(Statement.class).debug("no plan", e);
      throw new SqlException(
          List.of(new SqlException.Problem(1, 1, "not supported yet: " + e.getMessage())));
    }
  }

  private static final class Without extends SqlShuttle {
    private final List<SqlParserPos> positions;

    Without(List<SqlParserPos> positions) {
      this.positions = List.copyOf(positions);
    }

    private static SqlNode placeholder(SqlParserPos position) {
      return new SqlIdentifier(Catalog.UNKNOWN, position);
    }

    @Override
    public @Nullable SqlNode visit(SqlIdentifier identifier) {
      return positions.contains(identifier.getParserPosition())
          ? placeholder(identifier.getParserPosition())
          : identifier;
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      return positions.contains(call.getParserPosition())
          ? placeholder(call.getParserPosition())
          : super.visit(call);
    }
  }
}
