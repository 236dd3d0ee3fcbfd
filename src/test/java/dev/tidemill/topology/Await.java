package dev.tidemill.topology;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a bound. */
final class Await {
  static final Duration BOUND = Duration.ofSeconds(40);

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    until(what, condition, () -> "nothing");
  }

  /**
   * @param instead what is shown if it does not happen
   */
  static void until(String what, BooleanSupplier condition, Supplier<Object> instead) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not within " + BOUND + ": " + what + "; instead: " + instead.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
