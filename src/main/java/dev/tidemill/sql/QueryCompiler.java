package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.calcite.rex.RexNode;

/** From the texts of statements to operators. Not thread-safe. */
final class QueryCompiler {
  private final Map<String, Query.OnMiss> onMiss;
  private final Text text;
  private final StepCompiler compiler;
  private final List<Query.Branch> branches = new ArrayList<>();
  private final List<Input> inputs = new ArrayList<>();
  private final List<TableReading> tables = new ArrayList<>();
  private final List<String> joins = new ArrayList<>();

  private QueryCompiler(Map<String, Query.OnMiss> onMiss, Text text, StepCompiler compiler) {
    this.onMiss = onMiss;
    this.text = text;
    this.compiler = compiler;
  }

  static Query compile(
      String sql,
      Map<String, Schema> sources,
      Map<String, Query.OnMiss> onMiss,
      EventTimes times,
      UserFunctions functions)
      throws SqlException {
    try {
      return compile(List.of(new NamedStatement("", sql, true)), sources, onMiss, times, functions);
    } catch (Statements.Wrong e) {
      throw e.problems().get("");
    }
  }

  static Query compile(
      String sql,
      Map<String, Schema> sources,
      Map<String, Query.OnMiss> onMiss,
      EventTimes times,
      PseudoColumns pseudo,
      UserFunctions functions)
      throws SqlException {
    try {
      var statements = new Statements(List.of(new NamedStatement("", sql, true)));
      var catalog = new Catalog(sources, onMiss.keySet(), times, pseudo, functions);
      return compile(statements, onMiss, catalog, functions);
    } catch (Statements.Wrong e) {
      throw e.problems().get("");
    }
  }

  /** Statements that may read each other. */
  static Query compile(
      List<NamedStatement> written,
      Map<String, Schema> sources,
      Map<String, Query.OnMiss> onMiss,
      EventTimes times,
      UserFunctions functions)
      throws Statements.Wrong {
    var statements = new Statements(written);
    var pseudo = PseudoColumns.of(statements.trees(), sources.values());
    var catalog = new Catalog(sources, onMiss.keySet(), times, pseudo, functions);
    return compile(statements, onMiss, catalog, functions);
  }

  private static Query compile(
      Statements statements,
      Map<String, Query.OnMiss> onMiss,
      Catalog catalog,
      UserFunctions functions)
      throws Statements.Wrong {
    Map<String, Statement> checked = statements.check(catalog);
    var compiler =
        new QueryCompiler(
            onMiss, statements.text(), new StepCompiler(catalog.types(), functions.loader()));
    List<String> published = statements.published();
    try {
      if (published.size() == 1) {
        return compiler.only(published.get(0), checked.get(published.get(0)));
      }
      Map<String, Statement> outputs = new LinkedHashMap<>();
      published.forEach(name -> outputs.put(name, checked.get(name)));
      return compiler.several(outputs);
    } catch (SqlException e) {
      throw statements.wrong(e);
    }
  }

  private Query only(String name, Statement statement) throws SqlException {
    Shape shape = statement.shape();
    Distribution spread = Distribution.of(shape);
    boolean program = shape.finish().isEmpty() && !shape.isRows();
    add(statement, spread, program && spread.together());
    joins.addAll(shape.joins());
    Optional<CompiledStep> finish = Optional.empty();
    if (shape.finish().isPresent()) {
      finish = Optional.of(CompiledStep.of(shape.finish().get(), text, compiler));
    }
    return new CompiledQuery(
        List.copyOf(branches),
        List.copyOf(inputs),
        List.copyOf(tables),
        joins,
        finish,
        program ? Optional.of(program(shape, 0, 0, 0, spread.together())) : Optional.empty(),
        program && spread.together(),
        statement.resultSchema(),
        List.of(new Output(name, statement.resultSchema(), 0, shape.joins())),
        List.of(Explained.of(shape, spread, text)));
  }

  /** Each is a part of one program, and has its own inputs. */
  private Query several(Map<String, Statement> statements) throws SqlException {
    List<Output> outputs = OutputSchema.outputs(statements);
    Schema result = OutputSchema.of(outputs);
    int width = result.getFields().size();
    List<Program> programs = new ArrayList<>();
    List<Operator> operators = new ArrayList<>();
    boolean anyTogether = false;
    for (Output output : outputs) {
      Statement statement = statements.get(output.name());
      Distribution spread = Distribution.of(statement.shape());
      int firstInput = inputs.size();
      int firstTable = tables.size();
      int firstJoin = joins.size();
      add(statement, spread, spread.together());
      statement.shape().joins().forEach(join -> joins.add(output.nameOf(join)));
      Program own =
          program(statement.shape(), firstInput, firstTable, firstJoin, spread.together());
      programs.add(held -> new MappedRows(own.run(held), row -> output.among(width, row)));
      operators.add(Explained.of(statement.shape(), spread, text));
      anyTogether |= spread.together();
    }
    return new CompiledQuery(
        List.copyOf(branches),
        List.copyOf(inputs),
        List.copyOf(tables),
        joins,
        Optional.empty(),
        Optional.of(held -> new AllRows(programs.iterator(), held)),
        anyTogether,
        result,
        outputs,
        List.copyOf(operators));
  }

