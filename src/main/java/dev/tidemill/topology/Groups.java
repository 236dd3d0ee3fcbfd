package dev.tidemill.topology;

import dev.tidemill.sql.Accumulators;
import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/**
 * Groups of one batch in the heap: in intake until the shuffle, in a share a copy of what its store
 * has or will have at the next commit. Not thread-safe.
 */
final class Groups implements Iterable<Groups.Group> {

  /**
   * A group's aggregates so far. Those that came encoded are decoded only if there is something to
   * add: most groups of a share come whole.
   */
  static final class Group {
    private final byte[] key;
    private final int hash;
    private final int share;
    private Accumulators accumulators;
    private byte[] encoded;
    private long records;
    private long checksum;
    private boolean changed;

    private Group(byte[] key, int hash, int share, Accumulators accumulators, byte[] encoded) {
      this.key = key;
      this.hash = hash;
      this.share = share;
      this.accumulators = accumulators;
      this.encoded = encoded;
    }

    byte[] key() {
      return key;
    }

    /** Where it belongs; known in intake only. */
    int share() {
      return share;
    }

    /** Those that came encoded can take rows from now on. */
    void open(Aggregation aggregation) {
      accumulators = accumulators(aggregation);
      encoded = null;
    }

    /** Adds a row. */
    void add(Object[] row, Place place) {
      accumulators.add(row, place);
    }

    /** Adds what others have gathered. */
    void merge(byte[] more, Aggregation aggregation) {
      Accumulators sum = accumulators(aggregation);
      sum.merge(aggregation.decode(more));
      accumulators = sum;
      encoded = null;
    }

    /** For reading. */
    Accumulators accumulators(Aggregation aggregation) {
      return accumulators == null ? aggregation.decode(encoded) : accumulators;
    }

    byte[] encoded() {
      return encoded == null ? accumulators.encode() : encoded;
    }

    /** Source records that were counted here. */
    long records() {
      return records;
    }

    /** Of the rows that were added here. */
    long checksum() {
      return checksum;
    }

    void count(long moreRecords, long ofMoreRows) {
      records += moreRecords;
      checksum += ofMoreRows;
    }
  }

  private static final int SMALLEST = 64;
  private static final int NO_SHARE = -1;

  /** Open addressing with linear probing, at most half full; the length is a power of two. */
  private Group[] table = new Group[SMALLEST];

  private int size;
  private List<Group> changed = new ArrayList<>();

  /** The group of {@code key}, or null. */
  Group get(byte[] key) {
    int hash = hash(key);
    for (int i = hash & (table.length - 1); ; i = (i + 1) & (table.length - 1)) {
      Group group = table[i];
      if (group == null || group.hash == hash && Arrays.equals(group.key, key)) {
        return group;
      }
    }
  }

  /** A group that {@link #get} did not find. */
  Group add(byte[] key, int share, Accumulators accumulators) {
    return add(new Group(key, hash(key), share, accumulators, null));
  }

  /** A group that {@link #get} did not find. */
  Group add(byte[] key, byte[] encoded) {
    return add(key, NO_SHARE, encoded);
  }

  /** A group that {@link #get} did not find. */
  Group add(byte[] key, int share, byte[] encoded) {
    return add(new Group(key, hash(key), share, null, encoded));
  }

  private Group add(Group group) {
    if (2 * ++size > table.length) {
      grow();
    }
    put(group);
    return group;
  }

  private void grow() {
    Group[] before = table;
    table = new Group[2 * before.length];
    for (Group group : before) {
      if (group != null) {
        put(group);
      }
    }
  }

  private void put(Group group) {
    int i = group.hash & (table.length - 1);
    while (table[i] != null) {
      i = (i + 1) & (table.length - 1);
    }
    table[i] = group;
  }

  /** Keys are often numbers in a row: their bits have to be spread. */
  private static int hash(byte[] key) {
    return Utils.murmur2(key);
  }

  /** To be called whenever a group's aggregates changed. */
  void change(Group group) {
    if (!group.changed) {
      group.changed = true;
      changed.add(group);
    }
  }

  /** The groups that changed since this was called last. */
  List<Group> takeChanged() {
    List<Group> taken = changed;
    taken.forEach(group -> group.changed = false);
    changed = new ArrayList<>();
    return taken;
  }

  int size() {
    return size;
  }

  /** In no order. */
  @Override
  public Iterator<Group> iterator() {
    return groups().iterator();
  }

  /** In the order of a store: by their keys, as unsigned bytes. */
  List<Group> sorted() {
    return groups().sorted((a, b) -> Arrays.compareUnsigned(a.key, b.key)).toList();
  }

  private Stream<Group> groups() {
    return Arrays.stream(table).filter(Objects::nonNull);
  }
}
