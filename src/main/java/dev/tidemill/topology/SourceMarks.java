package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CloseReason;
import java.time.Duration;
import java.util.Optional;

/**
 * How far every source partition is, as a share knows it, and which batches that closes (rule 2).
 * Not thread-safe.
 */
final class SourceMarks {
  private static final ShuffleMessage.Marks UNHEARD = null;

  private final ShuffleMessage.Marks[] marks;
  private final Duration grace;

  /**
   * @param sources how many partitions must be heard
   */
  SourceMarks(int sources, Duration grace) {
    this.marks = new ShuffleMessage.Marks[sources];
    this.grace = grace;
  }

  void put(ShuffleMessage.Marks update) {
    marks[update.source()] = update;
  }

  Optional<ShuffleMessage.Marks> of(int source) {
    return Optional.ofNullable(marks[source]);
  }

  /** A record came: the partition is neither silent nor at its end, whatever it said before. */
  Optional<ShuffleMessage.Marks> wake(int source) {
    ShuffleMessage.Marks known = marks[source];
    if (known == UNHEARD || (known.idleUntil() == ShuffleMessage.NONE && !known.ended())) {
      return Optional.empty();
    }
    marks[source] =
        new ShuffleMessage.Marks(
            source, known.clock(), ShuffleMessage.NONE, known.completeTo(), false, new long[0]);
    return Optional.of(marks[source]);
  }

  /**
   * Whether every source partition has passed the batch's end and grace.
   *
   * @param newest the newest batch that any clock has entered, or that is known to be empty:
   *     nothing but a clock closes anything behind it
   * @return the weakest reason, or empty if the batch is still open
   */
  Optional<CloseReason> closes(Batch batch, Batch newest) {
    long over = batch.end().plus(grace).toEpochMilli();
    boolean known = batch.compareTo(newest) <= 0;
    CloseReason weakest = CloseReason.CLOCK;
    for (ShuffleMessage.Marks mark : marks) {
      if (mark == UNHEARD) {
        return Optional.empty();
      }
      CloseReason reason;
      if (mark.clock() >= over) {
        reason = CloseReason.CLOCK;
      } else if (known && mark.completeTo() >= batch.end().toEpochMilli()) {
        reason = CloseReason.COMPLETE;
      } else if (known && mark.ended()) {
        reason = CloseReason.END_OF_INPUT;
      } else if (known && mark.idleUntil() >= over) {
        reason = CloseReason.IDLE;
      } else {
        return Optional.empty();
      }
      if (reason.compareTo(weakest) > 0) {
        weakest = reason;
      }
    }
    return Optional.of(weakest);
  }

  /**
   * Before when no partition has any more: it is silent, or its extractor has said so; {@link
   * ShuffleMessage#NONE} if one may have.
   */
  long allQuietUntil() {
    long least = Long.MAX_VALUE;
    for (ShuffleMessage.Marks mark : marks) {
      if (mark == UNHEARD) {
        return ShuffleMessage.NONE;
      }
      least = Math.min(least, Math.max(mark.idleUntil(), withGrace(mark.completeTo())));
    }
    return least;
  }

  /** Silence counts from behind the grace; who says that nothing is missing needs none. */
  private long withGrace(long completeTo) {
    return completeTo == ShuffleMessage.NONE ? completeTo : completeTo + grace.toMillis();
  }

  /** The least of all clocks; {@link ShuffleMessage#NONE} if a partition has shown no time. */
  long leastClock() {
    long least = Long.MAX_VALUE;
    for (ShuffleMessage.Marks mark : marks) {
      if (mark == UNHEARD) {
        return ShuffleMessage.NONE;
      }
      least = Math.min(least, mark.clock());
    }
    return least;
  }

  /** Whether every clock itself is past {@code time}: nothing before it can be in time any more. */
  boolean allClocksPast(long time) {
    for (ShuffleMessage.Marks mark : marks) {
      if (mark == UNHEARD || mark.clock() < time) {
        return false;
      }
    }
    return true;
  }
}
