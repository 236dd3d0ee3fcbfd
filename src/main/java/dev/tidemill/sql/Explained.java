package dev.tidemill.sql;

import static dev.tidemill.sql.Operator.Place.CLOSE;
import static dev.tidemill.sql.Operator.Place.INTAKE;
import static dev.tidemill.sql.Operator.Place.SHARE;
import static dev.tidemill.sql.Operator.Place.SHUFFLE;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;

/** The operators of a statement as it is compiled: what EXPLAIN says elsewhere. */
final class Explained {

  /**
   * Operators that give rows.
   *
   * @param columns of the rows, as SQL
   */
  private record Stage(Operator operator, List<String> columns) {}

  private final Shape shape;
  private final Distribution spread;
  private final Text text;

  private Explained(Shape shape, Distribution spread, Text text) {
    this.shape = shape;
    this.spread = spread;
    this.text = text;
  }

  static Operator of(Shape shape, Distribution spread, Text text) {
    return new Explained(shape, spread, text).of(shape.plan()).operator;
  }

  private Stage of(Plan plan) {
    if (plan instanceof Plan.Held held) {
      Shape.Part part = shape.parts().get(held.part());
      return part.aggregate().isPresent() ? merged(held.part()) : held(held.part());
    }
    if (plan instanceof Plan.All all) {
      return all(all);
    }
    if (plan instanceof Plan.Constant constant) {
      String rows = constant.rows().size() == 1 ? "1 row" : constant.rows().size() + " rows";
      return new Stage(Operator.of("values", rows, CLOSE, List.of()), names(plan));
    }
    if (plan instanceof Plan.Mapped mapped) {
      Stage from = of(mapped.from());
      return projected(stepped(mapped.step(), from.columns, from.operator, CLOSE), mapped.step());
    }
    if (plan instanceof Plan.Joined joined) {
      return joined(joined);
    }
    if (plan instanceof Plan.Grouped grouped) {
      return grouped(grouped);
    }
    if (plan instanceof Plan.Unnested unnested) {
      Stage from = of(unnested.from());
      Unnest unnest = unnested.unnest();
      return unnested(from, unnest.array(), unnest.form(), unnest.isOuter(), unnested.row(), CLOSE);
    }
    if (plan instanceof Plan.Ordered ordered) {
      return ordered(ordered);
    }
    if (plan instanceof Plan.Windowed windowed) {
      return windowed(windowed);
    }
    List<Stage> inputs = plan.inputs().stream().map(this::of).toList();
    return new Stage(
        Operator.of("union all", "", CLOSE, inputs.stream().map(Stage::operator).toList()),
        inputs.get(0).columns);
  }

  /** Columns that are only moved are not worth a line. */
  private static Stage projected(Stage stage, Step step) {
    boolean computes = step.projection().stream().anyMatch(RexCall.class::isInstance);
    return computes
        ? new Stage(
            Operator.of("project", columns(stage.columns), CLOSE, List.of(stage.operator)),
            stage.columns)
        : stage;
  }

  private Stage held(int part) {
    Stage from = branches(part);
    String keyedBy = "batch, source topic, partition and offset";
    Operator shuffle = shuffle(from, part, from.columns, "record");
    Operator kept =
        Operator.of("rows", columns(from.columns), SHARE, List.of(shuffle))
            .keeping(Operator.State.GROUPS, keyedBy);
    return new Stage(
        shape.isRows() ? kept : kept.noting("rows cross the shuffle as they are, one by one"),
        from.columns);
  }

  private Stage merged(int part) {
    Aggregate aggregate = shape.parts().get(part).aggregate().orElseThrow();
    Stage from = branches(part);
    List<String> group = group(aggregate, from.columns);
    List<String> calls = calls(aggregate, from.columns);
    Operator partial =
        Operator.of("partial aggregate", columns(calls), INTAKE, List.of(from.operator))
            .twoPhase(true)
            .noting("in the heap of each source partition, until the next commit");
    Operator shuffle = shuffle(new Stage(partial, from.columns), part, from.columns, "group");
    Operator merge =
        Operator.of("merge", groupBy(group), SHARE, List.of(shuffle))
            .twoPhase(true)
            .keeping(Operator.State.GROUPS, group.isEmpty() ? "batch" : "batch, " + columns(group))
            .noting(growing(aggregate));
    var columns = new ArrayList<>(group);
    columns.addAll(calls);
    return new Stage(merge, columns);
  }

