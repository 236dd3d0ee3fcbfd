package dev.tidemill.topology;

import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.RowOperator;
import dev.tidemill.sql.TableReading;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What one reading of a table keeps of it where records ask for the row of their own event time:
 * for each key of the topic its versions, filtered and projected.
 *
 * <p>A version counts <em>from</em> its event time on; one that comes later than its partition's
 * clock counts from that clock on, since records before it may have been joined already. Of the
 * versions that count at a time, the one with the newest event time is the row; of equal ones the
 * last in the log. A deletion ends what came before it in the log. So what is found at a time is a
 * function of the log once the table's clock is past it ({@link TableClock}), whatever is read
 * meanwhile.
 *
 * <p>Thread-safe; reads do not wait.
 */
final class TableVersions {
  private static final Object[][] NONE = new Object[0][];
  private static final Version[] NO_VERSIONS = new Version[0];
  private static final ByteBuffer[] NO_KEYS = new ByteBuffer[0];

  /**
   * Where a version stands in the log.
   *
   * @param time its event time, in ms since the epoch
   * @param settled up to here records may have been joined; {@link Long#MIN_VALUE} for none
   */
  record Place(long time, long settled, int partition, long offset) {
    private boolean isAfter(Place other) {
      if (time != other.time) {
        return time > other.time;
      }
      return partition != other.partition ? partition > other.partition : offset > other.offset;
    }
  }

  /**
   * @param from since when it counts
   * @param key by which it is found; null if it is not
   * @param row null if there is none
   */
  private record Version(long from, Place place, boolean deletion, ByteBuffer key, Object[] row) {

    /** Nobody can see the other one beside this. */
    private boolean hides(Version other) {
      return !other.deletion && from <= other.from && place.isAfter(other.place);
    }
  }

  private final TableReading reading;
  private final RowOperator operator;

  /** By the key in the topic; of each the versions in their order. Arrays are never changed. */
  private final Map<ByteBuffer, Version[]> versions = new ConcurrentHashMap<>();

  /** By what they are joined by: the keys in the topic of which a version has or had it. */
  private final Map<ByteBuffer, ByteBuffer[]> identities = new ConcurrentHashMap<>();

  private long forgotten = Long.MIN_VALUE;

  TableVersions(TableReading reading) {
    this.reading = reading;
    this.operator = reading.operator();
  }

  /** One more version of a key. */
  synchronized void put(byte[] identity, Object[] tableRow, Place place)
      throws EvaluationException {
    Object[] row = operator.apply(tableRow);
    ByteBuffer id = ByteBuffer.wrap(identity);
    ByteBuffer key = row == null ? null : reading.key(row).map(ByteBuffer::wrap).orElse(null);
    Version[] before = versions.getOrDefault(id, NO_VERSIONS);
    Version version =
        new Version(
            Math.max(Math.max(place.time, place.settled), endOfLast(before)),
            place,
            false,
            key,
            row);
    if (sinceDeletion(before).anyMatch(other -> other.hides(version))) {
      return;
    }
    if (key != null) {
      // First what leads to it, so that it is never missing.
      identities.compute(key, (k, ids) -> with(ids == null ? NO_KEYS : ids, id));
    }
    var after = new ArrayList<Version>();
    Arrays.stream(before).filter(other -> !version.hides(other)).forEach(after::add);
    int at = after.size();
    while (at > 0 && after.get(at - 1).from > version.from) {
      at--;
    }
    after.add(at, version);
    versions.put(id, after.toArray(NO_VERSIONS));
  }

  /** The key has no row from here on. */
  synchronized void remove(byte[] identity, Place place) {
    ByteBuffer id = ByteBuffer.wrap(identity);
    Version[] before = versions.getOrDefault(id, NO_VERSIONS);
    if (before.length == 0 || before[before.length - 1].deletion) {
      return; // there is nothing to delete
    }
    Version deletion =
        new Version(
            Math.max(Math.max(place.time, place.settled), endOfLast(before)),
            place,
            true,
            null,
            null);
    versions.put(
        id,
        Stream.concat(
                Arrays.stream(before).filter(other -> other.deletion || other.from < deletion.from),
                Stream.of(deletion))
            .toArray(Version[]::new));
  }

