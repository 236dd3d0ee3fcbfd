package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.Headers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the topic of a table holds while the table is read again: tells which rows are new or
 * changed, and which are not there any more. The topic itself is the memory of what was published;
 * while a reading is under way, {@link RowHashes} of it are in the heap.
 *
 * <p>Only changes are published, so what they have replaced stays in the topic. When there is more
 * of that than the table has rows, a reading publishes all rows, as the first one does; what is
 * before it is deleted at the end of another reading, since whoever begins may be reading it just
 * now.
 *
 * <p>Not thread-safe.
 */
final class PublishedRows {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedRows.class);

  /** Records beyond the number of rows that are not worth a reading that publishes all. */
  private static final long SLACK = 1_000;

  /** Of the heap, for each table that is read. */
  private static final int SHARE_OF_HEAP = 4;

  private final String source;
  private final String topic;
  private final TopicScan scan;
  private final ServerSettings server;

  /** Whether what was replaced may go: nobody wants old versions. */
  private final boolean isForgotten;

  private Optional<RowHashes> rows = Optional.empty();
  private boolean publishesAll;
  private long unreadable;
  private long changed;

  /**
   * Whether the user may not delete: not asked with each reading, as Kafka's client logs errors.
   */
  private boolean isRefused;

  /** Where the last reading that has published all rows begins, if there is something before it. */
  private final Map<TopicPartition, RecordsToDelete> old = new HashMap<>();

  PublishedRows(
      String source, String topic, int partitions, ServerSettings server, boolean isForgotten) {
    this.source = requireNonNull(source, "source");
    this.topic = requireNonNull(topic, "topic");
    this.scan = new TopicScan(topic, partitions, server);
    this.server = requireNonNull(server, "server");
    this.isForgotten = isForgotten;
  }

  /**
   * Whether a reading is under way and all that it has met is known here. That is not so after its
   * process has ended, or a transaction of it.
   */
  boolean isOpen() {
    return rows.isPresent();
  }

  /**
   * A reading begins.
   *
   * @param readingOf which one a record is of, by its identity
   * @param base the last one that has published all rows
   * @return false if it was told to stop
   * @throws Unavailable if there are too many rows for the heap
   */
  boolean open(ToLongFunction<String> readingOf, long base, BooleanSupplier stopped) {
    return open(
        readingOf, base, stopped, new RowHashes(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
  }

  private boolean open(
      ToLongFunction<String> readingOf, long base, BooleanSupplier stopped, RowHashes hashes) {
    close();
    old.clear();
    Scanned scanned = new Scanned(readingOf, base, hashes);
    if (!scan.read(scanned::take, stopped)) {
      return false;
    }
    boolean wasReadable = unreadable == 0;
    publishesAll = isForgotten && wasReadable && scanned.records > 2 * hashes.size() + SLACK;
    isRefused &= !publishesAll;
    unreadable = 0;
    changed = 0;
    rows = Optional.of(hashes);
    return true;
  }

  /** What is known is not true any more, or not needed. */
  void close() {
    rows = Optional.empty();
  }

  /** Whether the reading, at its end, has; then the topic needs nothing that is before it. */
  boolean hasPublishedAll() {
    return publishesAll && unreadable == 0;
  }

  /** Whether a row that was met is to be published: it is new, or not as it was. */
  boolean isNew(ProducerRecord<byte[], byte[]> row) {
    boolean isChanged = hold(rows.orElseThrow(), row.key(), row.value());
    changed += isChanged ? 1 : 0;
    return isChanged || publishesAll;
  }

  private boolean hold(RowHashes hashes, byte[] key, byte[] value) {
    try {
      return hashes.meet(key, value);
    } catch (RowHashes.FullException e) {
      throw tooMany(e);
    }
  }

  private Unavailable tooMany(RowHashes.FullException e) {
    return new Unavailable(
        ("Source %s: to read the table again, about 35 bytes of each of its rows are kept in the"
                + " heap, for which a quarter of it is too small (%s); start with a larger heap"
                + " (-Xmx)")
            .formatted(source, e.getMessage()),
        e);
  }

  /** A row was met that does not fit the schema: nobody knows its key. */
  void metUnreadable() {
    unreadable++;
  }

  /**
   * Publishes that rows are gone which the reading has not met. To be called when all of it is
   * committed; it may be called again for the same reading.
   *
   * @param name of the reading, for the identities of what is published
   */
  void publishGone(String name, Publication out) {
    RowHashes hashes = rows.orElseThrow();
    LOG.info(
        "Source {}: of {} rows {} are new or have changed, and {} are not there any more",
        source,
        hashes.size() - hashes.unmet(),
        changed,
        hashes.unmet());
    if (unreadable > 0) {
      LOG.warn(
          "Source {}: {} rows of the last reading do not fit the schema, so that nobody knows their"
              + " keys; no row is taken for deleted until a reading has none",
          source,
          unreadable);
    } else if (hashes.unmet() > 0) {
      scan.read(record -> gone(record, name, hashes, out), out::isStopped);
    }
  }

  /** Keys are not in the heap, so the topic is asked for them. */
  private static void gone(
      ConsumerRecord<byte[], byte[]> record, String name, RowHashes hashes, Publication out) {
    if (record.key() != null && record.value() != null && hashes.removeUnmet(record.key())) {
      out.gone(name + ":gone:" + new String(record.key(), UTF_8), record.key());
      if (out.isDue()) {
        out.commit();
      }
    }
  }

  /** Deletes what the topic does not need any more. */
  void forget() {
    if (old.isEmpty() || isRefused) {
      return;
    }
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    try (Admin admin = Admin.create(settings)) {
      admin.deleteRecords(old).all().get();
    } catch (ExecutionException e) {
      warn(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void warn(Throwable why) {
    isRefused = why instanceof AuthorizationException;
    LOG.warn(
        "Source {}: what later rows have replaced stays in {} ({}); it grows with each change",
        source,
        topic,
        why.toString());
  }

  /** What a scan has found. */
  private final class Scanned {
    private final ToLongFunction<String> readingOf;
    private final long base;
    private final RowHashes hashes;
    private final Map<TopicPartition, Boolean> beginsWithOld = new HashMap<>();

    /** Of keys, since the last reading that has published all rows. */
    private long records;

    Scanned(ToLongFunction<String> readingOf, long base, RowHashes hashes) {
      this.readingOf = readingOf;
      this.base = base;
      this.hashes = hashes;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      Header id = record.headers().lastHeader(Headers.ID);
      if (id == null) {
        return; // a mark
      }
      boolean isOld = readingOf.applyAsLong(new String(id.value(), UTF_8)) < base;
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      boolean wasOld = beginsWithOld.computeIfAbsent(partition, first -> isOld);
      if (isForgotten && wasOld && !isOld) {
        old.putIfAbsent(partition, RecordsToDelete.beforeOffset(record.offset()));
      }
      if (record.headers().lastHeader(Headers.UNREADABLE) != null) {
        return;
      }
      records += isOld ? 0 : 1;
      try {
        hashes.put(record.key(), record.value());
      } catch (RowHashes.FullException e) {
        throw tooMany(e);
      }
    }
  }
}
