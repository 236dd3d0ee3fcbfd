package dev.tidemill.batch;

import java.time.Instant;
import java.util.Optional;

/** No firing at all, as a schedule has none that was deleted. */
public record NoSchedule() implements Schedule {
  @Override
  public Optional<Instant> next(Instant time) {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> floor(Instant time) {
    return Optional.empty();
  }
}
