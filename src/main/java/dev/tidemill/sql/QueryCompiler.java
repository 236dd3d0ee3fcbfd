package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.calcite.rex.RexNode;

/** From the text of a statement to operators. */
final class QueryCompiler {
  private QueryCompiler() {}

  static Query compile(String sql, Map<String, Schema> sources) throws SqlException {
    var catalog = new Catalog(sources);
    var statement = Statement.of(sql, catalog);
    Shape shape = statement.shape();
    var text = new Text(sql);
    var compiler = new StepCompiler(catalog.types());
    Schema groupSchema = GroupSchema.of(shape, statement.resultSchema());
    Spread spread = Spread.of(shape);
    var branches = new ArrayList<Query.Branch>();
    var inputs = new ArrayList<Input>();
    for (int i = 0; i < shape.parts().size(); i++) {
      Shape.Part part = shape.parts().get(i);
      for (Shape.Branch branch : part.branches()) {
        var step = CompiledStep.of(branch.step(), text, compiler);
        branches.add(new CompiledQuery.CompiledBranch(branch.relation().name(), i, step));
      }
      inputs.add(input(part, spread.keys().get(i), text, groupSchema));
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
        finish,
        program,
        program.isPresent() && spread.together(),
        statement.resultSchema());
  }

  private static Input input(
      Shape.Part part, Optional<List<Integer>> keys, Text text, Schema groupSchema)
      throws SqlException {
    List<RexNode> columns = part.branches().get(0).step().projection();
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

  static RowOperator compileRule(String condition, String source, Schema schema)
      throws SqlException {
    var catalog = new Catalog(Map.of(source, schema));
    Step rule = Statement.rule(condition, source, catalog);
    var holds =
        CompiledStep.of(rule, new Text(condition), new StepCompiler(catalog.types())).operator();
    return row -> holds.apply(row) == null ? null : row;
  }
}