  private Program program(
      Shape shape, int firstInput, int firstTable, int firstJoin, boolean together)
      throws SqlException {
    Program program =
        new ProgramCompiler(shape, firstInput, firstTable, firstJoin, text, compiler)
            .compile(shape.plan());
    return together ? held -> held.isHome() ? program.run(held) : () -> null : program;
  }

  private void add(Statement statement, Distribution spread, boolean together) throws SqlException {
    Shape shape = statement.shape();
    Schema groupSchema = GroupSchema.of(shape, statement.resultSchema());
    int firstTable = tables.size();
    int firstJoin = joins.size();
    for (int i = 0; i < shape.parts().size(); i++) {
      Shape.Part part = shape.parts().get(i);
      for (Shape.Branch branch : part.branches()) {
        var step = CompiledStep.of(branch.step(), text, compiler);
        var hops = new ArrayList<CompiledHop>();
        Step before = branch.step();
        for (Shape.Hop hop : branch.hops()) {
          hops.add(hop(hop, before, shape, firstTable, firstJoin));
          before = hop.step();
        }
        branches.add(
            new CompiledQuery.CompiledBranch(
                branch.relation().name(),
                inputs.size(),
                step,
                List.copyOf(hops),
                branch.lookups(shape.tables())));
      }
      inputs.add(input(part, spread.keys().get(i), text, groupSchema, together));
    }
    for (Shape.Table table : shape.tables()) {
      tables.add(
          new CompiledTable(
              table.relation().name(),
              table.relation().isAsOf(),
              CompiledStep.of(table.step(), text, compiler),
              columns(table.keys(), table.step()),
              table.nullsMatch()));
    }
  }

  private static Input input(
      Shape.Part part,
      Optional<List<Integer>> keys,
      Text text,
      Schema groupSchema,
      boolean together)
      throws SqlException {
    List<RexNode> columns = part.branches().get(0).last().projection();
    var types = new ArrayList<ValueType>();
    for (RexNode column : columns) {
      types.add(type(column));
    }
    return new CompiledInput(
        part.aggregate().map(a -> ProgramCompiler.groupBy(a, text, groupSchema)),
        types,
        keys.map(positions -> positions.stream().map(p -> new KeyColumn(p, types.get(p))).toList()),
        together);
  }

  private CompiledHop hop(Shape.Hop hop, Step before, Shape shape, int firstTable, int firstJoin)
      throws SqlException {
    if (hop instanceof Shape.Elements array) {
      int width = before.projection().size();
      return new CompiledUnnest(
          new UnnestedRows.Elements(array.array(), width, array.form(), array.outer()),
          CompiledStep.of(array.step(), text, compiler));
    }
    return lookup((Shape.Lookup) hop, before, shape, firstTable, firstJoin);
  }

  private CompiledLookup lookup(
      Shape.Lookup hop, Step before, Shape shape, int firstTable, int firstJoin)
      throws SqlException {
    Shape.Table table = shape.tables().get(hop.table());
    String name = table.relation().name();
    Optional<CompiledStep> rest =
        hop.rest().filters().isEmpty()
            ? Optional.empty()
            : Optional.of(CompiledStep.of(hop.rest(), text, compiler));
    return new CompiledLookup(
        firstTable + hop.table(),
        table.relation().isAsOf(),
        firstJoin + hop.join(),
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

  static CompiledCondition compileRule(
      String condition, String source, Schema schema, UserFunctions functions) throws SqlException {
    var pseudo = PseudoColumns.of(Syntax.expression(condition), List.of(schema));
    return compile(condition, source, schema, functions, pseudo);
  }

  /** A condition over what is no record of a source. */
  static RowOperator compileCondition(String condition, String relation, Schema schema)
      throws SqlException {
    return compile(condition, relation, schema, UserFunctions.NONE, PseudoColumns.NONE)
        .operator(RowContext.NONE);
  }

  /** The same, only checked, with a column {@link Catalog#UNKNOWN} that fits everywhere. */
  static void checkCondition(String condition, String relation, Schema schema) throws SqlException {
    Statement.checkCondition(
        condition,
        relation,
        new Catalog(
            Map.of(relation, schema),
            Set.of(),
            EventTimes.NONE,
            PseudoColumns.NONE,
            UserFunctions.NONE));
  }

  private static CompiledCondition compile(
      String condition, String source, Schema schema, UserFunctions functions, PseudoColumns pseudo)
      throws SqlException {
    var catalog = new Catalog(Map.of(source, schema), Set.of(), EventTimes.NONE, pseudo, functions);
    Step rule = Statement.rule(condition, source, catalog);
    var compiler = new StepCompiler(catalog.types(), functions.loader());
    return new CompiledCondition(CompiledStep.of(rule, new Text(condition), compiler));
  }
}
