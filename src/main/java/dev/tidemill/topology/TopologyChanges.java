package dev.tidemill.topology;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.Schemas;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.topology.Change.Effect;
import dev.tidemill.topology.Change.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * What a start would do with the topics, the state and the offsets of a pipeline, by the same rules
 * as {@link Preflight}. Only looks: nothing is made or changed. For one thread.
 */
public final class TopologyChanges {
  private final CompiledPipeline pipeline;
  private final PipelineDefinition definition;
  private final Topics topics;
  private final Registry registry;
  private final Admin admin;
  private final ServerSettings server;
  private final Set<String> there;
  private final SortedMap<String, Integer> sources = new TreeMap<>();
  private final SortedMap<String, Integer> tables = new TreeMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<Change> changes = new ArrayList<>();

  /**
   * @param hasRun whether the pipeline has ever run on this cluster
   * @param runs whether it does now
   */
  public record Found(boolean hasRun, boolean runs, List<Change> changes) {
    public Found {
      changes = List.copyOf(changes);
    }
  }

  private interface Check {
    void run() throws ExecutionException;
  }

  private TopologyChanges(
      CompiledPipeline pipeline, Registry registry, ServerSettings server, Admin admin)
      throws ExecutionException {
    this.pipeline = pipeline;
    this.definition = pipeline.definition();
    this.topics = definition.topics();
    this.registry = registry;
    this.admin = admin;
    this.server = server;
    this.there = Preflight.get(admin.listTopics().names());
  }

  /**
   * @throws Unavailable if no broker answers
   * @throws dev.tidemill.schema.RegistryUnavailableException if the registry does not
   */
  public static Found of(CompiledPipeline pipeline, Registry registry, ServerSettings server) {
    PipelineStreams.requireBroker(server);
    try (Admin admin = Admin.create(StreamsSettings.client(server))) {
      return new TopologyChanges(pipeline, registry, server, admin).found();
    } catch (ExecutionException e) {
      throw Preflight.brokerTrouble("compare with what is there", e.getCause());
    }
  }

  private Found found() throws ExecutionException {
    sources();
    int shares = ownTopics();
    changelogs();
    orphanedTopics();
    orphanedGroups();
    boolean hasRun = offsets(shares);
    if (hasRun) {
      origin();
    }
    return new Found(hasRun, runs(), changes);
  }

  private void sources() throws ExecutionException {
    boolean complete = true;
    for (RelationDefinition relation : definition.relations()) {
      String topic = Preflight.topicOf(definition, relation);
      used.add(topic);
      if (there.contains(topic) || relation.origin() instanceof Origin.Extracted) {
        present(topic, "source '" + relation.name() + "'");
        count(relation, topic);
      } else {
        complete = false;
        String missing = "source '" + relation.name() + "': there is no topic " + topic;
        check(Kind.TOPIC, topic, () -> Preflight.requireNone(List.of(missing)));
      }
    }
    inParts()
        .forEach(
            (table, partitions) ->
                check(
                    Kind.TOPIC,
                    table,
                    () ->
                        Preflight.requireSamePartitions(
                            sources, new TreeMap<>(Map.of(table, partitions)))));
    if (complete) {
      check(
          Kind.DEFINITION,
          definition.name(),
          () -> new ForeignTimestamps(admin, definition).require());
      check(
          Kind.DEFINITION, definition.name(), () -> new KeptVersions(admin, definition).require());
    }
  }

  /** A topic that an extractor is going to make has the partitions that the definition says. */
  private void count(RelationDefinition relation, String topic) {
    int partitions =
        Preflight.partitionsOf(admin, topic)
            .orElseGet(
                () ->
                    relation.origin() instanceof Origin.Extracted ours
                        ? ours.publishing().partitions()
                        : 0);
    (relation instanceof SourceDefinition ? sources : tables).put(topic, partitions);
  }

  private SortedMap<String, Integer> inParts() {
    SortedMap<String, Integer> inParts = new TreeMap<>(tables);
    definition.tables().stream()
        .filter(TableDefinition::replicated)
        .forEach(table -> inParts.remove(Preflight.topicOf(definition, table)));
    return inParts;
  }

  /**
   * @return partitions of the shuffle
   */
  private int ownTopics() {
    int widest = sources.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    int shares = Preflight.partitionsOf(admin, topics.shuffle()).orElse(widest);
    own(topics.shuffle(), shares, "records on their way to the shares");
    own(topics.owner(), 1, "counts on their way to the owner");
    own(topics.results(), shares, "result rows");
    own(topics.rejects(), 1, "rejects");
    own(topics.acks(), 1, "what is loaded");
    own(topics.ledger(), 1, "the ledger");
    for (RelationDefinition source : extracted()) {
      own(topics.control(source.name()), 1, "who extracts '" + source.name() + "'");
    }
    if (!extracted().isEmpty()) {
      own(topics.positions(), 1, "how far the extractors are");
    }
    return shares;
  }

