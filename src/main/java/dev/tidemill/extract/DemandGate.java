package dev.tidemill.extract;

import dev.tidemill.definition.Demand;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
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

  /** Whose each group is. */
  private final Map<String, String> holders;

  private final Map<String, ListConsumerGroupOffsetsSpec> groups;
  private final FirstUnread unread;
  private final Optional<UnreadBytes> bytes;
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
    this.holders = new HashMap<>(Map.of(topics.applicationId(), Backlog.PIPELINE));
    targets.forEach(target -> holders.put(topics.loaderGroup(target), target));
    this.groups =
        holders.keySet().stream()
            .collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec()));
    this.unread = new FirstUnread(server);
    this.bytes =
        demand.maxBytes().isPresent() ? Optional.of(new UnreadBytes(server)) : Optional.empty();
    this.source = source;
    this.demand = demand;
  }

  private static Map<TopicPartition, OffsetSpec> latest(String topic, int partitions) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
  }

  /**
   * Who wants no more now, and why: the one that is furthest behind; empty: more may be published.
   * To be asked between transactions: the pipeline does not see what is not committed.
   *
   * @throws RuntimeException of Kafka's client, if the broker does not answer
   */
  Optional<Backlog> closedBy() {
    List<Backlog> backlogs = backlogs();
    Backlog most = Collections.max(backlogs, Comparator.comparingDouble(this::fullness));
    if (open && fullness(most) >= 1) {
      open = false;
      LOG.info(
          "Source {}: waits for {} in {}; going on at {}",
          source,
          most,
          most.partition(),
          demand.min());
    } else if (!open && backlogs.stream().allMatch(this::isLow)) {
      open = true;
      LOG.info("Source {}: {}; going on", source, most);
    }
    return open ? Optional.empty() : Optional.of(most);
  }

  /**
   * @param waited without a break
   * @throws Unavailable if that was longer than it wants to
   */
  void requirePatience(Duration waited, Backlog waitsFor) {
    if (demand.patience().filter(limit -> waited.compareTo(limit) >= 0).isPresent()) {
      throw new Unavailable(
          ("Source %s has waited for %s: %s in %s, which is more than its 'demand' permits. See what"
                  + " keeps %s, and start again: nothing is lost. With 'overflow: wait' it waits for"
                  + " as long as it takes")
              .formatted(
                  source,
                  demand.patience().get().toString().substring(2).toLowerCase(Locale.ROOT),
                  waitsFor,
                  waitsFor.partition(),
                  waitsFor.holder()));
    }
  }

  /** Of what is permitted; 1 and more: it is full. */
  private double fullness(Backlog backlog) {
    double records = (double) backlog.records() / demand.max();
    return demand.maxBytes().isEmpty()
        ? records
        : Math.max(records, (double) backlog.bytes().orElse(0) / demand.maxBytes().getAsLong());
  }

  private boolean isLow(Backlog backlog) {
    return backlog.records() <= demand.min()
        && backlog.bytes().orElse(0) <= demand.maxBytes().orElse(0) / 2;
  }

  /** Of every partition, for everybody who reads it. */
  private List<Backlog> backlogs() {
    try {
      ListConsumerGroupOffsetsResult read = admin.listConsumerGroupOffsets(groups);
      Map<TopicPartition, OffsetSpec> written = new HashMap<>(published);
      written.putAll(latest(topics.results(), partitionsOfResults()));
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin.listOffsets(written).all().get().forEach((p, end) -> ends.put(p, end.offset()));
      List<Reader> readers = new ArrayList<>();
      for (Map.Entry<String, String> holder : holders.entrySet()) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
            read.partitionsToOffsetAndMetadata(holder.getKey()).get();
        boolean loads = !holder.getValue().equals(Backlog.PIPELINE);
        ends.keySet().stream()
            .filter(partition -> partition.topic().equals(topics.results()) == loads)
            .forEach(
                partition ->
                    readers.add(
                        new Reader(
                            holder.getValue(), partition, offset(offsets.get(partition)), loads)));
      }
      bytes.ifPresent(
          count ->
              count.count(
                  readers.stream()
                      .collect(Collectors.toMap(Reader::partition, Reader::offset, Math::min)),
                  ends));
      return readers.stream().map(r -> backlog(r, ends.get(r.partition()))).toList();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Looked at more closely if it is what keeps the gate closed. */
  private Backlog backlog(Reader reader, long end) {
    Backlog most = reader.backlog(end, bytes);
    return (open ? fullness(most) < 1 : isLow(most))
        ? most
        : reader.at(unread.offset(reader.partition(), reader.offset(), end)).backlog(end, bytes);
  }

  /**
   * Somebody who reads a partition.
   *
   * @param offset the next one
   */
  private record Reader(String holder, TopicPartition partition, long offset, boolean loads) {
    Reader at(long other) {
      return new Reader(holder, partition, other, loads);
    }

    Backlog backlog(long end, Optional<UnreadBytes> bytes) {
      return new Backlog(
          holder,
          partition,
          Math.max(0, end - offset - (loads ? MARKERS : 0)),
          bytes.isPresent()
              ? OptionalLong.of(bytes.get().behind(partition, offset))
              : OptionalLong.empty());
    }
  }

  /** None before the first start. */
  private int partitionsOfResults() throws ExecutionException, InterruptedException {
    if (holders.size() == 1) {
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
    bytes.ifPresent(UnreadBytes::close);
    unread.close();
    admin.close();
  }
}
