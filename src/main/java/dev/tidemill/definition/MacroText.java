package dev.tidemill.definition;

import dev.tidemill.batch.Macro;

/** How macros are written: {@code @daily}. */
final class MacroText {
  /** A firing at the start, which is no interval. */
  static final String REBOOT = "@reboot";

  private MacroText() {}

  /**
   * @throws IllegalArgumentException if there is no such macro
   */
  static Macro parse(String text) {
    if (text.equals(REBOOT)) {
      throw new IllegalArgumentException(
          "'@reboot' happens once, at the start, and a batch needs an interval; write a cron or @daily");
    }
    return Macro.written(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no interval '%s'%s"
                        .formatted(
                            text,
                            Nearest.hint(text, Macro.allSpellings(), "write a cron, or one of"))));
  }
}
