package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a target knows of one share of a batch.
 *
 * @param batch its start
 * @param attempt the attempt that is staged; 0: nothing is
 * @param ended whether the end mark of that attempt is staged
 * @param merged source records, as the end mark says
 * @param rows result rows, as the end mark says
 * @param refusal why the staged attempt can never be published; empty if nothing speaks against it
 * @param published the attempt that is published; 0: none
 */
record ShareBooks(
    Instant batch,
    int share,
    int attempt,
    boolean ended,
    long merged,
    long rows,
    String refusal,
    int published) {

  ShareBooks {
    requireNonNull(batch, "batch");
    requireNonNull(refusal, "refusal");
  }

  /** A share of which nothing has come yet. */
  static ShareBooks none(Instant batch, int share) {
    return new ShareBooks(batch, share, 0, false, 0, 0, "", 0);
  }

  /** After a part of a chunk, whose attempt is this one's or a later one. */
  ShareBooks with(SharePart part) {
    boolean same = part.attempt() == attempt;
    boolean endedNow = part.end().isPresent();
    return new ShareBooks(
        batch,
        share,
        part.attempt(),
        endedNow || (same && ended),
        endedNow ? part.end().get().merged() : same ? merged : 0,
        endedNow ? part.end().get().rows() : same ? rows : 0,
        same && !refusal.isEmpty() ? refusal : part.refusal(),
        published);
  }
}
