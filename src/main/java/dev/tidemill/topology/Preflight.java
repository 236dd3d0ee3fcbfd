package dev.tidemill.topology;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Everything in Kafka that must be right before the first record: topics, partition counts, and
 * offsets (rules 9 to 11). Running it again changes nothing.
 */
final class Preflight {
  private static final int WAIT_SECONDS = 30;
  private static final Map<String, String> APPENDED =
      Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "-1");
  private static final Map<String, String> COMPACTED =
      Map.of("message.timestamp.type", "LogAppendTime", "cleanup.policy", "compact");

  /**
   * @param sources partitions of each source topic
   * @param tables partitions of the topic of each table
   * @param inParts those of tables that are not replicated
   * @param shares partitions of the shuffle, and of the results
   * @param first whether the pipeline has never run on this cluster
   */
  record Layout(
      SortedMap<String, Integer> sources,
      SortedMap<String, Integer> tables,
      SortedMap<String, Integer> inParts,
      int shares,
      boolean first) {}

  private final Admin admin;
  private final PipelineDefinition definition;
  private final Topics topics;
  private final ServerSettings server;

  /** Partitions of tables that are not replicated. */
  private Set<TopicPartition> restored = Set.of();

  Preflight(Admin admin, PipelineDefinition definition, ServerSettings server) {
    this.admin = admin;
    this.definition = definition;
    this.topics = definition.topics();
    this.server = server;
  }

  /**
   * @throws Unavailable if something is missing, or is not what it was when the pipeline first ran
   */
  Layout run() {
    SortedMap<String, Integer> sources = new TreeMap<>();
    SortedMap<String, Integer> tables = new TreeMap<>();
    count(sources, tables);
    SortedMap<String, Integer> inParts = inParts(tables);
    requireSamePartitions(sources, inParts);
    new ForeignTimestamps(admin, definition).require();
    new KeptVersions(admin, definition).require();
    int widest = sources.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    int shares = partitionsOf(topics.shuffle()).orElse(widest);
    // A repartition topic's records are deleted by Streams once they are read; nothing else may.
    Map<String, String> repartition =
        Map.of(
            "retention.ms",
            "-1",
            "cleanup.policy",
            "delete",
            "max.message.bytes",
            String.valueOf(StreamsSettings.LARGEST_GROUP));
    create(topics.shuffle(), shares, repartition);
    create(topics.owner(), 1, repartition);
    create(topics.results(), shares, APPENDED);
    create(topics.rejects(), 1, APPENDED);
    create(topics.acks(), 1, APPENDED);
    create(topics.ledger(), 1, COMPACTED);
    boolean first = offsets(sources, inParts, shares);
    return new Layout(sources, tables, inParts, shares, first);
  }

  private SortedMap<String, Integer> inParts(SortedMap<String, Integer> tables) {
    SortedMap<String, Integer> inParts = new TreeMap<>(tables);
    definition.tables().stream()
        .filter(TableDefinition::replicated)
        .forEach(table -> inParts.remove(topicOf(definition, table)));
    return inParts;
  }

  private void count(SortedMap<String, Integer> sources, SortedMap<String, Integer> tables) {
    List<String> missing = new ArrayList<>();
    for (RelationDefinition source : definition.relations()) {
      String topic = topicOf(definition, source);
      if (source.origin() instanceof Origin.Extracted) {
        awaitKnown(topic); // its extractor has just made it
      }
      partitionsOf(topic)
          .ifPresentOrElse(
              count -> (source instanceof SourceDefinition ? sources : tables).put(topic, count),
              () -> missing.add("source '" + source.name() + "': there is no topic " + topic));
    }
    requireNone(missing);
  }

  static void requireNone(List<String> missing) {
    if (!missing.isEmpty()) {
      throw new Unavailable(
          String.join("; ", missing) + ". Create it, or correct 'topic' in the definition.");
    }
  }

  /** A task has the partition of its number of each stream, and finds no rows of another one. */
  static void requireSamePartitions(
      SortedMap<String, Integer> sources, SortedMap<String, Integer> tables) {
    tables.forEach(
        (table, partitions) ->
            sources.forEach(
                (source, count) -> {
                  if (!count.equals(partitions)) {
                    throw new Unavailable(
                        ("topic %s has %d partitions, but topic %s of a table that is not replicated"
                                + " has %d. A record finds its row only if both are in the partition"
                                + " of the same number: give the topics the same number of"
                                + " partitions, or remove 'replicate: false'.")
                            .formatted(source, count, table, partitions));
                  }
                }));
  }

  static String topicOf(PipelineDefinition definition, RelationDefinition source) {
    return source.origin() instanceof Origin.Topic topic
        ? topic.topic()
        : definition.topics().source(source.name());
  }

  private Optional<Integer> partitionsOf(String topic) {
    return partitionsOf(admin, topic);
  }

  static Optional<Integer> partitionsOf(Admin admin, String topic) {
    try {
      return Optional.of(
          get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw brokerTrouble("describe topic " + topic, e.getCause());
    }
  }

  private void create(String topic, int partitions, Map<String, String> config) {
    try {
      get(
          admin
              .createTopics(
                  List.of(
                      new NewTopic(
                              topic,
                              Optional.of(partitions),
                              Optional.of(server.replicationFactor()).filter(factor -> factor > 0))
                          .configs(config)))
              .all());
      awaitKnown(topic);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw brokerTrouble("create topic " + topic, e.getCause());
      }
      requirePartitions(topic, partitionsOf(topic).orElse(partitions), partitions);
    }
  }

  static void requirePartitions(String topic, int found, int began) {
    if (found != began) {
      throw new Unavailable(
          "topic "
              + topic
              + " has "
              + found
              + " partitions, but the pipeline began with "
              + began
              + ". A pipeline keeps its partitions: give it a new name, or restore the topic.");
    }
  }

  /** A created topic is known to every broker only a moment later. */
  private void awaitKnown(String topic) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (partitionsOf(topic).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new Unavailable("the brokers do not know topic " + topic + ", though they made it");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /**
   * Rule 9: every partition has a committed offset from the start, so that a missing one is a gap
   * and not a beginning.
   *
   * @return whether this is the first start
   */
  private boolean offsets(
      SortedMap<String, Integer> sources, SortedMap<String, Integer> tables, int shares) {
    KnownOffsets offsets = new KnownOffsets(admin, definition);
    Set<TopicPartition> read = offsets.read(sources, tables, shares);
    restored =
        read.stream()
            .filter(partition -> tables.containsKey(partition.topic()))
            .collect(Collectors.toSet());
    try {
      Map<TopicPartition, Long> first = offsets.beginnings(read);
      Map<TopicPartition, OffsetAndMetadata> committed = offsets.committed();
      if (committed.isEmpty()) {
        offsets.requireNothingWritten(shares);
        get(
            admin
                .alterConsumerGroupOffsets(
                    topics.applicationId(),
                    first.entrySet().stream()
                        .collect(
                            Collectors.toMap(
                                Map.Entry::getKey, e -> new OffsetAndMetadata(e.getValue()))))
                .all());
      } else {
        offsets.requireSame(first, committed);
        new UnreadMessages(admin, topics, server).requireReadable(committed);
      }
      return committed.isEmpty();
    } catch (ExecutionException e) {
      throw brokerTrouble("read the offsets of group " + topics.applicationId(), e.getCause());
    }
  }

  /**
   * To be called before the topology starts: tables that are not replicated are restored up to
   * their committed offset before a record of a stream is processed, so that is moved to their end.
   * While another instance runs it stays: that one has been through this.
   *
   * @throws Unavailable if the broker does not answer
   */
  void restoreTables() {
    if (restored.isEmpty()) {
      return;
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
      get(admin
              .listOffsets(
                  restored.stream()
                      .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())),
                  new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
              .all())
          .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
      get(admin.alterConsumerGroupOffsets(topics.applicationId(), ends).all());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownMemberIdException)) {
        throw brokerTrouble("move the offsets of group " + topics.applicationId(), e.getCause());
      }
    }
  }

  static <T> T get(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new ExecutionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while preparing the topics", e);
    }
  }

  static Unavailable brokerTrouble(String what, Throwable cause) {
    return new Unavailable(
        "could not " + what + ": " + cause.getMessage() + ". See the broker and its permissions.",
        cause);
  }
}
