package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How far a loader is, at one moment. Counts start with the loader, not with the target.
 *
 * @param target the target's name
 * @param publishedBatches batches that were acknowledged as published, found ones too
 * @param stagedRows rows that were staged
 * @param settled the target is known to hold, or to refuse, all that the ledger asks for; or
 *     another loader is elected to see to that
 * @param lastError what keeps it from loading, or why a batch can not be published; empty if
 *     nothing does
 */
public record LoaderProgress(
    String target,
    State state,
    long publishedBatches,
    long stagedRows,
    boolean settled,
    Optional<String> lastError) {

  /** What a loader is doing. */
  public enum State {
    /** Another one is elected, or none is yet. */
    STANDBY,
    /** Elected, and loading. */
    LOADING,
    /** Elected, and waiting to try again after {@link LoaderProgress#lastError}. */
    RETRYING,
    /** Ended. */
    STOPPED
  }

  public LoaderProgress {
    requireNonNull(target, "target");
    requireNonNull(state, "state");
    requireNonNull(lastError, "lastError");
  }
}