  /** What came before a deletion in the log says nothing of what comes after it. */
  private static Stream<Version> sinceDeletion(Version[] versions) {
    int first = versions.length;
    while (first > 0 && !versions[first - 1].deletion) {
      first--;
    }
    return Arrays.stream(versions, first, versions.length);
  }

  /** What comes after a deletion in the log does not count before it. */
  private static long endOfLast(Version[] versions) {
    for (int i = versions.length - 1; i >= 0; i--) {
      if (versions[i].deletion) {
        return versions[i].from;
      }
    }
    return Long.MIN_VALUE;
  }

  private static ByteBuffer[] with(ByteBuffer[] sorted, ByteBuffer one) {
    int at = Arrays.binarySearch(sorted, one, TableContents.UNSIGNED);
    if (at >= 0) {
      return sorted;
    }
    var more = new ArrayList<>(List.of(sorted));
    more.add(-at - 1, one);
    return more.toArray(NO_KEYS);
  }

  /**
   * @param time not before what was {@link #forgetBefore forgotten}
   */
  Object[][] find(byte[] key, long time) {
    ByteBuffer by = ByteBuffer.wrap(key);
    ByteBuffer[] ids = identities.get(by);
    if (ids == null) {
      return NONE;
    }
    var found = new ArrayList<Object[]>(1);
    for (ByteBuffer id : ids) {
      Version[] all = versions.getOrDefault(id, NO_VERSIONS);
      int at = lastAt(all, time);
      if (at >= 0 && by.equals(all[at].key)) {
        found.add(all[at].row);
      }
    }
    return found.toArray(Object[][]::new);
  }

  /** -1 if none counts yet. Mostly records ask for one of the newest. */
  private static int lastAt(Version[] versions, long time) {
    int at = versions.length - 1;
    while (at >= 0 && versions[at].from > time) {
      at--;
    }
    return at;
  }

  /**
   * No record asks for an earlier time any more: of each key what counts then is the oldest version
   * that is kept.
   *
   * @param time ms since the epoch; the earlier of two calls counts for nothing
   */
  synchronized void forgetBefore(long time) {
    if (time <= forgotten) {
      return;
    }
    forgotten = time;
    Map<ByteBuffer, Version[]> changed = new HashMap<>();
    versions.forEach(
        (id, all) -> {
          int first = lastAt(all, time);
          if (first > 0 || first == 0 && all[0].deletion) {
            changed.put(
                id, Arrays.copyOfRange(all, all[first].deletion ? first + 1 : first, all.length));
          }
        });
    changed.forEach(
        (id, kept) -> {
          Version[] before = versions.get(id);
          if (kept.length == 0) {
            versions.remove(id);
          } else {
            versions.put(id, kept);
          }
          Arrays.stream(before)
              .map(Version::key)
              .filter(key -> key != null && !hasKey(kept, key))
              .forEach(key -> identities.computeIfPresent(key, (k, ids) -> without(ids, id)));
        });
  }

  private static boolean hasKey(Version[] versions, ByteBuffer key) {
    return Arrays.stream(versions).anyMatch(version -> key.equals(version.key));
  }

  /** Null if there are no more. */
  private static ByteBuffer[] without(ByteBuffer[] ids, ByteBuffer one) {
    ByteBuffer[] less = Arrays.stream(ids).filter(id -> !id.equals(one)).toArray(ByteBuffer[]::new);
    return less.length == 0 ? null : less;
  }

  /** Versions that are kept. */
  long size() {
    return versions.values().stream().mapToLong(all -> all.length).sum();
  }
}
