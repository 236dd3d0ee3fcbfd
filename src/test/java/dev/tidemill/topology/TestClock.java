package dev.tidemill.topology;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until it is set, and counts how often it was looked at. */
final class TestClock extends Clock {
  private final AtomicLong looks = new AtomicLong();
  private volatile Instant now;

  TestClock(Instant now) {
    this.now = now;
  }

  void set(Instant time) {
    now = time;
  }

  /** Each question for the ends of the source partitions looks once. */
  long looks() {
    return looks.get();
  }

  @Override
  public Instant instant() {
    looks.incrementAndGet();
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
