package dev.tidemill.topology;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.schema.Registry;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableAccess;
import dev.tidemill.sql.TableReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * All tables of a pipeline, as this instance has them. Replicated ones are asked here; of the
 * others each task has its part. Thread-safe.
 */
final class PipelineTables implements TableAccess {

  /** A reading's place among those of its table that also see its last rows, or its versions. */
  private record Reading(String store, int place) {}

  /**
   * A table that is not replicated.
   *
   * @param builder makes a store for each task
   */
  record Partitioned(String name, StoreBuilder<TableStore> builder) {

    /** Writes what a task reads of the table into the task's store. */
    Processor<byte[], byte[], Void, Void> writer() {
      return new Processor<>() {
        private Processor<byte[], byte[], Void, Void> writer;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
          TableStore store = context.getStateStore(name);
          writer = store.writer();
          writer.init(context);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
          writer.process(record);
        }
      };
    }
  }

  private final CompiledPipeline pipeline;
  private final Registry registry;
  private final Map<String, Integer> partitions;
  private final List<Reading> readings = new ArrayList<>();
  private final Map<String, TableStore> replicated = new LinkedHashMap<>();
  private final Map<String, Partitioned> partitioned = new LinkedHashMap<>();

  /** Those that tasks have, or have had; by their owners. */
  private final Set<TableStore> stores =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final Map<String, TableStore> byName = new LinkedHashMap<>();

  /** Of those that every instance has, by their names. */
  private final Map<String, TableClock> clocks = new LinkedHashMap<>();

  /**
   * @param partitions of the topics of tables
   */
  PipelineTables(CompiledPipeline pipeline, Registry registry, Map<String, Integer> partitions) {
    this.partitions = partitions;
    this.pipeline = pipeline;
    this.registry = registry;
    PipelineDefinition definition = pipeline.definition();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (var reading : pipeline.query().tables()) {
      int place = counts.merge(reading.table() + reading.isAsOf(), 1, Integer::sum) - 1;
      readings.add(new Reading(TableStore.name(reading.table()), place));
    }
    for (TableDefinition table : definition.tables()) {
      String topic = Preflight.topicOf(definition, table);
      String name = TableStore.name(table.name());
      if (table.replicated()) {
        TableStore store = store(table);
        replicated.put(topic, store);
        clocks.put(table.name(), store.clock());
        byName.put(name, store);
      } else {
        partitioned.put(
            topic, new Partitioned(name, new UnloggedStore<>(name, () -> store(table))));
      }
    }
  }

  private TableStore store(TableDefinition table) {
    TableStore store =
        new TableStore(
            table,
            table.origin() instanceof Origin.Extracted,
            PipelineStreams.decoder(table.origin(), table.schema(), registry),
            readings(table, false).map(TableContents::new).toList(),
            readings(table, true).map(TableVersions::new).toList(),
            new TableClock(
                partitions.get(Preflight.topicOf(pipeline.definition(), table)),
                table.origin() instanceof Origin.Extracted,
                pipeline.definition().batch().grace(),
                table.patience()));
    stores.add(store);
    return store;
  }

  private Stream<TableReading> readings(TableDefinition table, boolean asOf) {
    return pipeline.query().tables().stream()
        .filter(reading -> reading.table().equals(table.name()) && reading.isAsOf() == asOf);
  }

  /** Versions of all tables that came when nobody waited for them any longer. */
  long missed() {
    return replicated.values().stream().mapToLong(TableStore::missed).sum();
  }

  /** How many versions of rows are kept. */
  long versions() {
    return replicated.values().stream().mapToLong(TableStore::versions).sum();
  }

  /** Of those that every instance has, by their names. */
  Map<String, TableClock> clocks() {
    return clocks;
  }

  /** A partition of a table is processed up to an offset. */
  void position(TopicPartition partition, long offset) {
    replicated.get(partition.topic()).clock().position(partition.partition(), offset);
  }

  /** A partition of a table ends at an offset. */
  void end(TopicPartition partition, CaughtUp.HighWatermark end) {
    replicated.get(partition.topic()).clock().end(partition.partition(), end);
  }

  /** Those that every instance has, by their topics. */
  Map<String, TableStore> replicated() {
    return replicated;
  }

  /** The others, by their topics. */
  Map<String, Partitioned> partitioned() {
    return partitioned;
  }

  /**
   * The tables as one task sees them.
   *
   * @param ofTask its stores by their names
   */
  TableAccess of(Function<String, StateStore> ofTask) {
    return partitioned.isEmpty() ? this : new OfTask(ofTask);
  }

  private final class OfTask implements TableAccess {
    private final Function<String, StateStore> ofTask;

    OfTask(Function<String, StateStore> ofTask) {
      this.ofTask = ofTask;
    }

    private TableContents contents(int number) {
      Reading reading = readings.get(number);
      TableStore everywhere = byName.get(reading.store);
      TableStore store = everywhere == null ? (TableStore) ofTask.apply(reading.store) : everywhere;
      return store.contents(reading.place);
    }

    @Override
    public Object[][] find(int reading, byte[] key) {
      return contents(reading).find(key);
    }

    @Override
    public Object[][] find(int reading, byte[] key, long time) {
      return PipelineTables.this.find(reading, key, time);
    }

    @Override
    public boolean isKnown(int reading, long time) {
      return PipelineTables.this.isKnown(reading, time);
    }

    @Override
    public void forgetBefore(long time) {
      PipelineTables.this.forgetBefore(time);
    }

    @Override
    public Rows all(int reading) {
      return contents(reading).all();
    }
  }

  /** Records of all tables that could not be read. */
  long unreadable() {
    synchronized (stores) {
      return stores.stream().mapToLong(TableStore::unreadable).sum();
    }
  }

  /** Rows of a table that are in the heap of this instance. */
  long rows(String table) {
    synchronized (stores) {
      return stores.stream()
          .filter(store -> store.name().equals(TableStore.name(table)))
          .mapToLong(TableStore::rows)
          .sum();
    }
  }

  private TableContents contents(int number) {
    Reading reading = readings.get(number);
    return byName.get(reading.store).contents(reading.place);
  }

  @Override
  public Object[][] find(int reading, byte[] key) {
    return contents(reading).find(key);
  }

  @Override
  public Object[][] find(int reading, byte[] key, long time) {
    Reading asked = readings.get(reading);
    return byName.get(asked.store).versions(asked.place).find(key, time);
  }

  @Override
  public boolean isKnown(int reading, long time) {
    return byName.get(readings.get(reading).store).clock().isKnown(time);
  }

  @Override
  public void forgetBefore(long time) {
    replicated.values().forEach(store -> store.forgetBefore(time));
  }

  @Override
  public Rows all(int reading) {
    return contents(reading).all();
  }
}
