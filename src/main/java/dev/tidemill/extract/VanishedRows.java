package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.schema.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the topic of a table holds that its last reading has not found any more. The topic itself is
 * the memory of what was published: no other place has to hold the keys of a large table. Keys are
 * in the heap while it is read, as whole rows are wherever the table is looked up.
 *
 * <p>Not thread-safe.
 */
final class VanishedRows {
  private static final Logger LOG = LoggerFactory.getLogger(VanishedRows.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final String source;
  private final String topic;
  private final int partitions;
  private final ServerSettings server;

  /** Whether what only earlier readings have published may go: nobody wants old versions. */
  private final boolean isForgotten;

  private final Set<ByteBuffer> gone = new LinkedHashSet<>();
  private final Map<TopicPartition, Long> needed = new HashMap<>();
  private long unreadable;

  VanishedRows(
      String source, String topic, int partitions, ServerSettings server, boolean isForgotten) {
    this.source = requireNonNull(source, "source");
    this.topic = requireNonNull(topic, "topic");
    this.partitions = partitions;
    this.server = requireNonNull(server, "server");
    this.isForgotten = isForgotten;
  }

  /**
   * Publishes that rows are gone which the last reading has not published. To be called when all of
   * the reading is committed; it may be called again for the same reading.
   *
   * @param name of the reading, for the identities of what is published
   * @param last whether a record, by its identity, is of the last reading
   * @param before whether it is of the one before it
   */
  void publish(String name, Predicate<String> last, Predicate<String> before, Publication out) {
    read(last, before);
    if (unreadable > 0) {
      LOG.warn(
          "Source {}: {} rows of the last reading do not fit the schema, so that nobody knows their"
              + " keys; no row is taken for deleted until a reading has none",
          source,
          unreadable);
      gone.clear();
      return;
    }
    if (!gone.isEmpty()) {
      LOG.info("Source {}: {} rows are not there any more", source, gone.size());
    }
    for (ByteBuffer key : gone) {
      if (out.isStopped()) {
        return;
      }
      out.gone(name + ":gone:" + UTF_8.decode(key.duplicate()), key.array());
      if (out.isDue()) {
        out.commit();
      }
    }
    gone.clear();
    forget();
  }

  private void read(Predicate<String> last, Predicate<String> before) {
    gone.clear();
    needed.clear();
    unreadable = 0;
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(topic, i));
    }
    Map<TopicPartition, Long> ends = ends(all);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (all.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record, last, before);
        }
      }
    }
  }

  /** High watermarks: a commit returns before its markers are written (see PositionTopic). */
  private Map<TopicPartition, Long> ends(List<TopicPartition> all) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
      consumer.assign(all);
      return consumer.endOffsets(all);
    }
  }

  private void take(
      ConsumerRecord<byte[], byte[]> record, Predicate<String> last, Predicate<String> before) {
    Header id = record.headers().lastHeader(Headers.ID);
    if (id == null) {
      return; // a mark
    }
    String identity = new String(id.value(), UTF_8);
    boolean isLast = last.test(identity);
    if (isLast || before.test(identity)) {
      needed.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.offset());
    }
    if (isLast && record.headers().lastHeader(Headers.UNREADABLE) != null) {
      unreadable++;
    }
    if (record.key() == null) {
      return;
    }
    if (isLast || record.value() == null) {
      gone.remove(ByteBuffer.wrap(record.key()));
    } else {
      gone.add(ByteBuffer.wrap(record.key()));
    }
  }

  /** Two readings stay, since whoever begins may be reading the first of them just now. */
  private void forget() {
    if (!isForgotten || needed.isEmpty()) {
      return;
    }
    Map<TopicPartition, RecordsToDelete> old = new HashMap<>();
    needed.forEach((part, offset) -> old.put(part, RecordsToDelete.beforeOffset(offset)));
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    try (Admin admin = Admin.create(settings)) {
      admin.deleteRecords(old).all().get();
    } catch (ExecutionException e) {
      LOG.warn(
          "Source {}: earlier readings stay in {} ({}); it grows by all rows with each one",
          source,
          topic,
          e.getCause().toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("isolation.level", isolation);
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
