package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.type.RelDataType;

/** From the text of a statement to operators. */
final class QueryCompiler {
  private QueryCompiler() {}

  static Query compile(String sql, Map<String, Schema> sources) throws SqlException {
    var catalog = new Catalog(sources);
    var statement = Statement.of(sql, catalog);
    Shape shape = statement.shape();
    var text = new Text(sql);
    var compiler = new StepCompiler(catalog.types());
    var branches = new ArrayList<Query.Branch>();
    for (Shape.Branch branch : shape.branches()) {
      var step = CompiledStep.of(branch.step(), text, compiler);
      branches.add(new CompiledQuery.CompiledBranch(branch.relation().name(), step));
    }
    Schema resultSchema = statement.resultSchema();
    Schema groupSchema = GroupSchema.of(shape, resultSchema);
    Optional<CompiledStep> finish = Optional.empty();
    if (shape.finish().isPresent()) {
      finish = Optional.of(CompiledStep.of(shape.finish().get(), text, compiler));
    }
    return new CompiledQuery(
        List.copyOf(branches),
        shape.aggregate().map(a -> groupBy(a, text, groupSchema)),
        finish,
        resultSchema);
  }

  static RowOperator compileRule(String condition, String source, Schema schema)
      throws SqlException {
    var catalog = new Catalog(Map.of(source, schema));
    Step rule = Statement.rule(condition, source, catalog);
    var holds =
        CompiledStep.of(rule, new Text(condition), new StepCompiler(catalog.types())).operator();
    return row -> holds.apply(row) == null ? null : row;
  }

  private static GroupBy groupBy(Aggregate aggregate, Text text, Schema groupSchema) {
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
