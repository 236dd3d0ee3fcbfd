package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/** A single firing, as {@code @reboot} has it: at the start. */
public record OnceSchedule(Instant at) implements Schedule {
  public OnceSchedule {
    requireNonNull(at, "at");
  }

  @Override
  public Optional<Instant> next(Instant time) {
    return Optional.of(at).filter(time::isBefore);
  }

  @Override
  public Optional<Instant> floor(Instant time) {
    return Optional.of(at).filter(firing -> !firing.isAfter(time));
  }
}
