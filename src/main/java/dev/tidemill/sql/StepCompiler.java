package dev.tidemill.sql;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.RexToLixTranslator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.ParameterExpression;
import org.apache.calcite.linq4j.tree.Statement;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgramBuilder;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.ClassBodyEvaluator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one class of a {@link Step}: Calcite writes the Java of its expressions, Janino compiles
 * it.
 */
final class StepCompiler {
  /** The JIT gives up on methods of more than 8000 bytes; an expression node takes some 40. */
  private static final int NODES_PER_METHOD = 60;

  private static final Logger LOG = LoggerFactory.getLogger(StepCompiler.class);

  private final Types types;
  private final RexBuilder builder;
  private final CheckedExpressions checked;
  private final ClassLoader loader;

  /**
   * @param loader of what the steps call
   */
  StepCompiler(Types types, ClassLoader loader) {
    this.loader = loader;
    this.types = types;
    builder = new RexBuilder(types);
    checked = new CheckedExpressions(builder);
  }

  /**
   * @return a class whose instances may be used by one thread each
   */
  Class<?> compile(Step step) {
    var source = new JavaSource(step);
    var evaluator = new ClassBodyEvaluator();
    evaluator.setClassName("dev.tidemill.sql.Generated");
    evaluator.setExtendedClass(CompiledRow.class);
    evaluator.setParentClassLoader(loader);
    String text = source.write();
    LOG.debug("Generated code:\n{}", text);
    try {
      evaluator.cook(new StringReader(text));
      return evaluator.getClazz();
    } catch (CompileException | IOException e) {
      throw new IllegalStateException("Generated code does not compile:\n" + text, e);
    }
  }

  static CompiledRow create(Class<?> generated, RowContext context) {
    try {
      var row = (CompiledRow) generated.getDeclaredConstructor().newInstance();
      row.context = context;
      return row;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Generated class has no usable constructor", e);
    }
  }

  /** The text of one class. */
  private final class JavaSource {
    private final Step step;
    private final BlockBuilder constants = new BlockBuilder().withRemoveUnused(false);
    private final StringBuilder methods = new StringBuilder();
    private final StringBuilder main = new StringBuilder();
    private int methodCount;

    JavaSource(Step step) {
      this.step = step;
    }

    String write() {
      for (RexNode filter : step.filters()) {
        String method = filterMethod(filter);
        main.append("  if (!").append(method).append("(row)) return null;\n");
      }
      main.append("  Object[] out = new Object[").append(step.projection().size()).append("];\n");
      var waiting = new ArrayList<Integer>();
      int nodes = 0;
      for (int i = 0; i < step.projection().size(); i++) {
        if (step.projection().get(i) instanceof RexInputRef column) {
          int field = step.fields()[column.getIndex()];
          main.append("  out[" + i + "] = row[" + field + "];\n");
          continue;
        }
        int size = RexUtil.nodeCount(List.of(step.projection().get(i)));
        if (nodes + size > NODES_PER_METHOD) {
          projectionMethod(waiting);
          nodes = 0;
        }
        nodes += size;
        waiting.add(i);
      }
      projectionMethod(waiting);
      var text = new StringBuilder();
      for (Statement constant : constants.toBlock().statements) {
        text.append("private static ").append(Expressions.toString(constant));
      }
      return text.append(methods)
          .append("public Object[] evaluate(Object[] row) throws Throwable {\n")
          .append(main)
          .append("  return out;\n}\n")
          .toString();
    }

    private String filterMethod(RexNode filter) {
      String name = "filter" + methodCount++;
      var body = new BlockBuilder();
      Expression holds = translate(List.of(isTrue(filter)), body).get(0);
      body.add(Expressions.return_(null, holds));
      methods
          .append("private boolean " + name + "(Object[] row) throws Throwable\n")
          .append(body.toBlock());
      return name;
    }

    private RexNode isTrue(RexNode filter) {
      return filter.getType().isNullable()
          ? builder.makeCall(SqlStdOperatorTable.IS_TRUE, filter)
          : filter;
    }