  private List<RelationDefinition> extracted() {
    return definition.relations().stream()
        .filter(relation -> relation.origin() instanceof Origin.Extracted)
        .toList();
  }

  private void own(String topic, int began, String holds) {
    used.add(topic);
    int found = Preflight.partitionsOf(admin, topic).orElse(began);
    if (!check(Kind.TOPIC, topic, () -> Preflight.requirePartitions(topic, found, began))) {
      present(topic, holds);
    }
  }

  private void changelogs() {
    for (PlannedStore store : PlannedStore.of(pipeline)) {
      if (used.add(store.topic())) { // a table's is told as its source
        present(store.topic(), "state of store '" + store.name() + "'");
      }
    }
  }

  private void present(String topic, String holds) {
    add(there.contains(topic) ? Effect.REUSED : Effect.NEW, Kind.TOPIC, topic, holds);
  }

  private void orphanedTopics() {
    there.stream()
        .filter(topic -> mayBeLeft(topic) && !used.contains(topic))
        .sorted()
        .forEach(
            topic ->
                orphaned(
                    Kind.TOPIC,
                    topic,
                    "kafka-topics.sh --bootstrap-server %s --delete --topic %s"
                        .formatted(server.brokers(), topic)));
  }

  /** Topics that not every definition has. No name fits two pipelines, such as p and p-seen. */
  private boolean mayBeLeft(String topic) {
    return topic.startsWith(topics.source(""))
        || topic.startsWith(topics.control(""))
        || topic.equals(topics.positions())
        || topic.equals(PlannedStore.changelog(topics, Intake.SEEN))
        || topic.equals(PlannedStore.changelog(topics, Intake.WAITING));
  }

  private void orphanedGroups() throws ExecutionException {
    Set<String> loaders =
        definition.targets().stream()
            .map(target -> topics.loaderGroup(target.name()))
            .collect(Collectors.toSet());
    Preflight.get(admin.listGroups().all()).stream()
        .map(group -> group.groupId())
        .filter(group -> group.startsWith(topics.loaderGroup("")) && !loaders.contains(group))
        .sorted()
        .forEach(
            group ->
                orphaned(
                    Kind.GROUP,
                    group,
                    ("its target and table stay as they are. kafka-consumer-groups.sh"
                            + " --bootstrap-server %s --delete --group %s")
                        .formatted(server.brokers(), group)));
  }

  private void orphaned(Kind kind, String name, String command) {
    add(
        Effect.ORPHANED,
        kind,
        name,
        "this definition has no use for it; when no other runs any more: " + command);
  }

  /**
   * @return whether the pipeline has run
   */
  private boolean offsets(int shares) throws ExecutionException {
    String group = topics.applicationId();
    KnownOffsets offsets = new KnownOffsets(admin, definition);
    Map<TopicPartition, OffsetAndMetadata> committed = offsets.committed();
    if (committed.isEmpty()) {
      boolean prepared = there.contains(topics.shuffle()) && there.contains(topics.ledger());
      if (!prepared || !check(Kind.GROUP, group, () -> offsets.requireNothingWritten(shares))) {
        add(Effect.NEW, Kind.GROUP, group, "every source is read from its beginning");
        return false;
      }
      return true;
    }
    Map<Boolean, Set<TopicPartition>> read =
        offsets.read(sources, inParts(), shares).stream()
            .collect(Collectors.partitioningBy(p -> there.contains(p.topic()), Collectors.toSet()));
    Map<TopicPartition, Long> first = new HashMap<>(offsets.beginnings(read.get(true)));
    read.get(false).forEach(partition -> first.put(partition, 0L));
    Check readable =
        () -> {
          offsets.requireSame(first, committed);
          new UnreadMessages(admin, topics, server).requireReadable(committed);
        };
    if (!check(Kind.GROUP, group, readable)) {
      add(Effect.REUSED, Kind.GROUP, group, "the offsets from which it goes on");
    }
    return true;
  }

  private void origin() {
    String results = Schemas.valueSubject(topics.results());
    if (!check(
        Kind.DEFINITION,
        definition.name(),
        () -> ResultOrigin.requireSame(pipeline, registry, results))) {
      add(
          Effect.REUSED,
          Kind.DEFINITION,
          definition.name(),
          "sql, every, clock, timezone, sources and dedupe are those that it has run with");
    }
  }

  private boolean runs() throws ExecutionException {
    String group = topics.applicationId();
    try {
      return !Preflight.get(admin.describeConsumerGroups(List.of(group)).all())
          .get(group)
          .members()
          .isEmpty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  /**
   * @return whether it refuses
   */
  private boolean check(Kind kind, String name, Check check) {
    try {
      check.run();
      return false;
    } catch (Unavailable refusal) {
      changes.add(Change.refused(kind, name, refusal));
      return true;
    } catch (ExecutionException e) {
      throw Preflight.brokerTrouble("compare with what is there", e.getCause());
    }
  }

  private void add(Effect effect, Kind kind, String name, String text) {
    changes.add(new Change(effect, kind, name, text));
  }
}
