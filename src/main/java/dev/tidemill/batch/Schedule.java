package dev.tidemill.batch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A set of instants at which something happens. Each is a <em>firing</em>, and the instant is its
 * name: two firings never have the same one. Implementations are immutable and thread-safe.
 */
public sealed interface Schedule permits ZonedSchedule, FixedSchedule, OnceSchedule, NoSchedule {

  /** The first firing after {@code time}; empty if there is no more. */
  Optional<Instant> next(Instant time);

  /** The latest firing at or before {@code time}. */
  Optional<Instant> floor(Instant time);

  /** The latest firing before {@code time}. */
  default Optional<Instant> previous(Instant time) {
    return floor(time.minusNanos(1));
  }

  /** All firings after {@code time}, the first one first. */
  default Stream<Instant> after(Instant time) {
    return Stream.iterate(next(time), Optional::isPresent, last -> next(last.get()))
        .map(Optional::get);
  }

  /** The firings in {@code (after, to]}, the first one first. */
  default Stream<Instant> between(Instant after, Instant to) {
    return after(after).takeWhile(firing -> !firing.isAfter(to));
  }

  /**
   * The latest firings in {@code (after, to]}, the first one first.
   *
   * @param limit of their number
   */
  default List<Instant> latest(Instant after, Instant to, int limit) {
    List<Instant> latest = new ArrayList<>();
    Optional<Instant> firing = floor(to);
    while (latest.size() < limit && firing.isPresent() && firing.get().isAfter(after)) {
      latest.add(firing.get());
      firing = previous(firing.get());
    }
    Collections.reverse(latest);
    return List.copyOf(latest);
  }
}
