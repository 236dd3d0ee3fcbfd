package dev.tidemill.faults;

/** A promise that was not kept, and where: batch, partition, offset. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  Violation(String invariant, String what) {
    super(invariant + " is violated: " + what);
  }
}
