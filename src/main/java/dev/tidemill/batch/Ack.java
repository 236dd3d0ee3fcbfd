package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What the owner is told from outside: a target's word that it has published an attempt of a batch,
 * or never can; or a person's that a quarantined attempt is to be published.
 *
 * @param target the target's name; empty if it is a person's word
 * @param batchStart which batch
 * @param rows how many rows of the batch the target holds now; 0 if it refused
 * @param refusal why this attempt can never be published there; empty if it is
 * @param release present if it is a person's word
 */
public record Ack(
    String target,
    Instant batchStart,
    int attempt,
    long rows,
    String refusal,
    Optional<Release> release) {

  public static Ack published(String target, Instant batchStart, int attempt, long rows) {
    return new Ack(target, batchStart, attempt, rows, "", Optional.empty());
  }

  public static Ack refused(String target, Instant batchStart, int attempt, String refusal) {
    return new Ack(target, batchStart, attempt, 0, refusal, Optional.empty());
  }

  public static Ack released(Instant batchStart, int attempt, Release release) {
    return new Ack("", batchStart, attempt, 0, "", Optional.of(release));
  }

  public Ack {
    requireNonNull(refusal, "refusal");
    requireNonNull(release, "release");
    requireNonNull(target, "target");
    requireNonNull(batchStart, "batchStart");
  }
}
