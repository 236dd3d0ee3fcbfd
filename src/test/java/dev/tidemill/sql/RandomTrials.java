package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.Random;

/**
 * Repeats a trial for a bounded time, each time with another seed. {@code -Dtidemill.seed=N} makes
 * one trial of that seed; {@code -Dtidemill.seconds=600} takes another time, {@code
 * -Dtidemill.most=20} shows more failures.
 */
final class RandomTrials {
  private static final int SECONDS = 8;

  /** Of failures that are shown. */
  private static final int MOST = Integer.getInteger("tidemill.most", 3);

  private RandomTrials() {}

  interface Trial {
    /** Throws if something differs, and says what. */
    void run(long seed) throws Exception;
  }

  /**
   * @param name of the test class
   */
  static void run(Class<?> name, Trial trial) throws Exception {
    Long given = Long.getLong("tidemill.seed");
    long first = given != null ? given : new Random().nextInt(1_000_000_000);
    System.out.printf(
        "%s begins with seed %d; a failure names its own, to be repeated by"
            + " mvn test -Dtest=%s -Dtidemill.seed=…%n",
        name.getSimpleName(), first, name.getSimpleName());
    long nanos = Integer.getInteger("tidemill.seconds", SECONDS) * 1_000_000_000L;
    long start = System.nanoTime();
    long seed = first;
    var failures = new ArrayList<String>();
    do {
      try {
        trial.run(seed++);
      } catch (AssertionError e) {
        failures.add(e.getMessage());
      }
    } while (given == null && failures.size() < MOST && System.nanoTime() - start < nanos);
    System.out.printf("%s: %d seeds were tried%n", name.getSimpleName(), seed - first);
    if (!failures.isEmpty()) {
      throw new AssertionError(String.join("\n", failures));
    }
  }
}