  private Operator shuffle(Stage from, int part, List<String> columns, String otherwise) {
    boolean whole = spread.together() && !alone();
    String by =
        spread
            .keys()
            .get(part)
            .filter(keys -> !keys.isEmpty())
            .map(keys -> columns(keys.stream().map(columns::get).toList()))
            .orElse(otherwise);
    Operator shuffle =
        Operator.of(
            "shuffle",
            whole ? "the whole batch to one share" : "by " + by,
            SHUFFLE,
            List.of(from.operator));
    return whole ? shuffle.noting("no column keeps together what has to meet") : shuffle;
  }

  /** Whether each group, or each row, makes a row of the result by itself. */
  private boolean alone() {
    return shape.isRows() || shape.finish().isPresent();
  }

  private Stage branches(int part) {
    List<Stage> branches = shape.parts().get(part).branches().stream().map(this::branch).toList();
    if (branches.size() == 1) {
      return branches.get(0);
    }
    return new Stage(
        Operator.of("union all", "", INTAKE, branches.stream().map(Stage::operator).toList()),
        branches.get(0).columns);
  }

  private Stage branch(Shape.Branch branch) {
    Relation relation = branch.relation();
    Operator scan =
        Operator.of("scan", named(relation), INTAKE, List.of())
            .noting("decode, event time, verdict; once for all that read the source");
    Stage rows = stepped(branch.step(), columns(relation), scan, INTAKE);
    for (Shape.Hop hop : branch.hops()) {
      Stage more =
          hop instanceof Shape.Lookup lookup
              ? lookup(rows, lookup)
              : unnested(rows, (Shape.Elements) hop);
      List<String> found = IntStream.of(hop.step().fields()).mapToObj(more.columns::get).toList();
      rows = stepped(hop.step(), found, more.operator, INTAKE);
    }
    return rows;
  }

  private Stage lookup(Stage from, Shape.Lookup hop) {
    Shape.Table table = shape.tables().get(hop.table());
    List<String> tableColumns = projected(table.step(), columns(table.relation()));
    var both = new ArrayList<>(from.columns);
    both.addAll(tableColumns);
    var on = new ArrayList<String>();
    for (int i = 0; i < hop.keys().size(); i++) {
      on.add(
          equal(
              from.columns.get(hop.keys().get(i)),
              tableColumns.get(table.keys().get(i)),
              hop.nullsMatch().get(i)));
    }
    on.addAll(conditions(hop.rest(), both));
    var notes = new ArrayList<String>();
    conditions(table.step(), columns(table.relation()))
        .forEach(condition -> notes.add("of the table only where " + condition));
    notes.add(
        table.relation().isAsOf()
            ? "as of the record's event time: a function of the logs"
            : "as the table is when the record is processed");
    String key = columns(table.keys().stream().map(tableColumns::get).toList());
    Operator operator =
        Operator.of(
                table.relation().isAsOf() ? "lookup as of" : "lookup",
                (hop.outer() ? "left " : "")
                    + named(table.relation())
                    + " on "
                    + String.join(" and ", on),
                INTAKE,
                List.of(from.operator))
            .keeping(Operator.State.ofTable(table.relation().name()), key)
            .noting(notes);
    return new Stage(operator, both);
  }

  private static Stage unnested(Stage from, Shape.Elements hop) {
    return unnested(from, hop.array(), hop.form(), hop.outer(), hop.step().input(), INTAKE);
  }

  /**
   * @param row the columns of the input, and then those that are added
   */
  private static Stage unnested(
      Stage from,
      int array,
      Unnest.Form form,
      boolean outer,
      RelDataType row,
      Operator.Place place) {
    String of = from.columns.get(array);
    var columns = new ArrayList<>(from.columns);
    int fields = form.width() - (form.isNumbered() ? 1 : 0);
    List<String> names = row.getFieldNames();
    for (int i = 0; i < fields; i++) {
      String field = form.isRecord() ? names.get(names.size() - form.width() + i) + " of " : "";
      columns.add(field + "element of " + of);
    }
    if (form.isNumbered()) {
      columns.add("number in " + of);
    }
    String detail =
        (outer ? "left " : "")
            + of
            + (form.isNumbered() ? " with ordinality" : "")
            + ", 1 row to n";
    return new Stage(Operator.of("unnest", detail, place, List.of(from.operator)), columns);
  }

