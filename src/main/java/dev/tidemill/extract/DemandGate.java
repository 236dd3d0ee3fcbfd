package dev.tidemill.extract;

import dev.tidemill.definition.Demand;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an extractor when its pipeline wants no more: what it has published, less what the pipeline
 * has read and committed; or what the pipeline has written, less what the loader of the slowest
 * target has staged. The fullest partition decides, since a file is read in its order. So neither
 * topic grows without bound if something behind it is slow. Not thread-safe.
 */
final class DemandGate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemandGate.class);

  /**
   * Offsets behind the last row that a loader may leave: it tells where it is when there are rows.
   */
  private static final long MARKERS = 100;

  private final Admin admin;
  private final Topics topics;
  private final Map<TopicPartition, OffsetSpec> published;
  private final Map<String, ListConsumerGroupOffsetsSpec> groups;
  private final String source;
  private final Demand demand;
  private boolean open = true;

  /**
   * @param targets their names
   */
  DemandGate(
      ServerSettings server,
      Topics topics,
      List<String> targets,
      String source,
      int partitions,
      Demand demand) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    this.admin = Admin.create(settings);
    this.topics = topics;
    this.published = latest(topics.source(source), partitions);
    this.groups =
        Stream.concat(Stream.of(topics.applicationId()), targets.stream().map(topics::loaderGroup))
            .collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec()));
    this.source = source;
    this.demand = demand;
  }

  private static Map<TopicPartition, OffsetSpec> latest(String topic, int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
  }

  /**
   * Whether more may be published now. To be asked between transactions: the pipeline does not see
   * what is not committed.
   *
   * @throws RuntimeException of Kafka's client, if the broker does not answer
   */
  boolean isOpen() {
    Lag lag = lag();
    if (open && lag.records() >= demand.max()) {
      open = false;
      LOG.info(
          "Source {}: {} records of {} are not {} yet; going on at {}",
          source,
          lag.records(),
          lag.partition(),
          lag.partition().topic().equals(topics.results()) ? "loaded" : "read",
          demand.min());
    } else if (!open && lag.records() <= demand.min()) {
      open = true;
      LOG.info("Source {}: {} records are not read or loaded yet; going on", source, lag.records());
    }
    return open;
  }

  /**
   * Of the fullest partition.
   *
   * @param records offsets, in truth: a commit's marker is one, too
   */
  private record Lag(TopicPartition partition, long records) {}

  private Lag lag() {
    try {
      ListConsumerGroupOffsetsResult read = admin.listConsumerGroupOffsets(groups);
      Map<TopicPartition, OffsetSpec> written = new HashMap<>(published);
      written.putAll(latest(topics.results(), partitionsOfResults()));
      Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(written).all().get();
      List<Lag> lags = new ArrayList<>();
      for (String group : groups.keySet()) {
        boolean loads = !group.equals(topics.applicationId());
        Map<TopicPartition, OffsetAndMetadata> offsets =
            read.partitionsToOffsetAndMetadata(group).get();
        ends.forEach(
            (partition, end) -> {
              if (partition.topic().equals(topics.results()) == loads) {
                long behind = end.offset() - offset(offsets.get(partition));
                lags.add(new Lag(partition, loads ? Math.max(0, behind - MARKERS) : behind));
              }
            });
      }
      return Collections.max(lags, Comparator.comparingLong(Lag::records));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** None before the first start. */
  private int partitionsOfResults() throws ExecutionException, InterruptedException {
    if (groups.size() == 1) {
      return 0;
    }
    try {
      return admin
          .describeTopics(List.of(topics.results()))
          .allTopicNames()
          .get()
          .get(topics.results())
          .partitions()
          .size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw e;
    }
  }

  /** Who has not begun yet has read nothing. */
  private static long offset(OffsetAndMetadata committed) {
    return committed == null ? 0 : committed.offset();
  }

  @Override
  public void close() {
    admin.close();
  }
}
