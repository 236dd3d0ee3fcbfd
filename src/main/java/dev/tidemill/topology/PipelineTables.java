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
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** All tables of a pipeline, as this instance has them. Thread-safe. */
final class PipelineTables implements TableAccess {
  /** By the place of the reading; null where versions are kept. */
  private final List<TableContents> readings = new ArrayList<>();

  /** By the place of the reading; null where the last rows are kept. */
  private final List<TableVersions> versions = new ArrayList<>();

  private final Map<String, TableClock> clocks = new LinkedHashMap<>();
  private final Map<String, TableStore> stores = new LinkedHashMap<>();

  /**
   * @param partitions of the topics of tables
   */
  PipelineTables(CompiledPipeline pipeline, Registry registry, Map<String, Integer> partitions) {
    PipelineDefinition definition = pipeline.definition();
    Query query = pipeline.query();
    query
        .tables()
        .forEach(
            reading -> {
              readings.add(reading.isAsOf() ? null : new TableContents(reading));
              versions.add(reading.isAsOf() ? new TableVersions(reading) : null);
            });
    for (TableDefinition table : definition.tables()) {
      String topic = Preflight.topicOf(definition, table);
      boolean extracted = table.origin() instanceof Origin.Files;
      TableClock clock =
          new TableClock(
              partitions.get(topic), extracted, definition.batch().grace(), table.patience());
      clocks.put(table.name(), clock);
      stores.put(
          topic,
          new TableStore(
              table,
              extracted,
              PipelineStreams.decoder(table.origin(), table.schema(), registry),
              ofTable(readings, query, table),
              ofTable(versions, query, table),
              clock));
    }
  }

  private static <T> List<T> ofTable(List<T> all, Query query, TableDefinition table) {
    return IntStream.range(0, all.size())
        .filter(i -> query.tables().get(i).table().equals(table.name()))
        .mapToObj(all::get)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Versions of all tables that came when nobody waited for them any longer. */
  long missed() {
    return stores.values().stream().mapToLong(TableStore::missed).sum();
  }

  /** How many versions of rows it keeps. */
  long versions() {
    return versions.stream().filter(Objects::nonNull).mapToLong(TableVersions::size).sum();
  }

  /** By the names of tables. */
  Map<String, TableClock> clocks() {
    return clocks;
  }

  /** A partition of a table is processed up to an offset. */
  void position(TopicPartition partition, long offset) {
    stores.get(partition.topic()).clock().position(partition.partition(), offset);
  }

  /** A partition of a table ends at an offset. */
  void end(TopicPartition partition, CaughtUp.HighWatermark end) {
    stores.get(partition.topic()).clock().end(partition.partition(), end);
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
    return versions.get(reading).find(key, time);
  }

  @Override
  public void forgetBefore(long time) {
    versions.stream().filter(Objects::nonNull).forEach(table -> table.forgetBefore(time));
  }

  @Override
  public Rows all(int reading) {
    return readings.get(reading).all();
  }
}
