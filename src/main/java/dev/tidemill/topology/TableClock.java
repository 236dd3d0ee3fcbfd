package dev.tidemill.topology;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Up to when a table's versions are known: the least over its partitions. Thread-safe: written by
 * the thread that reads the table and by {@link HighWatermarks}, read by intake for each record.
 *
 * <p>A partition's clock is the largest event time that it has shown, less the grace; a version in
 * the future moves it no further than the time at which it was written. Of a table from files it
 * stands at the end of the last load, since within a load rows come in any order; and once all is
 * loaded, everything is known. As sources do, a partition that is read to its end counts by the
 * wall clock, too: no record waits longer for it than {@code wait}.
 */
final class TableClock {
  private static final long NONE = Long.MIN_VALUE;

  private final boolean extracted;
  private final long grace;
  private final long wait;
  private final Partition[] partitions;

  /** The newest time for which somebody went on since the wait was over. */
  private final AtomicLong waitedFor = new AtomicLong(NONE);

  /** Of one partition. */
  private static final class Partition {
    private long newest = NONE;
    private volatile long settled = NONE;
    private volatile boolean ended;

    private long position;
    private CaughtUp.HighWatermark end = new CaughtUp.HighWatermark(Long.MAX_VALUE, 0, NONE);

    /** The wall clock when it was last known to be read to its end; ms since the epoch. */
    private volatile long readAt = NONE;

    private boolean knows(long time) {
      return time < settled || ended;
    }

    private synchronized void position(long offset) {
      position = offset;
      compare();
    }

    private synchronized void end(CaughtUp.HighWatermark high) {
      end = high;
      compare();
    }

    private void compare() {
      if (position >= end.offset()) {
        readAt = Math.max(readAt, end.askedMillis());
      }
    }
  }

  /**
   * @param extracted whether our own extractor writes it, and says when all is there
   * @param grace event time: how late a version may be and still be in time
   * @param wait wall time: how long a record waits for a partition that is read to its end
   */
  TableClock(int partitions, boolean extracted, Duration grace, Duration wait) {
    this.extracted = extracted;
    this.grace = grace.toMillis();
    this.wait = wait.toMillis();
    this.partitions =
        IntStream.range(0, partitions).mapToObj(p -> new Partition()).toArray(Partition[]::new);
  }

  /** Up to here records may have been joined by what the partition's log said before. */
  long settled(int partition) {
    return partitions[partition].settled;
  }

  /**
   * A version has been read, and whoever asks finds it.
   *
   * @param time its event time
   * @param written Kafka's time of its record
   */
  void version(int partition, long time, long written) {
    Partition of = partitions[partition];
    of.newest = Math.max(of.newest, Math.min(time, written));
    of.ended = false;
    if (!extracted) {
      of.settled = of.newest - grace;
    }
  }

  /**
   * Whether a version comes so late that a record of its time may have gone on without it here,
   * although the partition's log does not say that it is late.
   */
  boolean isMissed(int partition, long time) {
    return time >= partitions[partition].settled && time <= waitedFor.get();
  }

  /** The extractor's word that all is there. */
  void loaded(int partition) {
    Partition of = partitions[partition];
    of.settled = of.newest;
    of.ended = true;
  }

  /** Everything before this offset is read. */
  void position(int partition, long offset) {
    partitions[partition].position(offset);
  }

  void end(int partition, CaughtUp.HighWatermark end) {
    partitions[partition].end(end);
  }

  /** Whether everything that counts at a time, in ms since the epoch, is there. */
  boolean isKnown(long time) {
    for (Partition partition : partitions) {
      if (!partition.knows(time)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the row of a time is known, or has been waited for long enough.
   *
   * @param time event time, in ms since the epoch
   * @param since since when somebody waits for it, by the wall clock
   */
  boolean isPast(long time, long since) {
    boolean allKnown = true;
    for (Partition partition : partitions) {
      boolean known = partition.knows(time);
      if (!known && partition.readAt < Math.min(time, since) + wait) {
        return false;
      }
      allKnown &= known;
    }
    if (!allKnown && time > waitedFor.get()) {
      waitedFor.accumulateAndGet(time, Math::max);
    }
    return true;
  }
}
