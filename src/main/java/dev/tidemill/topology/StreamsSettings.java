package dev.tidemill.topology;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The one place where Streams is configured; each line that is no default says why. */
final class StreamsSettings {
  /** Of the topology's producers. Longer than any commit takes. */
  static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

  private StreamsSettings() {}

  /** For admins and other plain clients. */
  /**
   * Bytes. A group is one record of the shuffle and of a changelog. Mostly it is some hundred
   * bytes; COUNT(DISTINCT …) and its like hold every value.
   */
  static final int LARGEST_GROUP = 16 << 20;

  static Map<String, Object> client(ServerSettings server) {
    Map<String, Object> config = new HashMap<>(server.kafka());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, server.brokers());
    return config;
  }

  /**
   * @param memory of the stores; must outlive them
   */
  static Properties streams(
      ServerSettings server,
      Topics topics,
      Path stateDir,
      StateMemory memory,
      Optional<String> advertised) {
    Properties config = new Properties();
    config.putAll(client(server));
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.applicationId());
    // Told to the other instances, so that they can pass queries on.
    advertised.ifPresent(address -> config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address));
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) server.replicationFactor());
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, server.standbys());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // ms. The longest; the processors ask for a commit at once when they are not far behind.
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 2_000L);
    config.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
        Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors())));
    // The order among topics does not matter to us (event time is read by intake), and to look for
    // it
    // costs Streams a set, a map and a text for each record.
    config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    // Store caches would hold back what the commit hook must see.
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.Setter.class);
    config.put(StateMemory.CONFIG, memory);
    // KIP-1111: a generated name would change with the topology, and orphan its state.
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, FailLoudly.class);
    config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailLoudly.class);
    config.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailLoudly.class);
    // ms. How long nobody reads the partitions of a killed instance. Kafka's own is 45 s.
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        (int) server.sessionTimeout().toMillis());
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        (int) ServerSettings.HEARTBEAT.toMillis());
    // ms. Offsets of a dead instance's open transaction are unstable until its successor has begun.
    // A
    // thread that waits for them in here keeps the rebalance, and so that successor, from going on.
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG), 10_000);
    // Rule 9: after the first start a missing offset is a gap, not a beginning.
    config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "none");
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5_000);
    // Runs of source records (RecordRun) and packed partials: each of them is many.
    config.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 100);
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        (int) TRANSACTION_TIMEOUT.toMillis());
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), LARGEST_GROUP);
    config.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        String.valueOf(LARGEST_GROUP));
    // Bytes. A compressor's buffers are larger than the 16 KiB that a batch has by default.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
    return config;
  }
}
