package dev.tidemill.extract;

import dev.tidemill.definition.ServerSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional producer of one extractor, and its current transaction. Not thread-safe.
 *
 * <p>After an exception of any method it can only be closed: whether a commit that timed out took
 * place is answered by {@code initTransactions} of the next one.
 */
final class Transaction implements AutoCloseable {

  /**
   * When a transaction is committed at the latest.
   *
   * @param bytes of keys and values
   */
  record Limit(int rows, Duration age, long bytes) {
    static final Limit DEFAULT = new Limit(10_000, Duration.ofSeconds(1));

    /** With room for rows that are large. */
    Limit(int rows, Duration age) {
      this(rows, age, 32 << 20);
    }

    /** The same, of so many rows at most. */
    Limit ofRows(int most) {
      return new Limit(Math.min(rows, most), age, bytes);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

  /** The broker aborts one that is older, and fences its producer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final KafkaProducer<byte[], byte[]> producer;
  private final Supplier<Limit> limit;
  private final Clock clock;
  private boolean open;
  private long openedMs;
  private int records;
  private long bytes;

  /** Fences every other producer of this id, and ends what it left under way. */
  Transaction(String id, ServerSettings server, Supplier<Limit> limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    settings.put("client.id", id);
    settings.put("transactional.id", id);
    settings.put("transaction.timeout.ms", (int) TIMEOUT.toMillis());
    settings.put("max.block.ms", "15000");
    settings.put("batch.size", "131072"); // bytes
    settings.put("linger.ms", "20");
    settings.put("compression.type", "lz4");
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /** Whether there should be none open while something takes so long. */
  static boolean isLong(Duration wait) {
    return wait.compareTo(TIMEOUT.dividedBy(2)) > 0;
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    if (!open) {
      producer.beginTransaction();
      open = true;
      openedMs = clock.millis();
      records = 0;
      bytes = 0;
    }
    producer.send(record); // a failure comes out of the commit
    records++;
    bytes += size(record.key()) + size(record.value());
  }

  private static int size(byte[] part) {
    return part == null ? 0 : part.length;
  }

  boolean isDue() {
    Limit most = limit.get();
    return open
        && (records >= most.rows()
            || bytes >= most.bytes()
            || clock.millis() - openedMs >= most.age().toMillis());
  }

  /** Nothing happens if nothing was sent. */
  void commit() {
    if (open) {
      producer.commitTransaction();
      open = false;
    }
  }

  /** What is not committed never was. */
  @Override
  public void close() {
    try {
      if (open) {
        producer.abortTransaction(); // else it would hide what others commit, until its timeout
      }
    } catch (KafkaException e) {
      LOG.debug("Left for the next producer of this id to abort", e);
    } finally {
      producer.close(Duration.ZERO);
    }
  }
}
