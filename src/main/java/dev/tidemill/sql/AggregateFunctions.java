package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlKind;

/** The aggregates that we have, and what keeps each of them. */
final class AggregateFunctions {
  private static final Set<String> PAIRS =
      Stream.of(PairMoments.Ending.values()).map(Enum::name).collect(Collectors.toSet());

  private static final Set<String> SINGLE =
      Set.of(
          "COUNT",
          "REGR_COUNT",
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
          "ANY_VALUE",
          "FIRST_VALUE",
          "LAST_VALUE",
          "ARG_MIN",
          "ARG_MAX",
          "MIN_BY",
          "MAX_BY",
          "MODE",
          "ARRAY_AGG",
          "STRING_AGG",
          "LISTAGG",
          "PERCENTILE_CONT",
          "PERCENTILE_DISC",
          "APPROX_PERCENTILE",
          "APPROX_QUANTILE",
          "APPROX_COUNT_DISTINCT");

  /** In upper case. */
  static final Set<String> NAMES =
      Stream.concat(PAIRS.stream(), SINGLE.stream()).collect(Collectors.toUnmodifiableSet());

  /** To which each repetition of a value matters, so that DISTINCT would ask for something else. */
  static final Set<String> COUNTING_EACH =
      Stream.concat(PAIRS.stream(), Stream.of("MODE", "APPROX_PERCENTILE", "APPROX_QUANTILE"))
          .collect(Collectors.toUnmodifiableSet());

  private AggregateFunctions() {}

  static AggregateColumn column(AggregateCall call, RelDataType row, String text) {
    return new Column(call, row, text).made();
  }

  private record Column(AggregateCall call, RelDataType row, String text) {

    AggregateColumn made() {
      if (call.getAggregation() instanceof UserAggregateFunction function) {
        return plain(() -> new UserState(function.aggregate(), function.result()));
      }
      return switch (call.getAggregation().getKind()) {
        // What Calcite makes of subqueries.
        case LITERAL_AGG -> {
          Object constant = ((RexLiteral) call.rexList.get(0)).getValueAs(Boolean.class);
          yield plain(() -> new Constant(constant));
        }
        case SINGLE_VALUE -> {
          ValueType type = type(0);
          yield plain(() -> new SingleValue(type));
        }
        default -> written();
      };
    }

    private AggregateColumn written() {
      return switch (name()) {
        // Calcite leaves out arguments of REGR_COUNT that are never NULL, as it does of COUNT.
        case "COUNT", "REGR_COUNT", "APPROX_COUNT_DISTINCT" -> count();
        case "FIRST_VALUE" -> chosen(Chosen.Row.FIRST);
        case "LAST_VALUE" -> chosen(Chosen.Row.LAST);
        case "ARG_MIN", "MIN_BY" -> chosen(Chosen.Row.LEAST_KEY);
        case "ARG_MAX", "MAX_BY" -> chosen(Chosen.Row.GREATEST_KEY);
        case "ARRAY_AGG" -> sequence(false);
        case "STRING_AGG", "LISTAGG" -> sequence(true);
        case "MODE" -> plain(() -> new Frequencies(Frequencies.Ending.MODE, type(0), false));
        case "PERCENTILE_CONT" -> percentile(Frequencies.Ending.CONTINUOUS);
        case "PERCENTILE_DISC" -> percentile(Frequencies.Ending.DISCRETE);
        case "APPROX_PERCENTILE", "APPROX_QUANTILE" -> approximatePercentile();
        default -> value();
      };
    }

    private String name() {
      return call.getAggregation().getName().toUpperCase(Locale.ROOT);
    }

    private RelDataType argument(int index) {
      return row.getFieldList().get(call.getArgList().get(index)).getType();
    }

    private ValueType type(int index) {
      return ValueType.of(argument(index));
    }

    private ValueType[] types() {
      return IntStream.range(0, call.getArgList().size())
          .mapToObj(this::type)
          .toArray(ValueType[]::new);
    }

