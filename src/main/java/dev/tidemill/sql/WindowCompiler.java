package dev.tidemill.sql;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlAggFunction;

/** Window functions: SQL:2003's OVER, over the rows of a batch. Rows keep their order. */
final class WindowCompiler {

  /** One OVER clause and the functions over it. */
  private record Group(
      List<KeyColumn> partition,
      Comparator<Object[]> order,
      WindowFrame frame,
      List<WindowFunction> functions) {}

  private final Window window;
  private final RelDataType input;
  private final Text text;
  private final List<Group> groups = new ArrayList<>();
  private final int width;

  WindowCompiler(Window window, RelDataType input, Text text) throws SqlException {
    this.window = window;
    this.input = input;
    this.text = text;
    int columns = input.getFieldCount();
    for (Window.Group group : window.groups) {
      groups.add(group(group));
      columns += group.aggCalls.size();
    }
    width = columns;
  }

  private Group group(Window.Group group) throws SqlException {
    if (group.exclude != RexWindowExclusion.EXCLUDE_NO_OTHER) {
      throw unsupported("EXCLUDE in a window");
    }
    var partition = group.keys.asList().stream().map(key -> new KeyColumn(key, type(key))).toList();
    var functions = new ArrayList<WindowFunction>();
    for (Window.RexWinAggCall call : group.aggCalls) {
      functions.add(function(call));
    }
    var frame =
        new WindowFrame(group.isRows, bound(group.lowerBound), bound(group.upperBound), null);
    if (frame.isByValue()) {
      var columns = group.orderKeys.getFieldCollations();
      if (columns.size() != 1) {
        throw unsupported("RANGE with a distance needs one ORDER BY column");
      }
      int column = columns.get(0).getFieldIndex();
      if (!WindowFrame.canMeasure(type(column))) {
        throw unsupported("RANGE with a distance over what is not a number; use ROWS");
      }
      frame =
          new WindowFrame(
              false,
              frame.from(),
              frame.to(),
              new WindowFrame.Measure(column, columns.get(0).getDirection().isDescending()));
    }
    return new Group(
        partition,
        ProgramCompiler.order(group.orderKeys.getFieldCollations(), input),
        frame,
        functions);
  }

  private WindowFunction function(Window.RexWinAggCall call) throws SqlException {
    var arguments = new ArrayList<WindowFunction.Argument>();
    for (RexNode operand : call.getOperands()) {
      arguments.add(argument(operand));
    }
    SqlAggFunction function = (SqlAggFunction) call.getOperator();
    boolean ignoreNulls = call.ignoreNulls;
    return switch (call.getKind()) {
      case ROW_NUMBER -> WindowFunction.rowNumber();
      case RANK -> WindowFunction.rank();
      case DENSE_RANK -> WindowFunction.denseRank();
      case PERCENT_RANK -> WindowFunction.percentRank();
      case CUME_DIST -> WindowFunction.cumeDist();
      case NTILE -> WindowFunction.ntile(arguments.get(0));
      case LAG -> WindowFunction.neighbour(arguments, -1, ignoreNulls);
      case LEAD -> WindowFunction.neighbour(arguments, 1, ignoreNulls);
      case FIRST_VALUE -> WindowFunction.first(arguments.get(0), ignoreNulls);
      case LAST_VALUE -> WindowFunction.last(arguments.get(0), ignoreNulls);
      case NTH_VALUE -> WindowFunction.nth(arguments.get(0), arguments.get(1));
      default -> aggregate(call, function);
    };
  }

