package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Why an attempt was kept from the targets, and who let it go all the same. Immutable.
 *
 * @param breaches the gates that it did not pass, at least one
 * @param release empty while it is held
 */
public record Quarantine(List<Breach> breaches, Optional<Release> release) {

  public Quarantine {
    breaches = List.copyOf(breaches);
    requireNonNull(release, "release");
    if (breaches.isEmpty()) {
      throw new IllegalArgumentException("a quarantine has a reason");
    }
  }

  Quarantine released(Release by) {
    return new Quarantine(breaches, Optional.of(by));
  }
}
