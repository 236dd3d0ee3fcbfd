package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a gate, with every place where it is in the file.
 *
 * <p>{@code result} and {@code rows} are reserved words of the grammar, and the very names that a
 * gate needs. So the parser is given other ones of the same length, and messages are given the real
 * ones back.
 */
final class GateText {
  static final String RESULT = "resul_";
  static final String ROWS = "row_";

  /** What is not a name is passed over: strings, quoted names, comments. */
  private static final Pattern WORDS =
      Pattern.compile(
          "'(?:[^']++|'')*+'|\"(?:[^\"]++|\"\")*+\"|--[^\\n]*|/\\*.*?\\*/|([A-Za-z_][A-Za-z0-9_]*)|.",
          Pattern.DOTALL);

  private GateText() {}

  /** Of the condition on the books. */
  static String forCondition(String text) {
    return forStatement(replaced(text, "rows", ROWS));
  }

  /** Of a statement over the result, whose columns have names of their own. */
  static String forStatement(String text) {
    return replaced(text, "result", RESULT);
  }

  static String forPeople(String message) {
    return message
        .replaceAll("(?i)\\b" + RESULT + "\\b", "result")
        .replaceAll("(?i)\\b" + ROWS + "\\b", "rows")
        .replace(
            "column 'rows' not found in any table; did you mean 'rows'?",
            "'rows' stands without quotation marks")
        .replace("the sources are: result", "a gate reads 'result'")
        .replace(
            "the sources are: batch",
            "a condition reads the books; columns of the result stand in a statement: (SELECT MAX(x)"
                + " FROM result) > 0");
  }

  /** The text between two places; nothing but blanks and line ends before and after it. */
  static String only(String text, int from, int to) {
    return blank(text.substring(0, from)) + text.substring(from, to) + blank(text.substring(to));
  }

  /** Another text in the place of a longer one. */
  static String with(String text, int from, int to, String other) {
    String rest = blank(text.substring(from + other.length(), to));
    return text.substring(0, from) + other + rest + text.substring(to);
  }

  /** As long as the text in chars, which are what places count: an emoji is two. */
  private static String blank(String text) {
    var blank = new StringBuilder(text);
    for (int i = 0; i < blank.length(); i++) {
      if (blank.charAt(i) != '\n' && blank.charAt(i) != '\r') {
        blank.setCharAt(i, ' ');
      }
    }
    return blank.toString();
  }

  /** All names, as they are written. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORDS.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        words.add(matcher.group(1));
      }
    }
    return words;
  }

  private static String replaced(String text, String word, String by) {
    StringBuilder replaced = new StringBuilder();
    Matcher matcher = WORDS.matcher(text);
    while (matcher.find()) {
      replaced.append(
          matcher.group(1) != null && matcher.group().equalsIgnoreCase(word)
              ? by
              : matcher.group());
    }
    return replaced.toString();
  }

  /** On one line. */
  static String line(String text) {
    return String.join(" ", text.strip().split("\\s+"));
  }
}
