package dev.tidemill.topology;

import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The offsets from which a pipeline goes on, and whether it can. Only looks. */
final class KnownOffsets {
  private final Admin admin;
  private final PipelineDefinition definition;
  private final Topics topics;

  KnownOffsets(Admin admin, PipelineDefinition definition) {
    this.admin = admin;
    this.definition = definition;
    this.topics = definition.topics();
  }

  /**
   * All partitions that the topology reads.
   *
   * @param sources partitions of each source topic
   * @param tables those of tables that are not replicated
   */
  Set<TopicPartition> read(Map<String, Integer> sources, Map<String, Integer> tables, int shares) {
    Map<String, Integer> all = new HashMap<>(sources);
    all.putAll(tables);
    all.put(topics.shuffle(), shares);
    all.put(topics.owner(), 1);
    all.put(topics.acks(), 1);
    Set<TopicPartition> partitions = new HashSet<>();
    all.forEach(
        (topic, count) -> {
          for (int i = 0; i < count; i++) {
            partitions.add(new TopicPartition(topic, i));
          }
        });
    return partitions;
  }

  /** The first offset of each that is not deleted. */
  Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions) throws ExecutionException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.earliest()));
    Map<TopicPartition, Long> first = new HashMap<>();
    Preflight.get(admin.listOffsets(asked).all())
        .forEach((partition, info) -> first.put(partition, info.offset()));
    return first;
  }

  /**
   * No offsets mean a first start only if nothing was ever written. A broker forgets the offsets of
   * a group that is away for long ({@code offsets.retention.minutes}, 7 days by default), and to
   * begin again on top of the state that is there would count every record twice.
   */
  void requireNothingWritten(int shares) throws ExecutionException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int i = 0; i < shares; i++) {
      ends.put(new TopicPartition(topics.shuffle(), i), OffsetSpec.latest());
    }
    ends.put(new TopicPartition(topics.ledger(), 0), OffsetSpec.latest());
    boolean written =
        Preflight.get(admin.listOffsets(ends).all()).values().stream()
            .anyMatch(end -> end.offset() > 0);
    if (written) {
      throw new Unavailable(
          "pipeline '"
              + definition.name()
              + "' has run before, but group "
              + topics.applicationId()
              + " has no offsets any more: they expire when it is away for longer than the brokers'"
              + " offsets.retention.minutes. Set them back by hand, or give the pipeline a new name"
              + " and load into a new table.");
    }
  }

  Map<TopicPartition, OffsetAndMetadata> committed() throws ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        new HashMap<>(
            Preflight.get(
                admin
                    .listConsumerGroupOffsets(topics.applicationId())
                    .partitionsToOffsetAndMetadata()));
    committed.values().removeIf(Objects::isNull);
    return committed;
  }

  /**
   * @param first where the partitions that are read begin
   * @throws Unavailable if they are not those of the committed offsets; names all of them
   */
  void requireSame(
      Map<TopicPartition, Long> first, Map<TopicPartition, OffsetAndMetadata> committed) {
    TreeSet<String> problems = new TreeSet<>();
    first.forEach(
        (partition, start) -> {
          OffsetAndMetadata known = committed.get(partition);
          if (known == null) {
            problems.add(
                partition
                    + " is new or its offset is lost: the pipeline began without it, and who must be"
                    + " heard can not change (give the pipeline a new name)");
          } else if (known.offset() < start) {
            problems.add(
                partition
                    + ": the records "
                    + known.offset()
                    + " to "
                    + (start - 1)
                    + " were deleted before they were read (restore them, or give the pipeline a new"
                    + " name)");
          }
        });
    committed.keySet().stream()
        .filter(partition -> !first.containsKey(partition))
        .forEach(partition -> problems.add(partition + " is gone, or is no source any more"));
    if (!problems.isEmpty()) {
      throw new Unavailable(
          "the topics are not those that pipeline '"
              + definition.name()
              + "' ran on before:\n  "
              + String.join("\n  ", problems));
    }
  }
}
