package dev.tidemill.bench;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures one run in this process, from its construction on: what the JVM needed to boot is left
 * out. Thread-safe.
 */
final class Stopwatch {
  private static final long OFTEN = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long SOMETIMES = TimeUnit.MILLISECONDS.toNanos(100);

  private final Job job;
  private final Consumed consumed;
  private final CpuTimes begun;
  private final long begin;
  private volatile long first;
  private volatile long half;
  private volatile long all;
  private volatile Optional<Measurement> measurement = Optional.empty();

  Stopwatch(Job job) {
    this.job = job;
    this.consumed = new Consumed(job.log());
    this.begun = CpuTimes.now(job.brokerPid());
    this.begin = System.nanoTime();
    Thread watch = new Thread(this::watch, "stopwatch");
    watch.setDaemon(true);
    watch.start();
  }

  private void watch() {
    first = await(1, OFTEN);
    half = await(job.log().orders() / 2, SOMETIMES);
    all = await(job.log().records(), SOMETIMES);
  }

  private long await(long records, long pause) {
    while (consumed.records() < records) {
      LockSupport.parkNanos(pause);
    }
    return System.nanoTime();
  }

  /** Whether every record of the log was read, if not processed. */
  boolean allRead() {
    return all != 0;
  }

  /** The final results are committed. */
  void finished() {
    long end = System.nanoTime();
    CpuTimes used = CpuTimes.now(job.brokerPid()).since(begun);
    long orders = job.log().orders();
    double millions = orders / 1e6;
    measurement =
        Optional.of(
            new Measurement(
                rate(orders, first, end),
                rate(orders, begin, end),
                rate(orders - orders / 2, half, end),
                allRead() ? (end - all) / 1e9 : 0,
                used.self() / millions,
                used.broker() / millions,
                Proc.peakRssMb(),
                (end - begin) / 1e9,
                used.foreign(),
                used.steal()));
  }

  private static double rate(long records, long from, long to) {
    return from == 0 ? 0 : records * 1e9 / (to - from);
  }

  Measurement measurement() {
    return measurement.orElseThrow(() -> new IllegalStateException("it never finished"));
  }
}
