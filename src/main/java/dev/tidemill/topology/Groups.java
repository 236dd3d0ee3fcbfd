package dev.tidemill.topology;

import dev.tidemill.sql.Accumulators;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Groups of one batch in the heap, on their way: in intake until the shuffle, in a share until the
 * store. Not thread-safe.
 */
final class Groups {

  /** A group's aggregates so far. */
  static final class Group {
    private final Accumulators accumulators;
    private long records;

    private Group(Accumulators accumulators) {
      this.accumulators = accumulators;
    }

    Accumulators accumulators() {
      return accumulators;
    }

    /** Source records that were counted here. */
    long records() {
      return records;
    }

    void count(long more) {
      records += more;
    }
  }

  /** Bytes that are equal when they hold the same. */
  record Key(byte[] bytes, int hash) {
    Key(byte[] bytes) {
      this(bytes, Arrays.hashCode(bytes));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Map<Key, Group> groups = new HashMap<>();

  /** The group of {@code key}; {@code fresh} makes its accumulators if it is new. */
  Group of(byte[] key, java.util.function.Supplier<Accumulators> fresh) {
    Key wrapped = new Key(key);
    Group group = groups.get(wrapped);
    if (group == null) {
      group = new Group(fresh.get());
      groups.put(wrapped, group);
    }
    return group;
  }

  int size() {
    return groups.size();
  }

  Map<Key, Group> all() {
    return groups;
  }
}
