package dev.tidemill.topology;

import dev.tidemill.batch.JoinCount;
import dev.tidemill.sql.JoinCounter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many rows found a partner in each join, how many did not, and for how many the wait was over.
 * Not thread-safe.
 */
final class JoinTally implements JoinCounter {
  private final List<String> names;
  private final long[] hits;
  private final long[] misses;
  private final long[] waitedOut;

  /**
   * @param names of the joins; equal ones are counted together
   */
  JoinTally(List<String> names) {
    this.names = names;
    this.hits = new long[names.size()];
    this.misses = new long[names.size()];
    this.waitedOut = new long[names.size()];
  }

  @Override
  public void count(int join, boolean found) {
    (found ? hits : misses)[join]++;
  }

  @Override
  public void countWaitedOut(int join) {
    waitedOut[join]++;
  }

  void add(JoinTally more) {
    for (int i = 0; i < hits.length; i++) {
      hits[i] += more.hits[i];
      misses[i] += more.misses[i];
      waitedOut[i] += more.waitedOut[i];
    }
  }

  void clear() {
    Arrays.fill(hits, 0);
    Arrays.fill(misses, 0);
    Arrays.fill(waitedOut, 0);
  }

  /** By the joins' names; without those for which no row has looked yet. */
  Map<String, JoinCount> counts() {
    Map<String, JoinCount> counts = new TreeMap<>();
    for (int i = 0; i < hits.length; i++) {
      counts.merge(names.get(i), new JoinCount(hits[i], misses[i], waitedOut[i]), JoinCount::plus);
    }
    counts.values().removeIf(JoinCount.NONE::equals);
    return counts;
  }

  /** Goes on from there; joins that the statement has no more are forgotten. */
  void restore(Map<String, JoinCount> counts) {
    counts.forEach(
        (name, count) -> {
          int join = names.indexOf(name);
          if (join >= 0) {
            hits[join] = count.hits();
            misses[join] = count.misses();
            waitedOut[join] = count.waitedOut();
          }
        });
  }
}
