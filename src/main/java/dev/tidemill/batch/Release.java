package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A person's word that a quarantined batch is to be published.
 *
 * @param by who, as the command knows them
 * @param at when they said so, by their clock
 * @param reason in their words; may be empty
 */
public record Release(String by, Instant at, String reason) {
  public Release {
    requireNonNull(by, "by");
    requireNonNull(at, "at");
    requireNonNull(reason, "reason");
  }

  /** For people. */
  @Override
  public String toString() {
    return "released by " + by + " at " + at + (reason.isEmpty() ? "" : ": " + reason);
  }
}
