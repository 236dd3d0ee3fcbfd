package dev.tidemill.load;

import dev.tidemill.definition.TargetDefinition;
import java.time.Clock;
import org.apache.avro.Schema;

/** Makes targets of their definitions. */
public final class Targets {
  private Targets() {}

  /**
   * Touches nothing before {@link Target#prepare}.
   *
   * @param pipeline whose result it is
   * @param result the result's columns: a record schema
   * @param clock of {@code published_at}
   * @throws dev.tidemill.definition.Unavailable if the result has columns that no table can have
   */
  public static Target open(
      String pipeline, TargetDefinition definition, Schema result, Clock clock) {
    Dialect dialect;
    if (definition instanceof TargetDefinition.Postgres postgres) {
      dialect = new Postgres(postgres, pipeline);
    } else {
      dialect = new DuckDb((TargetDefinition.DuckDb) definition);
    }
    return new SqlTarget(
        definition.name(),
        pipeline,
        dialect,
        TableName.parse(definition.table()),
        ResultColumns.of(result),
        clock);
  }
}
