package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * Batches of one length. They begin at 1970-01-01T00:00Z plus {@code offset}, and go on in both
 * directions. They are lengths of physical time: no time zone, and no change of the clock, moves
 * them. Immutable and thread-safe.
 *
 * @param length of each batch; whole seconds
 * @param offset whole seconds, less than {@code length}
 */
public record FixedCalendar(Duration length, Duration offset) implements Calendar {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * @throws IllegalArgumentException if the length is not between a second and a year, the offset
   *     is not less than it, or one of them has a fraction of a second
   */
  public FixedCalendar {
    requireNonNull(length, "length");
    requireNonNull(offset, "offset");
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a batch is from 1s to 366d long");
    }
    if (offset.isNegative() || offset.compareTo(length) >= 0) {
      throw new IllegalArgumentException("an offset is shorter than the batch");
    }
    if (length.getNano() != 0 || offset.getNano() != 0) {
      throw new IllegalArgumentException("a batch begins at a whole second");
    }
  }

  @Override
  public Batch batchOf(Instant time) {
    long number = Math.floorDiv(time.getEpochSecond() - offset.getSeconds(), length.getSeconds());
    Instant start = Instant.ofEpochSecond(number * length.getSeconds() + offset.getSeconds());
    return new Batch(start, start.plus(length));
  }
}
