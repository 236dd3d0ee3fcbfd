package dev.tidemill.topology;

import dev.tidemill.definition.Dedupe;
import dev.tidemill.schema.RowKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Which records of its source partitions have taken part, to find their duplicates. Each is kept in
 * a slot of event time: its batch, or a bucket as long as duplicates are looked for. Slots are
 * forgotten when nothing can come any more that would be looked for in them; so what is found
 * depends on the log alone. Not thread-safe.
 */
final class SeenRecords {
  /** Entries that one commit deletes at most, so that none takes long. */
  private static final int MOST_DELETES = 10_000;

  /** Entries in the heap beyond which a commit is asked for. */
  private static final int MANY = 200_000;

  /**
   * How records of one source are compared.
   *
   * @param within ms of event time; 0: the batch
   */
  record Rule(RowKey key, long within) {
    static Rule of(Dedupe dedupe, Schema schema) {
      return new Rule(
          new RowKey(schema, dedupe.by()), dedupe.within().map(Duration::toMillis).orElse(0L));
    }

    private long slot(long time, long batchStart) {
      return within == 0 ? batchStart : bucket(time);
    }

    private long bucket(long time) {
      return Math.floorDiv(time, within) * within;
    }

    /** The first slot that a record can be looked for in, if none comes before {@code earliest}. */
    private long firstNeeded(long earliest) {
      return within == 0 ? earliest : bucket(earliest) - within;
    }
  }

  private final KeyValueStore<Bytes, byte[]> store;

  /** Since the last commit: a write goes out with the time of the commit, not of the record. */
  private final Map<Bytes, byte[]> fresh = new HashMap<>();

  /** By source: all slots before are empty. */
  private final Map<Integer, Long> emptyBefore = new HashMap<>();

  SeenRecords(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /**
   * Whether an equal record has taken part, in the batch or near enough in event time.
   *
   * @param key as the rule's {@link RowKey} makes it
   */
  boolean contains(Rule rule, int source, long batchStart, long time, byte[] key) {
    if (rule.within() == 0) {
      return find(StoreKeys.seen(source, batchStart, key)).isPresent();
    }
    long bucket = rule.bucket(time);
    for (long slot = bucket - rule.within();
        slot <= bucket + rule.within();
        slot += rule.within()) {
      Optional<byte[]> first = find(StoreKeys.seen(source, slot, key));
      if (first.isPresent()
          && Math.abs(time - ByteBuffer.wrap(first.get()).getLong()) < rule.within()) {
        return true;
      }
    }
    return false;
  }

  private Optional<byte[]> find(Bytes key) {
    byte[] time = fresh.get(key);
    return Optional.ofNullable(time == null ? store.get(key) : time);
  }

  /** Of a bucket's records with one key only one is first, so one place is enough. */
  void add(Rule rule, int source, long batchStart, long time, byte[] key) {
    fresh.put(
        StoreKeys.seen(source, rule.slot(time, batchStart), key),
        ByteBuffer.allocate(Long.BYTES).putLong(time).array());
  }

  /** Whether the heap holds so much that it should be written down. */
  boolean isFull() {
    return fresh.size() >= MANY;
  }

  void write() {
    fresh.forEach(store::put);
    fresh.clear();
  }

  /** Forgets what is not written yet. */
  void discard() {
    fresh.clear();
    emptyBefore.clear();
  }

  /**
   * Deletes slots that are not needed any more, or some of them: the rest another time.
   *
   * @param earliest before this event time no record of the source takes part any more
   */
  void forget(Rule rule, int source, long earliest) {
    long needed = rule.firstNeeded(earliest);
    long from = emptyBefore.getOrDefault(source, Long.MIN_VALUE);
    if (from >= needed) {
      return;
    }
    List<Bytes> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries =
        store.range(StoreKeys.firstSeen(source, from), StoreKeys.firstSeen(source, needed))) {
      while (entries.hasNext() && old.size() < MOST_DELETES) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        old.add(entry.key);
      }
    }
    old.forEach(store::delete);
    if (old.size() < MOST_DELETES) {
      emptyBefore.put(source, needed);
    }
  }
}
