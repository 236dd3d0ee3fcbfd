package dev.tidemill.cli;

import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RejectReason;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * What rejects have in common that are counted as one: batch, step, and the reason without what
 * differs from record to record. Oldest batch first; those of no batch before all.
 *
 * @param reason with … in the place of times, numbers and values that were found
 */
record RejectKind(Optional<Instant> batch, String step, String reason)
    implements Comparable<RejectKind> {
  private static final Comparator<RejectKind> ORDER =
      Comparator.<RejectKind, Instant>comparing(kind -> kind.batch().orElse(Instant.MIN))
          .thenComparing(RejectKind::step)
          .thenComparing(RejectKind::reason);

  static RejectKind of(Reject reject) {
    return new RejectKind(
        reject.batch(), reject.step(), RejectReason.general(reject.step(), reject.reason()));
  }

  /** What rejects of several batches have in common. */
  RejectKind ofAnyBatch() {
    return new RejectKind(Optional.empty(), step, reason);
  }

  @Override
  public int compareTo(RejectKind other) {
    return ORDER.compare(this, other);
  }
}
