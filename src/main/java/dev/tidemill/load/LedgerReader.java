package dev.tidemill.load;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Topics;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger, and the election by it: of all loaders of a target in the cluster, the one to which
 * the group assigns the ledger's one partition is elected. It reads the ledger from the beginning.
 * Not thread-safe.
 */
final class LedgerReader implements AutoCloseable, ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final RecordCodec<LedgerEntry> codec;
  private final String query;
  private final ReadyBatches ready = new ReadyBatches();
  private boolean elected;
  private boolean joined;
  private int term;
  private OptionalLong end = OptionalLong.empty();

  /**
   * @param query whose rows the target takes
   */
  LedgerReader(
      Consumer<String, byte[]> consumer,
      String topic,
      RecordCodec<LedgerEntry> codec,
      String query) {
    this.query = query;
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
    this.codec = codec;
    consumer.subscribe(List.of(topic), this);
  }

  /**
   * Reads on, and takes part in the election.
   *
   * @return starts of the batches that have become READY, or have a new early result
   */
  Set<Instant> poll(Duration timeout) {
    Set<Instant> changed = new TreeSet<>();
    for (ConsumerRecord<String, byte[]> entry : consumer.poll(timeout)) {
      if (entry.value() != null && Topics.isLedgerEntry(entry.key())) {
        decode(entry)
            .ifPresent(
                e -> {
                  if (ready.accept(e)) {
                    changed.add(e.batch().start());
                  }
                });
      }
    }
    return changed;
  }

  private Optional<LedgerEntry> decode(ConsumerRecord<String, byte[]> entry) {
    try {
      return Optional.of(codec.decode(entry.value()).of(query));
    } catch (DecodeException e) {
      LOG.error(
          "{}@{} is no entry of the ledger and is passed over: {}",
          partition,
          entry.offset(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Counts the elections that were won; empty while another loader is elected. */
  Optional<Integer> term() {
    return elected ? Optional.of(term) : Optional.empty();
  }

  /** Whether an election has been held: without it, not being elected means nothing. */
  boolean knowsTheElected() {
    return joined;
  }

  /** Whether everything that was in the ledger at the election has been read. */
  boolean caughtUp() {
    if (end.isEmpty()) {
      end = OptionalLong.of(consumer.endOffsets(List.of(partition), PATIENCE).get(partition));
    }
    return consumer.position(partition, PATIENCE) >= end.getAsLong();
  }

  ReadyBatches ready() {
    return ready;
  }

  /** To commit with: only a member can commit offsets of its group. */
  Consumer<?, ?> member() {
    return consumer;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    joined = true;
    if (partitions.contains(partition)) {
      elected = true;
      term++;
      end = OptionalLong.empty();
      ready.clear();
      consumer.seekToBeginning(List.of(partition));
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (partitions.contains(partition)) {
      elected = false;
      ready.clear();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