    private AggregateColumn plain(Supplier<Accumulator> accumulator) {
      return column(call.getArgList(), false, false, accumulator);
    }

    private AggregateColumn column(
        List<Integer> positions, boolean nulls, boolean place, Supplier<Accumulator> accumulator) {
      return new AggregateColumn(
          text,
          call.filterArg,
          positions.stream().mapToInt(Integer::intValue).toArray(),
          nulls,
          place,
          accumulator);
    }

    private AggregateColumn count() {
      if (call.isApproximate() || name().startsWith("APPROX")) {
        ValueType[] types = types();
        return plain(() -> new HyperLogLog(types));
      }
      return call.isDistinct() ? distinct(Counter::new) : plain(Counter::new);
    }

    private AggregateColumn distinct(Supplier<Accumulator> aggregate) {
      ValueType[] types = types();
      return plain(() -> new Distinct(types, aggregate));
    }

    private AggregateColumn chosen(Chosen.Row which) {
      ValueType value = type(0);
      ValueType key = call.getArgList().size() > 1 ? type(1) : value;
      return column(call.getArgList(), false, true, () -> new Chosen(which, value, key));
    }

    private AggregateColumn sequence(boolean strings) {
      var order = new ArrayList<SortOrder.Key>();
      var positions = new ArrayList<>(call.getArgList());
      boolean separated = positions.size() > 1;
      for (RelFieldCollation by : call.getCollation().getFieldCollations()) {
        order.add(SortOrder.Key.of(by, row.getFieldList().get(by.getFieldIndex()).getType()));
        positions.add(by.getFieldIndex());
      }
      var form =
          new Sequence.Form(type(0), new SortOrder(order), call.isDistinct(), strings, separated);
      return column(positions, true, true, () -> new Sequence(form));
    }

    private AggregateColumn percentile(Frequencies.Ending ending) {
      RelFieldCollation by = call.getCollation().getFieldCollations().get(0);
      ValueType type = ValueType.of(row.getFieldList().get(by.getFieldIndex()).getType());
      boolean descending = by.direction.isDescending();
      return column(
          List.of(call.getArgList().get(0), by.getFieldIndex()),
          false,
          false,
          () -> new Frequencies(ending, type, descending));
    }

    private AggregateColumn approximatePercentile() {
      return column(
          List.of(call.getArgList().get(1), call.getArgList().get(0)),
          false,
          false,
          () -> new Frequencies(Frequencies.Ending.APPROXIMATE, ValueType.DOUBLE, false));
    }

    /** Aggregates of values alone. */
    private AggregateColumn value() {
      Supplier<Accumulator> accumulator = accumulator();
      return call.isDistinct() && countsRepetitions() ? distinct(accumulator) : plain(accumulator);
    }

    private boolean countsRepetitions() {
      return switch (call.getAggregation().getKind()) {
        case MIN, MAX, ANY_VALUE, BIT_AND, BIT_OR -> false;
        default -> true;
      };
    }

    private Supplier<Accumulator> accumulator() {
      if (PAIRS.contains(name())) {
        var ending = PairMoments.Ending.valueOf(name());
        return () -> new PairMoments(ending);
      }
      SqlKind kind = call.getAggregation().getKind();
      ValueType type = type(0);
      return switch (kind) {
        case SUM, SUM0 -> sum(argument(0), Accumulator.Ending.SUM);
        case AVG -> sum(argument(0), Accumulator.Ending.AVERAGE);
        // BOOL_AND and EVERY are minima to Calcite; any value is the least, the same always.
        case MIN, ANY_VALUE -> () -> new Extreme(type, false);
        case MAX -> () -> new Extreme(type, true);
        case BIT_AND, BIT_OR, BIT_XOR -> () -> new BitwiseFold(kind, type);
        case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> moments(argument(0), Spread.of(kind));
        default -> throw new IllegalArgumentException("No such aggregate: " + name());
      };
    }
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
