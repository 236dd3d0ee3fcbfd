package dev.tidemill.schema;

import java.util.regex.Pattern;

/** What the reasons of rejects have in common that are counted as one. */
public final class RejectReason {
  private static final Pattern FILE_AND_LINE = Pattern.compile("^[^:]*:[0-9]+: ");
  private static final Pattern QUOTED = Pattern.compile("(field )?'[^']*'");
  private static final Pattern TIME =
      Pattern.compile("-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|\\bPT?[0-9][0-9DTHMS.]*");
  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\w'])(0x[0-9a-f]+|-?[0-9][0-9.,]*)(?![\\w'])");

  private RejectReason() {}

  /** The reason with … in the place of times, numbers and values that were found. */
  public static String general(String step, String reason) {
    if (step.equals("expect")) {
      return reason; // a rule's name may have numbers
    }
    String general =
        step.equals("extract") ? FILE_AND_LINE.matcher(reason).replaceFirst("") : reason;
    general = QUOTED.matcher(general).replaceAll(quoted -> quoted.group(1) == null ? "'…'" : "$0");
    general = TIME.matcher(general).replaceAll("…");
    return NUMBER.matcher(general).replaceAll("…");
  }
}
