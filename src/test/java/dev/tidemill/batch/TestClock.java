package dev.tidemill.batch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Stands still until it is set, and counts how often it was looked at. */
public final class TestClock extends Clock {
  private final AtomicLong looks = new AtomicLong();
  private volatile Instant now;

  public TestClock(Instant now) {
    this.now = now;
  }

  public void set(Instant time) {
    now = time;
  }

  public void move(Duration by) {
    now = now.plus(by);
  }

  /** Each question for the ends of the source partitions looks once. */
  public long looks() {
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