  private Stage all(Plan.All all) {
    Shape.Table table = shape.tables().get(all.table());
    Relation relation = table.relation();
    Operator scan =
        Operator.of("table scan", named(relation), CLOSE, List.of())
            .keeping(Operator.State.ofTable(relation.name()), "its key")
            .noting("all rows, as the table is when the share closes");
    Step step = table.step();
    var conditions = conditions(step, columns(relation));
    return new Stage(
        conditions.isEmpty() ? scan : filter(conditions, CLOSE, scan),
        projected(step, columns(relation)));
  }

  private Stage joined(Plan.Joined join) {
    Stage left = of(join.left());
    Stage right = of(join.right());
    var both = new ArrayList<>(left.columns);
    both.addAll(right.columns);
    var on = new ArrayList<String>();
    for (int i = 0; i < join.leftKeys().size(); i++) {
      on.add(
          equal(
              left.columns.get(join.leftKeys().get(i)),
              right.columns.get(join.rightKeys().get(i)),
              join.nullsMatch().get(i)));
    }
    on.addAll(conditions(join.rest(), both));
    Operator operator =
        Operator.of(
                "hash join",
                join.type().name().toLowerCase(Locale.ROOT)
                    + (on.isEmpty()
                        ? ", every row with every row"
                        : " on " + String.join(" and ", on)),
                CLOSE,
                List.of(left.operator, right.operator))
            .noting("the share's rows of the second input are in the heap meanwhile, unbounded");
    return new Stage(operator, join.type().projectsRight() ? both : left.columns);
  }

  private Stage grouped(Plan.Grouped plan) {
    Stage from = of(plan.from());
    List<String> group = group(plan.aggregate(), from.columns);
    List<String> calls = calls(plan.aggregate(), from.columns);
    var notes = new ArrayList<String>();
    notes.add("not two-phase: the rows of its input are there only when the batch closes");
    notes.add("the share's groups are in the heap meanwhile, unbounded");
    notes.addAll(growing(plan.aggregate()));
    String detail = groupBy(group) + (calls.isEmpty() ? "" : ": " + columns(calls));
    var columns = new ArrayList<>(group);
    columns.addAll(calls);
    return new Stage(
        Operator.of("aggregate", detail, CLOSE, List.of(from.operator))
            .twoPhase(false)
            .noting(notes),
        columns);
  }

  private Stage ordered(Plan.Ordered plan) {
    Stage from = of(plan.from());
    String by = order(plan.order().getFieldCollations(), from.columns);
    String top =
        (plan.fetch().isPresent() ? " limit " + plan.fetch().getAsLong() : "")
            + (plan.offset() > 0 ? " offset " + plan.offset() : "");
    return new Stage(
        Operator.of(
                plan.fetch().isPresent() ? "top" : "sort",
                (by.isEmpty() ? "" : "by " + by) + top,
                CLOSE,
                List.of(from.operator))
            .noting(inHeap(OrderedRows.most(plan.offset(), plan.fetch()))),
        from.columns);
  }

  private static String inHeap(OptionalLong most) {
    return most.isEmpty()
        ? inHeap()
        : "at most %d of the share's rows are in the heap meanwhile".formatted(most.getAsLong());
  }

  private Stage windowed(Plan.Windowed plan) {
    Stage from = of(plan.from());
    Window window = plan.window();
    var columns = new ArrayList<>(from.columns);
    var known = new ArrayList<>(from.columns);
    window.constants.forEach(constant -> known.add(ExpressionText.of(constant, List.of())));
    var groups = new ArrayList<String>();
    for (Window.Group group : window.groups) {
      List<String> functions =
          group.aggCalls.stream()
              .map(
                  call ->
                      call.getOperator().getName()
                          + "("
                          + call.getOperands().stream()
                              .map(operand -> ExpressionText.of(operand, known))
                              .collect(Collectors.joining(", "))
                          + ")")
              .toList();
      String partition = columns(group.keys.asList().stream().map(from.columns::get).toList());
      String by = order(group.orderKeys.getFieldCollations(), from.columns);
      var over = new ArrayList<String>();
      if (!partition.isEmpty()) {
        over.add("partition by " + partition);
      }
      if (!by.isEmpty()) {
        over.add("order by " + by);
      }
      groups.add(columns(functions) + " over (" + String.join(" ", over) + ")");
      columns.addAll(functions);
    }
    return new Stage(
        Operator.of("window", String.join("; ", groups), CLOSE, List.of(from.operator))
            .noting(inHeap()),
        columns);
  }

