package dev.tidemill.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * What a statement can read beside the fields of its sources. Those of the batch are constants of
 * it, so they stand above aggregations, too; those of the record are columns of each stream, which
 * {@code SELECT *} leaves out. In a plan each is a call without a column, whose value comes from
 * the {@link RowContext}.
 */
enum PseudoColumn {
  BATCH_START("batchStart", SqlTypeName.TIMESTAMP, false),
  BATCH_END("batchEnd", SqlTypeName.TIMESTAMP, false),
  EVENT_TIME("eventTime", SqlTypeName.TIMESTAMP, false),
  SOURCE_TOPIC("sourceTopic", SqlTypeName.VARCHAR, false),
  SOURCE_PARTITION("sourcePartition", SqlTypeName.INTEGER, false),
  SOURCE_OFFSET("sourceOffset", SqlTypeName.BIGINT, false),
  RECORD_KEY("recordKey", SqlTypeName.VARCHAR, true),
  /** Has the header's name as its operand. */
  HEADER("header", SqlTypeName.VARCHAR, true);

  /** Of the batch. */
  static final List<PseudoColumn> CONSTANTS = List.of(BATCH_START, BATCH_END);

  /** Of a record, without those that have an operand. */
  static final List<PseudoColumn> OF_RECORDS =
      List.of(EVENT_TIME, SOURCE_TOPIC, SOURCE_PARTITION, SOURCE_OFFSET, RECORD_KEY);

  private final String method;
  private final SqlTypeName type;
  private final boolean nullable;
  private final Operator operator;

  PseudoColumn(String method, SqlTypeName type, boolean nullable) {
    this.method = method;
    this.type = type;
    this.nullable = nullable;
    this.operator = new Operator(this);
  }

  /** As it is written. */
  String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  RelDataType type(RelDataTypeFactory types) {
    return types.createTypeWithNullability(types.createSqlType(type), nullable);
  }

  SqlOperator operator() {
    return operator;
  }

  /**
   * @param argument of {@link #HEADER} its name
   */
  RexNode call(RexBuilder builder, Optional<String> argument) {
    return builder.makeCall(
        type(builder.getTypeFactory()),
        operator,
        argument.stream().<RexNode>map(builder::makeLiteral).toList());
  }

  /** The pseudo-column that a call stands for. */
  static Optional<PseudoColumn> of(RexCall call) {
    return call.getOperator() instanceof Operator pseudo
        ? Optional.of(pseudo.column)
        : Optional.empty();
  }

  /** Java that reads the value of a call. */
  Expression read(Expression context, RexCall call) {
    return Expressions.call(
        context,
        method,
        call.getOperands().stream()
            .<Expression>map(
                name -> Expressions.constant(((RexLiteral) name).getValueAs(String.class)))
            .toList());
  }

  static Stream<String> names() {
    return Stream.concat(CONSTANTS.stream(), OF_RECORDS.stream()).map(PseudoColumn::columnName);
  }

  /** A function without parentheses. */
  private static final class Operator extends SqlFunction {
    private final PseudoColumn column;

    Operator(PseudoColumn column) {
      super(
          column.name(),
          SqlKind.OTHER_FUNCTION,
          binding -> column.type(binding.getTypeFactory()),
          null,
          OperandTypes.NILADIC,
          SqlFunctionCategory.SYSTEM);
      this.column = column;
    }

    @Override
    public SqlSyntax getSyntax() {
      return SqlSyntax.FUNCTION_ID;
    }
  }
}