    private void projectionMethod(List<Integer> columns) {
      if (columns.isEmpty()) {
        return;
      }
      String name = "project" + methodCount++;
      var body = new BlockBuilder();
      var expressions = columns.stream().map(i -> output(step.projection().get(i))).toList();
      var values = translate(expressions, body);
      ParameterExpression out = Expressions.parameter(Object[].class, "out");
      for (int i = 0; i < columns.size(); i++) {
        RelDataType type = expressions.get(i).getType();
        body.add(
            Expressions.statement(
                Expressions.assign(
                    Expressions.arrayIndex(out, Expressions.constant(columns.get(i))),
                    RowValues.toRow(values.get(i), type))));
      }
      methods
          .append("private void " + name + "(Object[] row, Object[] out) throws Throwable\n")
          .append(body.toBlock());
      main.append("  ").append(name).append("(row, out);\n");
      columns.clear();
    }

    /** Small integers are INTEGER in a row. */
    private RexNode output(RexNode expression) {
      return switch (expression.getType().getSqlTypeName()) {
        case TINYINT, SMALLINT ->
            builder.makeCast(
                types.createTypeWithNullability(
                    types.createSqlType(SqlTypeName.INTEGER), expression.getType().isNullable()),
                expression);
        default -> expression;
      };
    }

    private List<Expression> translate(List<RexNode> expressions, BlockBuilder body) {
      var atHand = new AtHand(step);
      var columns = expressions.stream().map(e -> e.accept(checked).accept(atHand)).toList();
      var program = new RexProgramBuilder(atHand.row(), builder);
      columns.forEach(column -> program.addProject(column, null));
      ParameterExpression row = Expressions.parameter(Object[].class, "row");
      return RexToLixTranslator.translateProjects(
          program.getProgram(),
          types,
          SqlConformanceEnum.LENIENT,
          body,
          constants,
          null,
          DataContext.ROOT,
          (list, index, storage) ->
              atHand.isHere(index)
                  ? atHand.read(index, row)
                  : RowValues.fromRow(
                      Expressions.arrayIndex(row, Expressions.constant(step.fields()[index])),
                      step.input().getFieldList().get(index).getType(),
                      types),
          name -> {
            throw new IllegalStateException("No correlated variables are planned: " + name);
          });
    }
  }

  /**
   * Puts further columns in the place of pseudo-columns, which are read from the row's context, and
   * of fields of the row's records.
   */
  private final class AtHand extends RexShuttle {
    private static final ParameterExpression CONTEXT =
        Expressions.parameter(RowContext.class, "context");

    private final Step step;
    private final RelDataType input;
    private final List<RexNode> others = new ArrayList<>();

    AtHand(Step step) {
      this.step = step;
      this.input = step.input();
    }

    @Override
    public RexNode visitCall(RexCall call) {
      return PseudoColumn.of(call).isEmpty() ? super.visitCall(call) : column(call);
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      return FieldPath.of(access).isEmpty() ? super.visitFieldAccess(access) : column(access);
    }

    private RexNode column(RexNode other) {
      if (!others.contains(other)) {
        others.add(other);
      }
      return new RexInputRef(input.getFieldCount() + others.indexOf(other), other.getType());
    }

    RelDataType row() {
      var row = types.builder().addAll(input.getFieldList());
      others.forEach(other -> row.add(other.toString(), other.getType()));
      return row.build();
    }

    boolean isHere(int column) {
      return column >= input.getFieldCount();
    }

    Expression read(int column, Expression row) {
      RexNode other = others.get(column - input.getFieldCount());
      return other instanceof RexCall call
          ? PseudoColumn.of(call).orElseThrow().read(CONTEXT, call)
          : RowValues.fromRow(
              FieldPath.of((RexFieldAccess) other).orElseThrow().read(row, step.fields()),
              other.getType(),
              types);
    }
  }
}