  private WindowFunction aggregate(Window.RexWinAggCall call, SqlAggFunction function)
      throws SqlException {
    var positions = new ArrayList<Integer>();
    for (RexNode operand : call.getOperands()) {
      if (!(operand instanceof RexInputRef column && column.getIndex() < input.getFieldCount())) {
        throw unsupported("a constant in " + call);
      }
      positions.add(column.getIndex());
    }
    var aggregate =
        AggregateCall.create(
            function,
            call.distinct,
            false,
            call.ignoreNulls,
            List.of(),
            positions,
            -1,
            null,
            RelCollations.EMPTY,
            call.getType(),
            null);
    try {
      return WindowFunction.aggregate(AggregateFunctions.column(aggregate, input, call.toString()));
    } catch (IllegalArgumentException e) {
      throw unsupported(function.getName() + " over a window");
    }
  }

  private WindowFunction.Argument argument(RexNode operand) throws SqlException {
    if (operand instanceof RexLiteral literal) {
      return constant(literal);
    }
    if (!(operand instanceof RexInputRef column)) {
      throw unsupported("an expression within a window function");
    }
    int index = column.getIndex();
    if (index < input.getFieldCount()) {
      return row -> row[index];
    }
    return constant(window.constants.get(index - input.getFieldCount()));
  }

  private WindowFunction.Argument constant(RexLiteral literal) throws SqlException {
    if (literal.isNull()) {
      return row -> null;
    }
    Object value =
        switch (ScalarType.find(literal.getType()).orElse(ScalarType.BYTES)) {
          case BOOLEAN -> literal.getValueAs(Boolean.class);
          case INT -> literal.getValueAs(Integer.class);
          case LONG -> literal.getValueAs(Long.class);
          case FLOAT -> literal.getValueAs(Float.class);
          case DOUBLE -> literal.getValueAs(Double.class);
          case STRING -> literal.getValueAs(String.class);
          case DECIMAL -> literal.getValueAs(java.math.BigDecimal.class);
          default -> throw unsupported("the constant " + literal + " in a window function");
        };
    return row -> value;
  }

  private WindowFrame.Bound bound(RexWindowBound bound) throws SqlException {
    if (bound.isUnbounded()) {
      return WindowFrame.Bound.UNBOUNDED;
    }
    if (bound.isCurrentRow()) {
      return WindowFrame.Bound.CURRENT;
    }
    RexNode offset = bound.getOffset();
    RexLiteral literal =
        offset instanceof RexInputRef column
            ? window.constants.get(column.getIndex() - input.getFieldCount())
            : offset instanceof RexLiteral given ? given : null;
    if (literal == null || literal.isNull()) {
      throw unsupported("a window bound that is no number");
    }
    var distance = literal.getValueAs(java.math.BigDecimal.class);
    return new WindowFrame.Bound(bound.isPreceding() ? distance.negate() : distance);
  }

  private ValueType type(int column) {
    return ValueType.of(input.getFieldList().get(column).getType());
  }

  private static SqlException unsupported(String what) {
    return new SqlException(List.of(new SqlException.Problem(1, 1, "not supported yet: " + what)));
  }

  Rows rows(Rows from) throws EvaluationException {
    List<Object[]> rows = ListedRows.all(from);
    rows.replaceAll(row -> java.util.Arrays.copyOf(row, width));
    int column = input.getFieldCount();
    for (Group group : groups) {
      for (List<Object[]> partition : partitions(rows, group.partition)) {
        partition.sort(group.order);
        var sorted = new WindowPartition(partition, group.order);
        for (int f = 0; f < group.functions.size(); f++) {
          group.functions.get(f).compute(sorted, group.frame, column + f);
        }
      }
      column += group.functions.size();
    }
    return new ListedRows(rows);
  }

  private static Iterable<List<Object[]>> partitions(List<Object[]> rows, List<KeyColumn> by) {
    var partitions = new LinkedHashMap<ByteBuffer, List<Object[]>>();
    for (Object[] row : rows) {
      var key = new Bytes(16 * by.size());
      by.forEach(column -> column.write(row, key));
      partitions.computeIfAbsent(ByteBuffer.wrap(key.toArray()), k -> new ArrayList<>()).add(row);
    }
    return partitions.values();
  }
}
