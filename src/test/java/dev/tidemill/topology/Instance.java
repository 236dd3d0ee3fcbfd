package dev.tidemill.topology;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.events.Events;
import dev.tidemill.load.Loader;
import dev.tidemill.load.LoaderCodecs;
import dev.tidemill.load.Targets;
import dev.tidemill.schema.Registry;
import dev.tidemill.sql.CompiledPipeline;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;

/** One running process of a pipeline, as far as tests need one: topology and loaders. */
final class Instance implements AutoCloseable {
  private final PipelineStreams streams;
  private final List<Loader> loaders;

  Instance(
      CompiledPipeline pipeline,
      Registry registry,
      ServerSettings settings,
      Clock clock,
      PipelineStreams.Seams seams,
      Events events) {
    streams =
        new PipelineStreams(pipeline, registry, settings, clock, Optional.empty(), events, seams);
    loaders =
        pipeline.definition().targets().stream()
            .map(target -> loader(pipeline, registry, settings, target, events))
            .toList();
    streams.start();
    loaders.forEach(Loader::start);
  }

  private static Loader loader(
      CompiledPipeline pipeline,
      Registry registry,
      ServerSettings settings,
      TargetDefinition target,
      Events events) {
    return new Loader(
        settings,
        pipeline.definition().topics(),
        Targets.open(
            pipeline.definition().name(),
            target,
            pipeline.query().resultSchema(),
            Clock.systemUTC()),
        LoaderCodecs.register(
            registry,
            pipeline.definition().topics(),
            pipeline.query().resultSchema(),
            pipeline.output(target)),
        Clock.systemUTC(),
        events);
  }

  /** Until partitions are assigned and stores restored. */
  Instance running() {
    Await.until("the topology runs", this::isRunning);
    return this;
  }

  /** Whether it has its partitions, and their stores are restored. */
  boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  ShareReads reads() {
    return streams.reads();
  }

  /** How many records its stores, standbys too, are behind their changelogs. */
  long lag() {
    return streams.streams().allLocalStorePartitionLags().values().stream()
        .flatMap(ofStore -> ofStore.values().stream())
        .mapToLong(LagInfo::offsetLag)
        .sum();
  }

  /** Rows of a table that it holds. */
  long tableRows(String table) {
    return streams.tableRows(table);
  }

  long hiddenRecords() {
    return streams.hiddenRecords();
  }

  /** What RocksDB says of each of its stores. */
  List<Long> ofEachStore(String metric) {
    return streams.streams().metrics().values().stream()
        .filter(m -> m.metricName().name().equals(metric))
        .filter(m -> m.metricName().tags().containsKey("rocksdb-state-id"))
        .map(m -> ((Number) m.metricValue()).longValue())
        .toList();
  }

  /** How many shares it has stores of, standbys too. */
  int shares() {
    return streams
        .streams()
        .allLocalStorePartitionLags()
        .getOrDefault(Share.GROUPS, Map.of())
        .size();
  }

  /** Until it has given up, and why. */
  Throwable failure() {
    Await.until("the topology gives up", () -> streams.failure().isCompletedExceptionally());
    return streams.failure().handle((none, failure) -> failure).join();
  }

  long missedTableVersions() {
    return streams.missedTableVersions();
  }

  @Override
  public void close() {
    loaders.forEach(Loader::close);
    streams.close();
  }
}
