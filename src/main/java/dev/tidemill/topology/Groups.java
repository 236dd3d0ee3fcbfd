package dev.tidemill.topology;

import dev.tidemill.sql.Accumulators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Groups of one batch in the heap: in intake until the shuffle, in a share a copy of what its store
 * has or will have at the next commit. Not thread-safe.
 */
final class Groups {

  /** A group's aggregates so far. */
  static final class Group {
    private final byte[] key;
    private final Accumulators accumulators;
    private long records;
    private boolean changed;

    private Group(byte[] key, Accumulators accumulators) {
      this.key = key;
      this.accumulators = accumulators;
    }

    byte[] key() {
      return key;
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
  private record Key(byte[] bytes, int hash) {
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
  private List<Group> changed = new ArrayList<>();

  /** The group of {@code key}, or null. */
  Group get(byte[] key) {
    return groups.get(new Key(key));
  }

  /** A group that {@link #get} did not find. */
  Group add(byte[] key, Accumulators accumulators) {
    Group group = new Group(key, accumulators);
    groups.put(new Key(key), group);
    return group;
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
    return groups.size();
  }

  Iterable<Group> all() {
    return groups.values();
  }
}
