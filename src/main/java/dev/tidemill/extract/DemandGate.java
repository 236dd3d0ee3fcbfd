package dev.tidemill.extract;

import dev.tidemill.definition.Demand;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an extractor when its pipeline wants no more: what it has published, less what the pipeline
 * has read and committed. The fullest partition decides, since a file is read in its order. Not
 * thread-safe.
 */
final class DemandGate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemandGate.class);

  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, OffsetSpec> ends;
  private final String source;
  private final Demand demand;
  private boolean open = true;

  DemandGate(ServerSettings server, Topics topics, String source, int partitions, Demand demand) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    this.admin = Admin.create(settings);
    this.group = topics.applicationId();
    this.ends =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topics.source(source), partition))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    this.source = source;
    this.demand = demand;
  }

  /**
   * Whether more may be published now. To be asked between transactions: the pipeline does not see
   * what is not committed.
   *
   * @throws RuntimeException of Kafka's client, if the broker does not answer
   */
  boolean isOpen() {
    long lag = lag();
    if (open && lag >= demand.max()) {
      open = false;
      LOG.info(
          "Source {}: {} records are not read yet in its fullest partition; going on at {}",
          source,
          lag,
          demand.min());
    } else if (!open && lag <= demand.min()) {
      open = true;
      LOG.info("Source {}: {} records are not read yet; going on", source, lag);
    }
    return open;
  }

  /** Offsets, not records: a commit's marker is one, too. */
  private long lag() {
    try {
      Map<TopicPartition, OffsetAndMetadata> read =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, ListOffsetsResultInfo> written = admin.listOffsets(ends).all().get();
      return written.entrySet().stream()
          .mapToLong(end -> end.getValue().offset() - offset(read.get(end.getKey())))
          .max()
          .orElse(0);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** A pipeline that has not begun yet has read nothing. */
  private static long offset(OffsetAndMetadata committed) {
    return committed == null ? 0 : committed.offset();
  }

  @Override
  public void close() {
    admin.close();
  }
}
