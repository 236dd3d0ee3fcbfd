package dev.tidemill.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a statement has begun and not ended, or ended and not begun. */
final class Unfinished {
  private static final Pattern MARKS =
      Pattern.compile("[()]|\\b(?:CASE|END)\\b", Pattern.CASE_INSENSITIVE);

  private Unfinished() {}

  /** Its place, and what is wrong with it. */
  record Found(int place, String what) {}

  /**
   * @param code without strings and comments
   */
  static Optional<Found> in(String code) {
    Deque<Integer> parentheses = new ArrayDeque<>();
    Deque<Integer> cases = new ArrayDeque<>();
    Matcher matcher = MARKS.matcher(code);
    while (matcher.find()) {
      Deque<Integer> open = matcher.group().length() == 1 ? parentheses : cases;
      switch (matcher.group().toUpperCase(Locale.ROOT)) {
        case "(", "CASE" -> open.push(matcher.start());
        default -> {
          if (open.isEmpty()) {
            return Optional.of(
                new Found(matcher.start(), "'" + matcher.group() + "' closes what was not opened"));
          }
          open.pop();
        }
      }
    }
    if (!cases.isEmpty()) {
      return Optional.of(new Found(cases.peek(), "this CASE has no END"));
    }
    return parentheses.isEmpty()
        ? Optional.empty()
        : Optional.of(new Found(parentheses.peek(), "the parenthesis here is not closed"));
  }
}
