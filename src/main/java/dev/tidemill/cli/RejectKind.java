package dev.tidemill.cli;

import dev.tidemill.schema.Reject;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What rejects have in common that are counted as one: batch, step, and the reason without what
 * differs from record to record. Oldest batch first; those of no batch before all.
 *
 * @param reason with … in the place of times, numbers and values that were found
 */
record RejectKind(Optional<Instant> batch, String step, String reason)
    implements Comparable<RejectKind> {
  private static final Pattern FILE_AND_LINE = Pattern.compile("^[^:]*:[0-9]+: ");
  private static final Pattern QUOTED = Pattern.compile("(field )?'[^']*'");
  private static final Pattern TIME =
      Pattern.compile("-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|\\bPT?[0-9][0-9DTHMS.]*");
  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\w'])(0x[0-9a-f]+|-?[0-9][0-9.,]*)(?![\\w'])");

  private static final Comparator<RejectKind> ORDER =
      Comparator.<RejectKind, Instant>comparing(kind -> kind.batch().orElse(Instant.MIN))
          .thenComparing(RejectKind::step)
          .thenComparing(RejectKind::reason);

  static RejectKind of(Reject reject) {
    return new RejectKind(reject.batch(), reject.step(), general(reject));
  }

  private static String general(Reject reject) {
    String reason = reject.reason();
    if (reject.step().equals("extract")) {
      reason = FILE_AND_LINE.matcher(reason).replaceFirst("");
    }
    if (reject.step().equals("expect")) {
      return reason; // a rule's name may have numbers
    }
    reason = QUOTED.matcher(reason).replaceAll(quoted -> quoted.group(1) == null ? "'…'" : "$0");
    reason = TIME.matcher(reason).replaceAll("…");
    return NUMBER.matcher(reason).replaceAll("…");
  }

  @Override
  public int compareTo(RejectKind other) {
    return ORDER.compare(this, other);
  }
}
