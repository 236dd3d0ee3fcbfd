package dev.tidemill.topology;

import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.RowOperator;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableReading;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What one reading of a table keeps of it: for each key of the topic the last row, filtered and
 * projected, and found by what it is joined by. One thread writes, any reads.
 */
final class TableContents {
  private static final Object[][] NONE = new Object[0][];

  static final Comparator<ByteBuffer> UNSIGNED =
      (a, b) -> Arrays.compareUnsigned(a.array(), b.array());

  /**
   * @param identity the record's key in the topic
   * @param key by which it is found; null if it is not
   */
  private record Entry(ByteBuffer identity, ByteBuffer key, Object[] row) {}

  /** The entries of one key; mostly there is one. */
  private record Entries(Entry only, NavigableMap<ByteBuffer, Entry> several) {

    private static Entries with(Entries before, Entry entry) {
      if (before == null || before.only != null && before.only.identity.equals(entry.identity)) {
        return new Entries(entry, null);
      }
      if (before.several == null) {
        var several = new ConcurrentSkipListMap<ByteBuffer, Entry>(UNSIGNED);
        several.put(before.only.identity, before.only);
        several.put(entry.identity, entry);
        return new Entries(null, several);
      }
      before.several.put(entry.identity, entry);
      return before;
    }

    /** Null if there are no more. */
    private Entries without(ByteBuffer identity) {
      if (several == null) {
        return only.identity.equals(identity) ? null : this;
      }
      several.remove(identity);
      return several.isEmpty() ? null : this;
    }

    private Collection<Entry> all() {
      return several == null ? List.of(only) : several.values();
    }
  }

  private final TableReading reading;
  private final RowOperator operator;

  /** Of the writing thread alone. */
  private final Map<ByteBuffer, Entry> last = new HashMap<>();

  private volatile int size;

  private final Map<ByteBuffer, Entries> byKey = new ConcurrentHashMap<>();

  TableContents(TableReading reading) {
    this.reading = reading;
    this.operator = reading.operator();
  }

  void put(byte[] identity, Object[] tableRow) throws EvaluationException {
    Object[] row = operator.apply(tableRow);
    if (row == null) {
      remove(identity);
      return;
    }
    ByteBuffer id = ByteBuffer.wrap(identity);
    Optional<ByteBuffer> key =
        reading.isScanned() ? Optional.of(id) : reading.key(row).map(ByteBuffer::wrap);
    Entry entry = new Entry(id, key.orElse(null), row);
    Entry before = last.put(id, entry);
    size = last.size();
    // First what is new, so that a row that moves is never missing.
    key.ifPresent(k -> byKey.compute(k, (same, entries) -> Entries.with(entries, entry)));
    if (before != null && before.key != null && !before.key.equals(entry.key)) {
      byKey.computeIfPresent(before.key, (k, entries) -> entries.without(id));
    }
  }

  void remove(byte[] identity) {
    Entry before = last.remove(ByteBuffer.wrap(identity));
    size = last.size();
    if (before != null && before.key != null) {
      byKey.computeIfPresent(before.key, (k, entries) -> entries.without(before.identity));
    }
  }

  void clear() {
    last.clear();
    byKey.clear();
    size = 0;
  }

  /** Rows that are kept, about now. */
  int size() {
    return size;
  }

  Object[][] find(byte[] key) {
    Entries entries = byKey.get(ByteBuffer.wrap(key));
    if (entries == null) {
      return NONE;
    }
    return entries.all().stream().map(Entry::row).toArray(Object[][]::new);
  }

  /** As they are about now, in the order of their keys in the topic. */
  Rows all() {
    List<Entry> all = new ArrayList<>();
    byKey.values().forEach(entries -> all.addAll(entries.all()));
    all.sort(Comparator.comparing(Entry::identity, UNSIGNED));
    Iterator<Entry> entries = all.iterator();
    return () -> entries.hasNext() ? entries.next().row : null;
  }
}
