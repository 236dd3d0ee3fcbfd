package dev.tidemill.batch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Named places where the fault programme ends the process, as a power cut would, or holds it up.
 *
 * <p>Off unless the system property {@code tidemill.crash-point} says {@code POINT:n} (the n-th
 * time) or {@code POINT:n:hold}. When it is off, {@link #reached} compares two constants, and the
 * compiler leaves nothing of it. Thread-safe.
 */
public enum CrashPoint {
  AFTER_ROW,
  BEFORE_POSITION,
  AFTER_POSITION,
  AFTER_EXTRACT_COMMIT,
  BEFORE_PARTIALS,
  AFTER_PARTIALS,
  BEFORE_STORE_FLUSH,
  AFTER_STORE_FLUSH,
  BEFORE_KAFKA_COMMIT,
  AFTER_KAFKA_COMMIT,
  BEFORE_STAGE,
  AFTER_STAGE,
  BEFORE_OFFSET_WRITE,
  AFTER_OFFSET_WRITE,
  BEFORE_PUBLISH,
  AFTER_PUBLISH,
  BEFORE_DATABASE_COMMIT,
  AFTER_DATABASE_COMMIT,
  BEFORE_ACK,
  AFTER_ACK;

  public static final String PROPERTY = "tidemill.crash-point";

  /** Of a process that was ended here; nothing else exits so. */
  public static final int EXIT_CODE = 86;

  private static final long HOLD_NANOS = 5_000_000_000L;

  private static final String[] WANTED = System.getProperty(PROPERTY, "").split(":");
  private static final CrashPoint ARMED = WANTED[0].isEmpty() ? null : valueOf(WANTED[0]);
  private static final AtomicInteger LEFT =
      new AtomicInteger(ARMED == null ? 0 : Integer.parseInt(WANTED[1]));
  private static final boolean HOLDS = WANTED.length > 2 && WANTED[2].equals("hold");

  /** Whether any point is; who would have to wrap something for a point need not otherwise. */
  public static boolean isAnyArmed() {
    return ARMED != null;
  }

  /** Does nothing, unless this point is armed and it is the time that was asked for. */
  public void reached() {
    if (this == ARMED) {
      strike();
    }
  }

  private void strike() {
    if (LEFT.decrementAndGet() != 0) {
      return;
    }
    System.err.println("crash point " + this);
    if (!HOLDS) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    long until = System.nanoTime() + HOLD_NANOS;
    while (System.nanoTime() < until) { // long enough to be stopped by SIGSTOP right here
      LockSupport.parkNanos(HOLD_NANOS / 100);
    }
  }
}
