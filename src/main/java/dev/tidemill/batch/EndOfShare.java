package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Follows the last result row of a share's attempt, and says what came before it.
 *
 * @param share partition of the shuffle and of the results
 * @param attempt the share's attempt
 * @param merged source records that the rows were made of
 * @param checksum of the rows of these records that the share was given: {@link Checksum}
 * @param rows result rows of this attempt
 * @param failure why the result can not be computed; empty if it was
 * @param gates what the rows add to the batch's gates
 * @param joins what the joins within the batch found, by their names
 * @param queries the rows of each statement, if there are several
 */
public record EndOfShare(
    Batch batch,
    int share,
    int attempt,
    CloseReason reason,
    long merged,
    long checksum,
    long rows,
    String failure,
    GatePart gates,
    Map<String, JoinCount> joins,
    Map<String, Long> queries) {

  /** Without gates and joins, and of one statement. */
  public EndOfShare(
      Batch batch,
      int share,
      int attempt,
      CloseReason reason,
      long merged,
      long checksum,
      long rows,
      String failure) {
    this(
        batch,
        share,
        attempt,
        reason,
        merged,
        checksum,
        rows,
        failure,
        GatePart.NONE,
        Map.of(),
        Map.of());
  }

  /** The same as a target of one statement sees it. */
  public EndOfShare of(String query) {
    return queries.isEmpty()
        ? this
        : new EndOfShare(
            batch,
            share,
            attempt,
            reason,
            merged,
            checksum,
            queries.getOrDefault(query, 0L),
            failure,
            gates,
            joins,
            Map.of());
  }

  public EndOfShare {
    requireNonNull(batch, "batch");
    requireNonNull(reason, "reason");
    requireNonNull(failure, "failure");
    requireNonNull(gates, "gates");
    joins = Map.copyOf(joins);
    queries = Map.copyOf(queries);
  }
}
