package dev.tidemill.load;

import dev.tidemill.definition.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The results topic as the broker knows it.
 *
 * @param id of the topic: another one after it was deleted and created again, or on another cluster
 * @param partitions how many: one for each share
 */
record ResultsTopic(String name, String id, int partitions) {
  private static final long PATIENCE_SECONDS = 10;

  /**
   * Where the log begins and ends, by partition.
   *
   * @param first the first offset that is not deleted
   * @param end behind the last record, also behind those of open transactions
   */
  record Bounds(Map<Integer, Long> first, Map<Integer, Long> end) {}

  /**
   * @throws Unavailable if it is not there or the broker does not answer
   */
  static ResultsTopic describe(Admin admin, String name) {
    try {
      return ask(admin, name);
    } catch (ExecutionException | TimeoutException e) {
      throw undescribed(name, e);
    }
  }

  /**
   * Empty if it is not there.
   *
   * @throws Unavailable if the broker does not answer
   */
  static Optional<ResultsTopic> find(Admin admin, String name) {
    try {
      return Optional.of(ask(admin, name));
    } catch (ExecutionException | TimeoutException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw undescribed(name, e);
    }
  }

  private static Unavailable undescribed(String name, Exception e) {
    return new Unavailable(
        "the results topic %s can not be described: %s; check that the pipeline has been started"
                .formatted(name, e.getCause() == null ? e : e.getCause())
            + " and that brokers points to its cluster",
        e);
  }

  private static ResultsTopic ask(Admin admin, String name)
      throws ExecutionException, TimeoutException {
    try {
      TopicDescription topic =
          admin
              .describeTopics(List.of(name))
              .allTopicNames()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .get(name);
      return new ResultsTopic(name, topic.topicId().toString(), topic.partitions().size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while describing the results topic " + name, e);
    }
  }

  List<TopicPartition> all() {
    return IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(name, p)).toList();
  }

  /**
   * Asks the broker.
   *
   * @throws Unavailable if it does not answer
   */
  Bounds bounds(Admin admin) {
    return new Bounds(offsets(admin, OffsetSpec.earliest()), offsets(admin, OffsetSpec.latest()));
  }

  private Map<Integer, Long> offsets(Admin admin, OffsetSpec spec) {
    try {
      return admin
          .listOffsets(
              all().stream().collect(Collectors.toMap(partition -> partition, p -> spec)),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .entrySet()
          .stream()
          .collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset()));
    } catch (ExecutionException | TimeoutException e) {
      throw new Unavailable(
          "the broker does not say where the results topic %s begins and ends: %s"
              .formatted(name, e.getCause() == null ? e : e.getCause()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while asking for the ends of " + name, e);
    }
  }
}
