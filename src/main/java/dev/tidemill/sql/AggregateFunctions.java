package dev.tidemill.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlKind;

/** The aggregates that we have, and what keeps each of them. */
final class AggregateFunctions {
  private static final Set<String> PAIRS =
      Stream.of(PairMoments.Ending.values()).map(Enum::name).collect(Collectors.toSet());

  private static final Set<String> SINGLE =
      Set.of(
          "COUNT",
          "SUM",
          "MIN",
          "MAX",
          "AVG",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP",
          "BOOL_AND",
          "BOOL_OR",
          "EVERY",
          "SOME",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR",
          "ANY_VALUE");

  /** In upper case. */
  static final Set<String> NAMES =
      Stream.concat(PAIRS.stream(), SINGLE.stream()).collect(Collectors.toUnmodifiableSet());

  private AggregateFunctions() {}

  static AggregateColumn column(AggregateCall call, RelDataType row, String text) {
    List<RelDataType> types =
        call.getArgList().stream().map(i -> row.getFieldList().get(i).getType()).toList();
    Supplier<Accumulator> accumulator = accumulator(call, types);
    if (call.isDistinct() && countsRepetitions(call)) {
      var values = types.stream().map(ValueType::of).toArray(ValueType[]::new);
      Supplier<Accumulator> aggregate = accumulator;
      accumulator = () -> new Distinct(values, aggregate);
    }
    return new AggregateColumn(
        text,
        call.filterArg,
        call.getArgList().stream().mapToInt(Integer::intValue).toArray(),
        accumulator);
  }

  private static boolean countsRepetitions(AggregateCall call) {
    return switch (call.getAggregation().getKind()) {
      case MIN, MAX, ANY_VALUE, BIT_AND, BIT_OR -> false;
      default -> true;
    };
  }

  private static Supplier<Accumulator> accumulator(AggregateCall call, List<RelDataType> types) {
    SqlKind kind = call.getAggregation().getKind();
    String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
    if (kind == SqlKind.COUNT) {
      return Counter::new;
    }
    if (PAIRS.contains(name)) {
      var ending = PairMoments.Ending.valueOf(name);
      return () -> new PairMoments(ending);
    }
    RelDataType argument = types.get(0);
    ValueType type = ValueType.of(argument);
    return switch (kind) {
      case SUM -> sum(argument, Accumulator.Ending.SUM);
      case AVG -> sum(argument, Accumulator.Ending.AVERAGE);
      // BOOL_AND and EVERY are minima to Calcite; any value is the least, to be the same always.
      case MIN, ANY_VALUE -> () -> new Extreme(type, false);
      case MAX -> () -> new Extreme(type, true);
      case BIT_AND, BIT_OR, BIT_XOR -> () -> new BitwiseFold(kind, type);
      case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> moments(argument, Spread.of(kind));
      default -> throw new IllegalArgumentException("No such aggregate: " + name);
    };
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

  private static Supplier<Accumulator> moments(RelDataType argument, Spread spread) {
    return switch (argument.getSqlTypeName()) {
      case REAL, FLOAT, DOUBLE -> () -> new DoubleMoments(spread);
      case DECIMAL -> {
        int scale = argument.getScale();
        yield () -> new DecimalMoments(spread, scale);
      }
      default -> () -> new DecimalMoments(spread, 0);
    };
  }
}
