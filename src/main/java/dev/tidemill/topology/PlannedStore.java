package dev.tidemill.topology;

import dev.tidemill.definition.Dedupe;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.TableReading;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A state store that a pipeline's topology has. Immutable.
 *
 * @param name in the topology
 * @param per what there is one of it for
 * @param inHeap whether it is in the heap of Java; otherwise in RocksDB
 * @param topic from which it is restored
 * @param holds what is in it
 * @param bound until when
 */
public record PlannedStore(
    String name, String per, boolean inHeap, String topic, String holds, String bound) {

  /** In the order of a record's way. */
  public static List<PlannedStore> of(CompiledPipeline pipeline) {
    PipelineDefinition definition = pipeline.definition();
    Topics topics = definition.topics();
    List<PlannedStore> stores = new ArrayList<>();
    for (TableDefinition table : definition.tables()) {
      stores.add(table(pipeline, table));
    }
    stores.add(
        new PlannedStore(
            Intake.STORE,
            "source partition",
            true,
            changelog(topics, Intake.STORE),
            "event clock, counts of each batch, late records that are held for an amendment",
            "open batches and 'keep'"));
    if (PipelineStreams.dedupes(definition)) {
      stores.add(
          new PlannedStore(
              Intake.SEEN,
              "source partition",
              false,
              changelog(topics, Intake.SEEN),
              "the keys of records, to know duplicates",
              seenFor(definition)));
    }
    if (PipelineStreams.waits(pipeline.query())) {
      stores.add(
          new PlannedStore(
              Intake.WAITING,
              "source partition",
              false,
              changelog(topics, Intake.WAITING),
              "records that wait for the clock of a table",
              "at most as long as the table's 'wait'"));
    }
    boolean grouped =
        pipeline.query().inputs().stream().anyMatch(input -> input.aggregation().isPresent());
    boolean rows =
        pipeline.query().inputs().stream().anyMatch(input -> input.aggregation().isEmpty());
    String holds = grouped && rows ? "groups and rows" : grouped ? "groups" : "rows";
    stores.add(
        new PlannedStore(
            Share.GROUPS,
            "share",
            false,
            changelog(topics, Share.GROUPS),
            holds + " of batches",
            "open batches and 'keep'"));
    stores.add(
        new PlannedStore(
            Share.PENDING,
            "share",
            false,
            changelog(topics, Share.PENDING),
            holds + " that come while the share emits",
            "until the share has emitted"));
    stores.add(
        new PlannedStore(
            Share.BATCHES,
            "share",
            true,
            changelog(topics, Share.BATCHES),
            "how far each batch is, and the marks of each source partition",
            "open batches and 'keep'"));
    stores.add(
        new PlannedStore(
            Owner.STORE,
            "pipeline",
            false,
            changelog(topics, Owner.STORE),
            "the books of each batch and attempt",
            "none: an entry a batch, for ever"));
    return stores;
  }

  private static PlannedStore table(CompiledPipeline pipeline, TableDefinition table) {
    boolean versions =
        pipeline.query().tables().stream()
            .anyMatch(reading -> reading.table().equals(table.name()) && reading.isAsOf());
    boolean last =
        pipeline.query().tables().stream()
            .filter(reading -> reading.table().equals(table.name()))
            .anyMatch(reading -> !reading.isAsOf());
    List<String> bounds = new ArrayList<>();
    if (last || !versions) {
      bounds.add("the last value per key");
    }
    if (versions) {
      bounds.add("the versions of open batches and 'keep'");
    }
    long readings =
        pipeline.query().tables().stream()
            .map(TableReading::table)
            .filter(table.name()::equals)
            .count();
    return new PlannedStore(
        TableStore.name(table.name()),
        table.replicated() ? "instance" : "source partition",
        true,
        Preflight.topicOf(pipeline.definition(), table),
        "the columns that are used of the table's rows"
            + (readings > 1 ? ", for each of " + readings + " readings" : ""),
        String.join(", and ", bounds) + "; no limit but the table's own size");
  }

  private static String seenFor(PipelineDefinition definition) {
    return definition.sources().stream()
        .map(SourceDefinition::dedupe)
        .flatMap(dedupe -> dedupe.stream())
        .map(Dedupe::within)
        .map(
            within -> within.map(time -> time + " of event time").orElse("open batches and 'keep'"))
        .distinct()
        .collect(Collectors.joining(", or "));
  }

  static String changelog(Topics topics, String store) {
    return topics.applicationId() + "-" + store + "-changelog";
  }
}
