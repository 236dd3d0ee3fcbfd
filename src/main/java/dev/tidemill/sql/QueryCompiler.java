package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.calcite.rex.RexNode;

/** From the text of a statement to operators. */
final class QueryCompiler {
  private QueryCompiler() {}

  static Query compile(
      String sql,
      Map<String, Schema> sources,
      Map<String, Query.OnMiss> onMiss,
      EventTimes times,
      UserFunctions functions)
      throws SqlException {
    var pseudo = PseudoColumns.of(Syntax.statement(sql), sources.values());
    return compile(sql, sources, onMiss, times, pseudo, functions);
  }

  static Query compile(
      String sql,
      Map<String, Schema> sources,
      Map<String, Query.OnMiss> onMiss,
      EventTimes times,
      PseudoColumns pseudo,
      UserFunctions functions)
      throws SqlException {
    var catalog = new Catalog(sources, onMiss.keySet(), times, pseudo, functions);
    var statement = Statement.of(sql, catalog);
    Shape shape = statement.shape();
    var text = new Text(sql);
    var compiler = new StepCompiler(catalog.types(), functions.loader());
    Schema groupSchema = GroupSchema.of(shape, statement.resultSchema());
    Distribution spread = Distribution.of(shape);
    var branches = new ArrayList<Query.Branch>();
    var inputs = new ArrayList<Input>();
    for (int i = 0; i < shape.parts().size(); i++) {
      Shape.Part part = shape.parts().get(i);
      for (Shape.Branch branch : part.branches()) {
        var step = CompiledStep.of(branch.step(), text, compiler);
        var hops = new ArrayList<CompiledHop>();
        Step before = branch.step();
        for (Shape.Hop hop : branch.hops()) {
          hops.add(hop(hop, before, shape, onMiss, text, compiler));
          before = hop.step();
        }
        branches.add(
            new CompiledQuery.CompiledBranch(branch.relation().name(), i, step, List.copyOf(hops)));
      }
      inputs.add(input(part, spread.keys().get(i), text, groupSchema));
    }
    var tables = new ArrayList<TableReading>();
    for (Shape.Table table : shape.tables()) {
      tables.add(
          new CompiledTable(
              table.relation().name(),
              table.relation().isAsOf(),
              CompiledStep.of(table.step(), text, compiler),
              columns(table.keys(), table.step()),
              table.nullsMatch()));
    }
    Optional<CompiledStep> finish = Optional.empty();
    Optional<Program> program = Optional.empty();
    if (shape.finish().isPresent()) {
      finish = Optional.of(CompiledStep.of(shape.finish().get(), text, compiler));
    } else if (!shape.isRows()) {
      program = Optional.of(new ProgramCompiler(shape, text, compiler).compile(shape.plan()));
    }
    return new CompiledQuery(
        List.copyOf(branches),
        List.copyOf(inputs),
        List.copyOf(tables),
        shape.joins(),
        finish,
        program,
        program.isPresent() && spread.together(),
        statement.resultSchema());
  }

  private static Input input(
      Shape.Part part, Optional<List<Integer>> keys, Text text, Schema groupSchema)
      throws SqlException {
    List<RexNode> columns = part.branches().get(0).last().projection();
    var types = new ArrayList<ValueType>();
    for (RexNode column : columns) {
      types.add(type(column));
    }
    return new CompiledInput(
        part.aggregate().map(a -> ProgramCompiler.groupBy(a, text, groupSchema)),
        types,
        keys.map(
            positions -> positions.stream().map(p -> new KeyColumn(p, types.get(p))).toList()));
  }

  private static CompiledHop hop(
      Shape.Hop hop,
      Step before,
      Shape shape,
      Map<String, Query.OnMiss> onMiss,
      Text text,
      StepCompiler compiler)
      throws SqlException {
    if (hop instanceof Shape.Elements array) {
      int width = before.projection().size();
      return new CompiledUnnest(
          new UnnestedRows.Elements(array.array(), width, array.added(), array.outer()),
          CompiledStep.of(array.step(), text, compiler));
    }
    return lookup((Shape.Lookup) hop, before, shape, onMiss, text, compiler);
  }

  private static CompiledLookup lookup(
      Shape.Lookup hop,
      Step before,
      Shape shape,
      Map<String, Query.OnMiss> onMiss,
      Text text,
      StepCompiler compiler)
      throws SqlException {
    Shape.Table table = shape.tables().get(hop.table());
    String name = table.relation().name();
    Optional<CompiledStep> rest =
        hop.rest().filters().isEmpty()
            ? Optional.empty()
            : Optional.of(CompiledStep.of(hop.rest(), text, compiler));
    return new CompiledLookup(
        hop.table(),
        table.relation().isAsOf(),
        hop.join(),
        name,
        onMiss.get(name),
        hop.outer(),
        columns(hop.keys(), before),
        hop.nullsMatch(),
        before.projection().size(),
        table.step().projection().size(),
        rest,
        CompiledStep.of(hop.step(), text, compiler));
  }

  private static List<KeyColumn> columns(List<Integer> positions, Step step) throws SqlException {
    var columns = new ArrayList<KeyColumn>();
    for (int position : positions) {
      columns.add(new KeyColumn(position, type(step.projection().get(position))));
    }
    return columns;
  }

  private static ValueType type(RexNode column) throws SqlException {
    try {
      return ValueType.of(column.getType());
    } catch (IllegalArgumentException e) {
      throw new SqlException(
          List.of(
              new SqlException.Problem(
                  1,
                  1,
                  "not supported yet: a column of the type "
                      + column.getType().getSqlTypeName().getName()
                      + "; CAST it to another")));
    }
  }

  static RowOperator compileRule(
      String condition, String source, Schema schema, UserFunctions functions, RowContext context)
      throws SqlException {
    var pseudo = PseudoColumns.of(Syntax.expression(condition), List.of(schema));
    return compileRule(condition, source, schema, functions, context, pseudo);
  }

  /** A condition over what is no record of a source. */
  static RowOperator compileCondition(String condition, String relation, Schema schema)
      throws SqlException {
    return compileRule(
        condition, relation, schema, UserFunctions.NONE, RowContext.NONE, PseudoColumns.NONE);
  }

  private static RowOperator compileRule(
      String condition,
      String source,
      Schema schema,
      UserFunctions functions,
      RowContext context,
      PseudoColumns pseudo)
      throws SqlException {
    var catalog = new Catalog(Map.of(source, schema), Set.of(), EventTimes.NONE, pseudo, functions);
    Step rule = Statement.rule(condition, source, catalog);
    var compiler = new StepCompiler(catalog.types(), functions.loader());
    var holds = CompiledStep.of(rule, new Text(condition), compiler).operator(context);
    return row -> holds.apply(row) == null ? null : row;
  }
}
