package dev.tidemill.bench;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures one run in this process, from its construction on: what the JVM needed to boot is left
 * out. Thread-safe.
 */
final class Stopwatch {
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

  private final Job job;
  private final Consumed consumed;
  private final long self = ProcessHandle.current().pid();
  private final double cpu;
  private final double brokerCpu;
  private final double steal;
  private final long begin;
  private volatile long first;
  private volatile long half;
  private volatile Optional<Measurement> measurement = Optional.empty();

  Stopwatch(Job job) {
    this.job = job;
    this.consumed = new Consumed(job.log());
    this.cpu = Proc.cpuSeconds(self);
    this.brokerCpu = Proc.cpuSeconds(job.brokerPid());
    this.steal = Proc.stealSeconds();
    this.begin = System.nanoTime();
    Thread watch = new Thread(this::watch, "stopwatch");
    watch.setDaemon(true);
    watch.start();
  }

  private void watch() {
    await(1);
    first = System.nanoTime();
    await(job.log().orders() / 2);
    half = System.nanoTime();
  }

  private void await(long records) {
    while (consumed.records() < records) {
      LockSupport.parkNanos(LOOK);
    }
  }

  /** Whether every record of the log was read, if not processed. */
  boolean allRead() {
    return consumed.records() >= job.log().records();
  }

  /** The final results are committed. */
  void finished() {
    long end = System.nanoTime();
    long orders = job.log().orders();
    double millions = orders / 1e6;
    measurement =
        Optional.of(
            new Measurement(
                rate(orders, first, end),
                rate(orders, begin, end),
                rate(orders - orders / 2, half, end),
                (Proc.cpuSeconds(self) - cpu) / millions,
                (Proc.cpuSeconds(job.brokerPid()) - brokerCpu) / millions,
                Proc.peakRssMb(),
                (end - begin) / 1e9,
                Proc.stealSeconds() - steal));
  }

  private static double rate(long records, long from, long to) {
    return records * 1e9 / (to - from);
  }

  Measurement measurement() {
    return measurement.orElseThrow(() -> new IllegalStateException("it never finished"));
  }
}
