package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;

/** Makes a row for each element of an array. */
record CompiledUnnest(UnnestedRows.Elements elements, CompiledStep step) implements CompiledHop {

  @Override
  public Expansion expansion(TableAccess tables, RowContext context, Optional<Expansion> next) {
    RowOperator projection = step.operator(context);
    return (row, time, out) -> {
      List<?> array = elements.of(row);
      for (int i = 0; i < array.size(); i++) {
        Object[] with = elements.with(row, array, i);
        CompiledHop.goOn(projection.apply(with), time, next, out);
      }
      if (array.isEmpty() && elements.outer()) {
        CompiledHop.goOn(projection.apply(elements.alone(row)), time, next, out);
      }
    };
  }
}
