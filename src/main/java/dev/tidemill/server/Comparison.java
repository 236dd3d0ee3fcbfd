package dev.tidemill.server;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.Events;
import dev.tidemill.extract.Extraction;
import dev.tidemill.extract.Extractor;
import dev.tidemill.load.Loader;
import dev.tidemill.load.Targets;
import dev.tidemill.query.LedgerView;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.TopicSchemas;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.topology.Change;
import dev.tidemill.topology.Change.Effect;
import dev.tidemill.topology.Change.Kind;
import dev.tidemill.topology.TopologyChanges;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;

/**
 * A definition held against what the pipeline of its name is on a cluster: what a start would do,
 * by the checks that {@link PipelineRun} makes. Immutable.
 *
 * @param hasRun whether the pipeline has ever run there
 * @param runs whether it does now
 * @param changes those that a person has to act on first
 * @param unfinished batches that are not at their end, the oldest first
 */
public record Comparison(
    boolean hasRun, boolean runs, List<Change> changes, List<Unfinished> unfinished) {
  private static final Duration LEDGER_WAIT = Duration.ofSeconds(30);

  /** What becomes of a batch that is not at its end. */
  public enum Outlook {
    /** Its state is there, and it closes by the definition as it is now. */
    GOES_ON,
    /** All of {@link Unfinished#waitsFor} have to load it. */
    IS_LOADED,
    /** A person has to release it. */
    WAITS_FOR_RELEASE,
    /** The start is refused, so this definition does nothing to it. */
    STAYS
  }

  /**
   * @param waitsFor names of targets
   */
  public record Unfinished(LedgerEntry entry, Outlook outlook, List<String> waitsFor) {
    public Unfinished {
      requireNonNull(entry, "entry");
      requireNonNull(outlook, "outlook");
      waitsFor = List.copyOf(waitsFor);
    }
  }

  public Comparison {
    changes = changes.stream().sorted(Comparator.comparing(Change::effect)).toList();
    unfinished = List.copyOf(unfinished);
  }

  /** Whether nothing refuses the start. */
  public boolean wouldStart() {
    return wouldStart(changes);
  }

  private static boolean wouldStart(List<Change> changes) {
    return changes.stream().noneMatch(change -> change.effect() == Effect.REFUSED);
  }

  /**
   * Only looks: on the cluster, in the registry and in targets nothing is made or changed.
   *
   * @throws Unavailable if no broker answers
   * @throws dev.tidemill.schema.RegistryUnavailableException if the registry does not answer
   */
  public static Comparison of(CompiledPipeline pipeline, ServerSettings server, Registry registry) {
    PipelineDefinition definition = pipeline.definition();
    TopologyChanges.Found found = TopologyChanges.of(pipeline, registry, server);
    List<Change> changes = new ArrayList<>(found.changes());
    changes.addAll(sources(definition, server, registry));
    Collection<LedgerEntry> entries = entries(definition, server, registry);
    changes.addAll(targets(pipeline, server, entries));
    boolean starts = wouldStart(changes);
    List<Unfinished> unfinished =
        entries.stream()
            .filter(entry -> !entry.state().isFinal() || entry.state() == BatchState.QUARANTINED)
            .map(entry -> unfinished(entry, definition, starts))
            .toList();
    return new Comparison(found.hasRun(), found.runs(), changes, unfinished);
  }

  private static List<Change> sources(
      PipelineDefinition definition, ServerSettings server, Registry registry) {
    Extraction extraction =
        new Extraction(definition.topics(), List.of(), server, registry, Events.unheard());
    List<Change> refused = new ArrayList<>();
    for (RelationDefinition source : definition.relations()) {
      try {
        if (source.origin() instanceof Origin.Topic topic) {
          if (topic.format() == Origin.Format.AVRO) {
            TopicSchemas.check(registry, topic.topic(), source.schema());
          }
        } else {
          new Extractor(extraction, source).look();
        }
      } catch (Unavailable e) {
        refused.add(Change.refused(Kind.SOURCE, source.name(), e));
      }
    }
    return refused;
  }

  private static Collection<LedgerEntry> entries(
      PipelineDefinition definition, ServerSettings server, Registry registry) {
    if (!LedgerView.pipelines(server).contains(definition.name())) {
      return List.of();
    }
    try (LedgerView ledger = new LedgerView(definition.topics(), registry, server)) {
      ledger.pollToEnd(LEDGER_WAIT);
      return ledger.entries();
    }
  }

  private static List<Change> targets(
      CompiledPipeline pipeline, ServerSettings server, Collection<LedgerEntry> entries) {
    PipelineDefinition definition = pipeline.definition();
    long loaded = entries.stream().filter(e -> e.state() == BatchState.LOADED).count();
    List<Change> changes = new ArrayList<>();
    for (TargetDefinition target : definition.targets()) {
      try {
        Schema result = pipeline.output(target).schema();
        Loader.look(
            server,
            definition.topics(),
            Targets.open(definition.name(), target, result, Clock.systemUTC()));
      } catch (Unavailable e) {
        changes.add(Change.refused(Kind.TARGET, target.name(), e));
        continue;
      }
      boolean known = entries.stream().anyMatch(e -> e.loaded().containsKey(target.name()));
      String filled =
          "the %d batches that are LOADED are loaded into it too, as far as %s still has their rows"
              .formatted(loaded, definition.topics().results());
      changes.add(
          new Change(
              known ? Effect.REUSED : Effect.NEW,
              Kind.TARGET,
              target.name(),
              known || loaded == 0 ? "" : filled));
    }
    return changes;
  }

  private static Unfinished unfinished(
      LedgerEntry entry, PipelineDefinition definition, boolean starts) {
    if (!starts) {
      return new Unfinished(entry, Outlook.STAYS, List.of());
    }
    return switch (entry.state()) {
      case READY ->
          new Unfinished(
              entry,
              Outlook.IS_LOADED,
              definition.targets().stream()
                  .map(TargetDefinition::name)
                  .filter(target -> !entry.loaded().containsKey(target))
                  .toList());
      case QUARANTINED -> new Unfinished(entry, Outlook.WAITS_FOR_RELEASE, List.of());
      default -> new Unfinished(entry, Outlook.GOES_ON, List.of());
    };
  }
}
