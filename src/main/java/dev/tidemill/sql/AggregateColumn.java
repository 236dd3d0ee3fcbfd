package dev.tidemill.sql;

import java.util.function.Supplier;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlKind;

/**
 * One aggregate of the statement.
 *
 * @param text as it was written
 * @param position of its argument in the aggregated row; {@link #EVERY_ROW} for COUNT(*)
 */
record AggregateColumn(String text, int position, Supplier<Accumulator> accumulator) {
  private static final int EVERY_ROW = -1;

  static AggregateColumn of(AggregateCall call, RelDataType row, String text) {
    if (call.getAggregation().getKind() == SqlKind.LITERAL_AGG) {
      Object constant = ((RexLiteral) call.rexList.get(0)).getValueAs(Boolean.class);
      return new AggregateColumn(text, EVERY_ROW, () -> new Constant(constant));
    }
    if (call.getArgList().isEmpty()) {
      return new AggregateColumn(text, EVERY_ROW, Counter::new);
    }
    int position = call.getArgList().get(0);
    RelDataType argument = row.getFieldList().get(position).getType();
    SqlKind kind = call.getAggregation().getKind();
    return new AggregateColumn(
        text,
        position,
        switch (kind) {
          case COUNT -> Counter::new;
          case SUM, SUM0 -> sum(argument, Accumulator.Ending.SUM);
          case AVG -> sum(argument, Accumulator.Ending.AVERAGE);
          case SINGLE_VALUE -> {
            ValueType type = ValueType.of(argument);
            yield () -> new SingleValue(type);
          }
          case MIN, MAX -> {
            ValueType type = ValueType.of(argument);
            yield () -> new Extreme(type, kind == SqlKind.MAX);
          }
          default -> throw new IllegalArgumentException("No such aggregate: " + kind);
        });
  }

  private static Supplier<Accumulator> sum(RelDataType argument, Accumulator.Ending ending) {
    return switch (argument.getSqlTypeName()) {
      case REAL, FLOAT, DOUBLE -> () -> new DoubleSum(ending);
      case DECIMAL -> {
        int digits = TypeRules.INSTANCE.getMaxPrecision(argument.getSqlTypeName());
        int scale = argument.getScale();
        yield () -> new DecimalSum(ending, digits, scale);
      }
      default -> () -> new IntegerSum(ending);
    };
  }

  Accumulator create() {
    return accumulator.get();
  }

  Object argument(Object[] row) {
    return position == EVERY_ROW ? Boolean.TRUE : row[position];
  }
}
