package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A target's word that it has published an attempt of a batch, or never can.
 *
 * @param target the target's name
 * @param batchStart which batch
 * @param rows how many rows of the batch the target holds now; 0 if it refused
 * @param refusal why this attempt can never be published there; empty if it is
 */
public record Ack(String target, Instant batchStart, int attempt, long rows, String refusal) {

  public static Ack published(String target, Instant batchStart, int attempt, long rows) {
    return new Ack(target, batchStart, attempt, rows, "");
  }

  public static Ack refused(String target, Instant batchStart, int attempt, String refusal) {
    return new Ack(target, batchStart, attempt, 0, refusal);
  }

  public Ack {
    requireNonNull(refusal, "refusal");
    requireNonNull(target, "target");
    requireNonNull(batchStart, "batchStart");
  }
}
