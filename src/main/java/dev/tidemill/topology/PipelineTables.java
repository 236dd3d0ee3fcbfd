package dev.tidemill.topology;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.schema.Registry;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All tables of a pipeline, as this instance has them. Thread-safe. */
final class PipelineTables implements TableAccess {
  private final List<TableContents> readings = new ArrayList<>();
  private final Map<String, TableStore> stores = new LinkedHashMap<>();

  PipelineTables(CompiledPipeline pipeline, Registry registry) {
    PipelineDefinition definition = pipeline.definition();
    Query query = pipeline.query();
    query.tables().forEach(reading -> readings.add(new TableContents(reading)));
    for (TableDefinition table : definition.tables()) {
      var ofTable = new ArrayList<TableContents>();
      for (int i = 0; i < readings.size(); i++) {
        if (query.tables().get(i).table().equals(table.name())) {
          ofTable.add(readings.get(i));
        }
      }
      stores.put(
          Preflight.topicOf(definition, table),
          new TableStore(
              table,
              table.origin() instanceof Origin.Files,
              PipelineStreams.decoder(table.origin(), table.schema(), registry),
              ofTable));
    }
  }

  /** By their topics. */
  Map<String, TableStore> stores() {
    return stores;
  }

  /** Records of all tables that could not be read. */
  long unreadable() {
    return stores.values().stream().mapToLong(TableStore::unreadable).sum();
  }

  @Override
  public Object[][] find(int reading, byte[] key) {
    return readings.get(reading).find(key);
  }

  @Override
  public Object[][] find(int reading, byte[] key, long time) {
    throw new IllegalStateException("no table has versions");
  }

  @Override
  public Rows all(int reading) {
    return readings.get(reading).all();
  }
}
