package dev.tidemill.topology;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the last run has left on the way between intake, shares and owner. Another release may have
 * written it, and a topology that meets it can only stop.
 */
final class UnreadMessages {
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final Admin admin;
  private final Topics topics;
  private final ServerSettings server;

  UnreadMessages(Admin admin, Topics topics, ServerSettings server) {
    this.admin = admin;
    this.topics = topics;
    this.server = server;
  }

  /**
   * Looks at the first message of each partition: all of a partition were written by one release,
   * or by later ones. Only looks.
   *
   * @param committed from where the topology goes on
   * @throws Unavailable if this release can not read one; names each
   */
  void requireReadable(Map<TopicPartition, OffsetAndMetadata> committed) throws ExecutionException {
    Map<TopicPartition, Long> unread = unread(committed);
    if (unread.isEmpty()) {
      return;
    }
    Map<String, String> problems = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> message : first(unread, committed)) {
      MessageSerdes.otherVersion(message.value())
          .ifPresent(
              version ->
                  problems.put(
                      message.topic() + "-" + message.partition() + "@" + message.offset(),
                      version));
    }
    if (!problems.isEmpty()) {
      throw new Unavailable(
          "another release has left messages on their way, and this one can not read them:\n  "
              + problems.entrySet().stream()
                  .map(problem -> problem.getKey() + ": " + problem.getValue())
                  .collect(Collectors.joining("\n  "))
              + "\nRun the release that wrote them until group "
              + topics.applicationId()
              + " has no lag in these topics, stop it, and start this one; or give the pipeline a new"
              + " name and a new table.");
    }
  }

  /**
   * @return the ends of those partitions that are not read to their end
   */
  private Map<TopicPartition, Long> unread(Map<TopicPartition, OffsetAndMetadata> committed)
      throws ExecutionException {
    Set<String> ours = Set.of(topics.shuffle(), topics.owner());
    Map<TopicPartition, OffsetSpec> asked =
        committed.keySet().stream()
            .filter(partition -> ours.contains(partition.topic()))
            .collect(Collectors.toMap(partition -> partition, p -> OffsetSpec.latest()));
    Map<TopicPartition, Long> unread = new HashMap<>();
    Preflight.get(
            admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .forEach(
            (partition, end) -> {
              if (committed.get(partition).offset() < end.offset()) {
                unread.put(partition, end.offset());
              }
            });
    return unread;
  }

  /** There may be none: transactions leave marks that nobody reads. */
  private List<ConsumerRecord<byte[], byte[]>> first(
      Map<TopicPartition, Long> ends, Map<TopicPartition, OffsetAndMetadata> committed) {
    Map<String, Object> settings = StreamsSettings.client(server);
    settings.put("isolation.level", "read_committed");
    // Another instance may have read on, and what it has read is deleted soon after.
    settings.put("auto.offset.reset", "latest");
    Map<TopicPartition, ConsumerRecord<byte[], byte[]>> first = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Set<TopicPartition> left = new HashSet<>(ends.keySet());
      consumer.assign(left);
      left.forEach(partition -> consumer.seek(partition, committed.get(partition)));
      long deadline = System.nanoTime() + WAIT.toNanos();
      while (!left.isEmpty() && System.nanoTime() < deadline) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                message ->
                    first.putIfAbsent(
                        new TopicPartition(message.topic(), message.partition()), message));
        left.removeIf(
            partition ->
                first.containsKey(partition)
                    || consumer.position(partition) >= ends.get(partition));
        consumer.pause(first.keySet());
      }
    }
    return List.copyOf(first.values());
  }
}
