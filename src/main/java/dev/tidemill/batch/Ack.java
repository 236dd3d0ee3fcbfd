package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A target's word that it has published an attempt of a batch.
 *
 * @param target the target's name
 * @param batchStart which batch
 * @param rows how many rows of the batch the target holds now
 */
public record Ack(String target, Instant batchStart, int attempt, long rows) {
  public Ack {
    requireNonNull(target, "target");
    requireNonNull(batchStart, "batchStart");
  }
}
