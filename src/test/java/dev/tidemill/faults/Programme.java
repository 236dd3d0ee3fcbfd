package dev.tidemill.faults;

import java.util.Random;

/** What {@code -Dfaults.seed} and {@code -Dfaults.rounds} say. */
final class Programme {
  /** How often a fault is repeated that is drawn at random. */
  static final int ROUNDS = Integer.getInteger("faults.rounds", 5);

  private static final long SEED = Long.getLong("faults.seed", 2001);

  private Programme() {}

  /** The same, where a round takes longer. */
  static int few() {
    return Math.max(1, ROUNDS * 2 / 5);
  }

  /** Of one experiment: each has its own sequence, whichever others run before it. */
  static long seed(String experiment) {
    return new Random(SEED ^ experiment.hashCode()).nextLong(1_000_000);
  }

  /** What a person has to give to see the same again. */
  static String seed() {
    return "-Dfaults.seed=" + SEED;
  }
}
