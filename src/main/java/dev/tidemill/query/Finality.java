package dev.tidemill.query;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.topology.ShareSlice;

/** Whether what a share holds is what the ledger says was published. */
final class Finality {
  private Finality() {}

  /**
   * @return whether the slice's rows are of the entry's attempt, and can not change; if not, they
   *     are provisional
   * @throws QueryProblem if the share has no rows to give: they are kept no more, they can not be
   *     computed, or whoever answered lags behind the ledger
   */
  static boolean isFinal(LedgerEntry entry, int share, ShareSlice slice) throws QueryProblem {
    if (!slice.failure().isEmpty()) {
      throw new QueryProblem(
          QueryProblem.Kind.CONFLICT,
          "a row of batch " + entry.batch().id() + " can not be computed: " + slice.failure());
    }
    boolean published = entry.state() == BatchState.READY || entry.state() == BatchState.LOADED;
    int expected = published ? entry.shares().get(share).attempt() : 0;
    return switch (slice.standing()) {
      case FORGOTTEN -> throw forgotten(entry);
      case OPEN -> false;
      case UNKNOWN -> {
        if (expected > 0) {
          throw forgotten(entry);
        }
        yield published; // it has nothing of the batch
      }
      case CLOSED -> {
        if (slice.attempt() < expected) {
          throw new QueryProblem(
              QueryProblem.Kind.UNAVAILABLE,
              "share %d answered with attempt %d, the ledger has %d: shares are moving"
                  .formatted(share, slice.attempt(), expected));
        }
        yield published && slice.attempt() == expected;
      }
    };
  }

  private static QueryProblem forgotten(LedgerEntry entry) {
    return new QueryProblem(
        QueryProblem.Kind.GONE,
        "the rows of batch "
            + entry.batch().id()
            + " are not kept here any more ('keep' of the pipeline); ask the tables that it was"
            + " loaded into");
  }
}
