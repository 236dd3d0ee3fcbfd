package dev.tidemill.topology;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The groups of a share's batches (rows, in a pipeline without GROUP BY) as they are stored: one by
 * one; or many in a page, when a batch closes of which nothing was stored yet. RocksDB and the
 * changelog take some microseconds for an entry whatever its size, which is more than it takes to
 * make the group; a run that works off a backlog stores nearly all its groups in pages.
 *
 * <p>Pages are never changed. A group that is stored alone counts, whatever a page has of it.
 */
final class GroupStore {
  /** Bytes from which on a page is full: some hundred groups. */
  private static final int PAGE = 16 << 10;

  /** What is needed of a store to read it. */
  interface Reads {
    byte[] get(Bytes key);

    KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to);

    KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to);
  }

  private final KeyValueStore<Bytes, byte[]> store;

  GroupStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  void put(long batchStart, byte[] group, byte[] value) {
    store.put(StoreKeys.group(batchStart, group), value);
  }

  void putAll(long batchStart, List<Groups.Group> some) {
    List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>(some.size());
    for (Groups.Group group : some) {
      entries.add(KeyValue.pair(StoreKeys.group(batchStart, group.key()), group.encoded()));
    }
    store.putAll(entries);
  }

  /**
   * Stores a whole batch.
   *
   * @param all in the order of their keys; the store has nothing of the batch
   */
  void pack(long batchStart, List<Groups.Group> all) {
    List<KeyValue<Bytes, byte[]>> pages = new ArrayList<>();
    ByteBuffer page = ByteBuffer.allocate(2 * PAGE);
    byte[] first = null;
    for (Groups.Group group : all) {
      byte[] value = group.encoded();
      int size = 4 + group.key().length + 4 + value.length;
      if (page.position() > 0 && page.position() + size > PAGE) {
        pages.add(page(batchStart, first, page));
      }
      if (page.position() == 0) {
        first = group.key();
      }
      if (page.remaining() < size) {
        page = ByteBuffer.allocate(size);
      }
      page.putInt(group.key().length).put(group.key()).putInt(value.length).put(value);
    }
    if (page.position() > 0) {
      pages.add(page(batchStart, first, page));
    }
    store.putAll(pages);
  }

  private static KeyValue<Bytes, byte[]> page(long batchStart, byte[] first, ByteBuffer page) {
    byte[] bytes = Arrays.copyOf(page.array(), page.position());
    page.clear();
    return KeyValue.pair(StoreKeys.page(batchStart, first), bytes);
  }

  Optional<byte[]> get(long batchStart, byte[] group) {
    return get(reads(), batchStart, group);
  }

  static Optional<byte[]> get(Reads store, long batchStart, byte[] group) {
    byte[] alone = store.get(StoreKeys.group(batchStart, group));
    if (alone != null) {
      return Optional.of(alone);
    }
    Bytes from = StoreKeys.page(batchStart, new byte[0]);
    try (KeyValueIterator<Bytes, byte[]> before =
        store.reverseRange(from, StoreKeys.page(batchStart, group))) {
      ByteBuffer page = ByteBuffer.wrap(before.hasNext() ? before.next().value : new byte[0]);
      while (page.hasRemaining()) {
        byte[] key = bytes(page);
        byte[] value = bytes(page);
        if (Arrays.equals(key, group)) {
          return Optional.of(value);
        }
      }
      return Optional.empty();
    }
  }

  /** The groups of a batch in the order of their keys: those behind {@code group}, or all. */
  Range after(long batchStart, Optional<byte[]> group) {
    return after(reads(), batchStart, group);
  }

  static Range after(Reads store, long batchStart, Optional<byte[]> group) {
    return new Range(store, batchStart, group);
  }

  /**
   * Deletes about so many entries of a batch.
   *
   * @return whether there are more
   */
  boolean deleteSome(long batchStart, int most) {
    List<Bytes> some = new ArrayList<>();
    boolean more;
    try (KeyValueIterator<Bytes, byte[]> range =
        store.range(StoreKeys.firstOf(batchStart), StoreKeys.behind(batchStart))) {
      while (range.hasNext() && some.size() < most) {
        some.add(range.next().key);
      }
      more = range.hasNext();
    }
    some.forEach(store::delete);
    return more;
  }

  Reads reads() {
    return new Reads() {
      @Override
      public byte[] get(Bytes key) {
        return store.get(key);
      }

      @Override
      public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return store.range(from, to);
      }

      @Override
      public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
        return store.reverseRange(from, to);
      }
    };
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  /** Groups by their keys, from where they are. To be closed. */
  static final class Range implements Iterator<KeyValue<byte[], byte[]>>, AutoCloseable {
    private final KeyValueIterator<Bytes, byte[]> alone;
    private final KeyValueIterator<Bytes, byte[]> pages;
    private ByteBuffer page = ByteBuffer.allocate(0);
    private KeyValue<byte[], byte[]> nextAlone;
    private KeyValue<byte[], byte[]> nextPaged;

    private Range(Reads store, long batchStart, Optional<byte[]> after) {
      Bytes first = StoreKeys.group(batchStart, new byte[0]);
      alone =
          store.range(
              after.map(key -> StoreKeys.after(StoreKeys.group(batchStart, key))).orElse(first),
              StoreKeys.behindGroups(batchStart));
      pages =
          store.range(
              after.map(key -> pageOf(store, batchStart, key)).orElse(firstPage(batchStart)),
              StoreKeys.behind(batchStart));
      goOnAlone();
      do {
        goOnPaged();
      } while (nextPaged != null
          && after.isPresent()
          && Arrays.compareUnsigned(nextPaged.key, after.get()) <= 0);
    }

    private static Bytes firstPage(long batchStart) {
      return StoreKeys.page(batchStart, new byte[0]);
    }

    /** The page in which a group is, if it is in any. */
    private static Bytes pageOf(Reads store, long batchStart, byte[] group) {
      try (KeyValueIterator<Bytes, byte[]> before =
          store.reverseRange(firstPage(batchStart), StoreKeys.page(batchStart, group))) {
        return before.hasNext() ? before.next().key : firstPage(batchStart);
      }
    }

    private void goOnAlone() {
      nextAlone = null;
      if (alone.hasNext()) {
        KeyValue<Bytes, byte[]> entry = alone.next();
        nextAlone = KeyValue.pair(StoreKeys.groupOf(entry.key), entry.value);
      }
    }

    private void goOnPaged() {
      if (!page.hasRemaining() && pages.hasNext()) {
        page = ByteBuffer.wrap(pages.next().value);
      }
      nextPaged = page.hasRemaining() ? KeyValue.pair(bytes(page), bytes(page)) : null;
    }

    @Override
    public boolean hasNext() {
      return nextAlone != null || nextPaged != null;
    }

    @Override
    public KeyValue<byte[], byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int order =
          nextAlone == null
              ? 1
              : nextPaged == null ? -1 : Arrays.compareUnsigned(nextAlone.key, nextPaged.key);
      KeyValue<byte[], byte[]> next = order <= 0 ? nextAlone : nextPaged;
      if (order <= 0) {
        goOnAlone();
      }
      if (order >= 0) {
        goOnPaged();
      }
      return next;
    }

    @Override
    public void close() {
      alone.close();
      pages.close();
    }
  }
}
