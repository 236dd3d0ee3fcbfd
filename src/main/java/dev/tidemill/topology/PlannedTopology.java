package dev.tidemill.topology;

import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.events.Events;
import dev.tidemill.schema.Registry;
import dev.tidemill.sql.CompiledPipeline;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.kafka.streams.TopologyDescription;

/**
 * The topology that a pipeline would run as, built without a cluster. How many partitions the
 * topics have is not known, and does not change its shape.
 */
public final class PlannedTopology {
  private static final int ANY_NUMBER = 1;

  private PlannedTopology() {}

  /** Its sources, processors, stores and sinks, by the names that they have at run time. */
  public static TopologyDescription describe(CompiledPipeline pipeline) {
    PipelineDefinition definition = pipeline.definition();
    Registry registry = new NothingRegistered();
    SortedMap<String, Integer> sources = partitions(definition, definition.sources());
    PipelineTables tables =
        new PipelineTables(pipeline, registry, partitions(definition, definition.tables()));
    CaughtUp caughtUp = new CaughtUp();
    PipelineTopology.Processors processors =
        PipelineStreams.processors(
            pipeline,
            registry,
            tables,
            new SourcePartitions(sources),
            ANY_NUMBER,
            NothingRegistered.ID,
            caughtUp,
            Clock.systemUTC(),
            Events.unheard(),
            Share.CHUNK);
    return new PipelineTopology(
            definition.topics(),
            ANY_NUMBER,
            processors,
            PipelineStreams.acks(registry, definition.topics()),
            PipelineStreams.dedupes(definition),
            PipelineStreams.waits(pipeline.query()))
        .build(sources.keySet(), tables)
        .describe();
  }

  private static SortedMap<String, Integer> partitions(
      PipelineDefinition definition, List<? extends RelationDefinition> relations) {
    SortedMap<String, Integer> partitions = new TreeMap<>();
    relations.forEach(r -> partitions.put(Preflight.topicOf(definition, r), ANY_NUMBER));
    return partitions;
  }

  /** For codecs that never see a record. */
  private static final class NothingRegistered implements Registry {
    private static final int ID = 0;

    @Override
    public int register(String subject, Schema schema) {
      return ID;
    }

    @Override
    public Schema byId(int id) {
      throw new IllegalStateException("a planned topology has no records");
    }

    @Override
    public Optional<Schema> latest(String subject) {
      return Optional.empty();
    }
  }
}
