package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.type.RelDataType;

/** From a {@link Plan} to a {@link Program}. */
final class ProgramCompiler {
  private final Shape shape;
  private final int firstInput;
  private final int firstTable;
  private final int firstJoin;
  private final Text text;
  private final StepCompiler steps;

  /**
   * @param firstInput where the shape's own begin among the inputs of the query
   * @param firstTable where they begin among the readings of tables
   * @param firstJoin where they begin among the joins
   */
  ProgramCompiler(
      Shape shape, int firstInput, int firstTable, int firstJoin, Text text, StepCompiler steps) {
    this.shape = shape;
    this.firstInput = firstInput;
    this.firstTable = firstTable;
    this.firstJoin = firstJoin;
    this.text = text;
    this.steps = steps;
  }

  Program compile(Plan plan) throws SqlException {
    if (plan instanceof Plan.Held held) {
      return held(held);
    }
    if (plan instanceof Plan.All all) {
      return shares -> shares.tables().all(firstTable + all.table());
    }
    if (plan instanceof Plan.Constant constant) {
      return constant(constant);
    }
    if (plan instanceof Plan.Mapped mapped) {
      Program from = compile(mapped.from());
      CompiledStep step = CompiledStep.of(mapped.step(), text, steps);
      return shares -> new MappedRows(from.run(shares), step.operator(shares.context()));
    }
    if (plan instanceof Plan.Joined joined) {
      return joined(joined);
    }
    if (plan instanceof Plan.Grouped grouped) {
      Program from = compile(grouped.from());
      GroupBy group = groupBy(grouped.aggregate(), text, NO_SCHEMA);
      return shares -> GroupedRows.of(from.run(shares), group);
    }
    if (plan instanceof Plan.Unnested unnested) {
      Program from = compile(unnested.from());
      Unnest unnest = unnested.unnest();
      var elements =
          new UnnestedRows.Elements(
              unnest.array(),
              unnested.from().row().getFieldCount(),
              unnest.form(),
              unnest.isOuter());
      return shares -> new UnnestedRows(from.run(shares), elements);
    }
    if (plan instanceof Plan.Ordered ordered) {
      Program from = compile(ordered.from());
      Comparator<Object[]> order =
          order(ordered.order().getFieldCollations(), ordered.from().row());
      return shares -> OrderedRows.of(from.run(shares), order, ordered.offset(), ordered.fetch());
    }
    if (plan instanceof Plan.Windowed windowed) {
      Program from = compile(windowed.from());
      var windows = new WindowCompiler(windowed.window(), windowed.from().row(), text);
      return shares -> windows.rows(from.run(shares));
    }
    var inputs = new ArrayList<Program>();
    for (Plan input : plan.inputs()) {
      inputs.add(compile(input));
    }
    return shares -> new AllRows(inputs.iterator(), shares);
  }

  private static final Schema NO_SCHEMA =
      Schema.createRecord("Group", null, "dev.tidemill", false, List.of());

  private Program held(Plan.Held held) {
    Optional<GroupBy> total =
        shape
            .parts()
            .get(held.part())
            .aggregate()
            .map(aggregate -> groupBy(aggregate, text, NO_SCHEMA))
            .filter(GroupBy::isTotal);
    int input = firstInput + held.part();
    return total.isPresent()
        ? shares -> new TotalRows(shares.rows(input), total.get())
        : shares -> shares.rows(input);
  }

  private Program constant(Plan.Constant constant) throws SqlException {
    var rows = new ArrayList<Program>();
    for (Step row : constant.rows()) {
      CompiledStep step = CompiledStep.of(row, text, steps);
      rows.add(shares -> new MappedRows(new OneRow(), step.operator(shares.context())));
    }
    return shares -> new AllRows(rows.iterator(), shares);
  }

  private Program joined(Plan.Joined join) throws SqlException {
    Program left = compile(join.left());
    Program right = compile(join.right());
    CompiledStep rest = CompiledStep.of(join.rest(), text, steps);
    var keys =
        new JoinedRows.Keys(
            columns(join.leftKeys(), join.left().row()),
            columns(join.rightKeys(), join.right().row()),
            join.nullsMatch());
    int leftWidth = join.left().row().getFieldCount();
    int rightWidth = join.right().row().getFieldCount();
    boolean always = join.rest().filters().isEmpty();
    return shares -> {
      RowOperator condition = always ? row -> row : rest.operator(shares.context());
      Rows others = right.run(shares);
      return new JoinedRows(
          left.run(shares),
          others,
          join.type(),
          keys,
          condition,
          leftWidth,
          rightWidth,
          counter(join.ofLeft(), shares),
          counter(join.ofRight(), shares));
    };
  }

  private JoinedRows.Found counter(OptionalInt join, Program.Held shares) {
    JoinCounter joins = shares.joins();
    return join.isPresent()
        ? found -> joins.count(firstJoin + join.getAsInt(), found)
        : found -> {};
  }

  private static List<KeyColumn> columns(List<Integer> positions, RelDataType row) {
    return positions.stream()
        .map(
            position ->
                new KeyColumn(position, ValueType.of(row.getFieldList().get(position).getType())))
        .toList();
  }

  static Comparator<Object[]> order(List<RelFieldCollation> columns, RelDataType row) {
    Comparator<Object[]> order = (a, b) -> 0;
    for (RelFieldCollation column : columns) {
      int position = column.getFieldIndex();
      ValueType type = ValueType.of(row.getFieldList().get(position).getType());
      Comparator<Object> values =
          column.getDirection().isDescending()
              ? (a, b) -> type.compare(b, a)
              : (a, b) -> type.compare(a, b);
      // As Calcite plans it: NULL is greater than all values unless the statement says otherwise.
      boolean nullsFirst =
          column.nullDirection == RelFieldCollation.NullDirection.FIRST
              || column.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                  && column.getDirection().isDescending();
      Comparator<Object> withNulls =
          nullsFirst ? Comparator.nullsFirst(values) : Comparator.nullsLast(values);
      order = order.thenComparing(r -> r[position], withNulls);
    }
    return order;
  }

  static GroupBy groupBy(Aggregate aggregate, Text text, Schema groupSchema) {
    RelDataType input = aggregate.getInput().getRowType();
    int[] positions = aggregate.getGroupSet().toArray();
    var types = new ValueType[positions.length];
    for (int i = 0; i < positions.length; i++) {
      types[i] = ValueType.of(input.getFieldList().get(positions[i]).getType());
    }
    var columns =
        aggregate.getAggCallList().stream()
            .map(
                call -> {
                  String written = text.at(call.getParserPosition());
                  return AggregateFunctions.column(
                      call, input, written.isEmpty() ? call.toString() : written);
                })
            .toArray(AggregateColumn[]::new);
    return new GroupBy(positions, types, columns, groupSchema);
  }
}