  private static String inHeap() {
    return "the share's rows are in the heap meanwhile, unbounded";
  }

  private static Stage stepped(
      Step step, List<String> columns, Operator from, Operator.Place place) {
    List<String> conditions = conditions(step, columns);
    return new Stage(
        conditions.isEmpty() ? from : filter(conditions, place, from), projected(step, columns));
  }

  private static Operator filter(List<String> conditions, Operator.Place place, Operator from) {
    return Operator.of("filter", String.join(" and ", conditions), place, List.of(from));
  }

  private static List<String> conditions(Step step, List<String> columns) {
    return step.filters().stream().map(filter -> ExpressionText.of(filter, columns)).toList();
  }

  private static List<String> projected(Step step, List<String> columns) {
    return step.projection().stream().map(column -> ExpressionText.of(column, columns)).toList();
  }

  private static List<String> group(Aggregate aggregate, List<String> columns) {
    return aggregate.getGroupSet().asList().stream().map(columns::get).toList();
  }

  private List<String> calls(Aggregate aggregate, List<String> columns) {
    return aggregate.getAggCallList().stream().map(call -> call(call, columns)).toList();
  }

  private String call(AggregateCall call, List<String> columns) {
    String filter = call.hasFilter() ? " FILTER (WHERE " + columns.get(call.filterArg) + ")" : "";
    String written = text.at(call.getParserPosition());
    if (!written.isEmpty()) {
      return written.contains(" FILTER ") ? written : written + filter;
    }
    String arguments = columns(call.getArgList().stream().map(columns::get).toList());
    return call.getAggregation().getName()
        + "("
        + (call.isDistinct() ? "DISTINCT " : "")
        + (arguments.isEmpty() ? "*" : arguments)
        + ")"
        + filter;
  }

  /** The aggregates whose state grows with the rows of a group. */
  private List<String> growing(Aggregate aggregate) {
    RelDataType input = aggregate.getInput().getRowType();
    var notes = new ArrayList<String>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      String written = text.at(call.getParserPosition());
      Accumulator empty =
          AggregateFunctions.column(call, input, written.isEmpty() ? call.toString() : written)
              .create();
      if (empty instanceof Sequence) {
        notes.add("a group keeps every value of " + called(call));
      } else if (empty instanceof Distinct || empty instanceof Frequencies) {
        notes.add("a group keeps every different value of " + called(call));
      }
    }
    return notes;
  }

  private String called(AggregateCall call) {
    String written = text.at(call.getParserPosition());
    return written.isEmpty() ? call.getAggregation().getName() : written;
  }

  private static String groupBy(List<String> group) {
    return group.isEmpty() ? "one group" : "by " + columns(group);
  }

  private static String order(List<RelFieldCollation> order, List<String> columns) {
    return order.stream()
        .map(
            by ->
                columns.get(by.getFieldIndex()) + (by.getDirection().isDescending() ? " desc" : ""))
        .collect(Collectors.joining(", "));
  }

  private static String equal(String a, String b, boolean nullsMatch) {
    return a + (nullsMatch ? " is not distinct from " : " = ") + b;
  }

  private static String named(Relation relation) {
    return relation.alias().equals(relation.name())
        ? relation.name()
        : relation.name() + " " + relation.alias();
  }

  private static List<String> columns(Relation relation) {
    return relation.rowType().getFieldNames().stream()
        .map(column -> relation.alias() + "." + column)
        .toList();
  }

  private static List<String> names(Plan plan) {
    return plan.row().getFieldNames();
  }

  private static String columns(List<String> columns) {
    return String.join(", ", columns);
  }
}
