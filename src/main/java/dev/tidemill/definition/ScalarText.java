package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The text of a YAML scalar that knows where in the file each of its characters stands, whatever
 * its style: plain, quoted, literal or folded. Immutable.
 *
 * <p>YAML folds and strips white space, but keeps every other character and their order. So the
 * text's n-th visible character is the n-th one of the file, escapes aside, and its place is exact;
 * that of white space is near.
 */
final class ScalarText {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(env:)?([A-Za-z_][A-Za-z0-9_]*)}");

  private final String value;
  private final int[] places;

  private ScalarText(String value, int[] places) {
    this.value = requireNonNull(value, "value");
    this.places = places;
  }

  static ScalarText of(ScalarNode node, FileText file) {
    String value = node.getValue();
    int[] places = new int[value.length() + 1];
    Cursor cursor = new Cursor(file, node);
    for (int i = 0; i < value.length(); i++) {
      places[i] =
          Character.isLowSurrogate(value.charAt(i))
              ? places[i - 1]
              : cursor.take(value.codePointAt(i));
    }
    places[value.length()] = cursor.place;
    return new ScalarText(value, places);
  }

  String value() {
    return value;
  }

  /** Where in the file the character {@code index} stands, counted in code points. */
  int place(int index) {
    return places[Math.max(0, Math.min(index, value.length()))];
  }

  /** The index of a place in this text; one behind the end of its line is its end. */
  int index(int line, int column) {
    int start = 0;
    for (int i = 1; i < line && value.indexOf('\n', start) >= 0; i++) {
      start = value.indexOf('\n', start) + 1;
    }
    int end = value.indexOf('\n', start);
    return Math.min(start + Math.max(0, column - 1), end < 0 ? value.length() : end);
  }

  /** A reference that can not be resolved: what it is, and its place in the file. */
  interface Unresolved {
    void at(int place, String message);
  }

  /** The text with values in the place of references; an unresolved one stays as it is. */
  ScalarText resolve(Function<String, Optional<String>> variables, Unresolved unresolved) {
    Matcher reference = REFERENCE.matcher(value);
    StringBuilder resolved = new StringBuilder();
    IntStream.Builder resolvedPlaces = IntStream.builder();
    int copied = 0;
    while (reference.find()) {
      copy(copied, reference.start(), resolved, resolvedPlaces);
      boolean wellFormed = reference.group(1) != null;
      String name = reference.group(2);
      Optional<String> replacement = wellFormed ? variables.apply(name) : Optional.empty();
      if (replacement.isEmpty()) {
        unresolved.at(
            places[reference.start()],
            wellFormed
                ? "environment variable %s is not set; set it, or write the value here"
                    .formatted(name)
                : "unknown reference ${%s}; write ${env:%s}".formatted(name, name));
        copy(reference.start(), reference.end(), resolved, resolvedPlaces);
      } else {
        resolved.append(replacement.get());
        replacement.get().chars().forEach(c -> resolvedPlaces.add(places[reference.start()]));
      }
      copied = reference.end();
    }
    copy(copied, value.length(), resolved, resolvedPlaces);
    resolvedPlaces.add(places[value.length()]);
    return new ScalarText(resolved.toString(), resolvedPlaces.build().toArray());
  }

  private void copy(int from, int to, StringBuilder text, IntStream.Builder textPlaces) {
    text.append(value, from, to);
    for (int i = from; i < to; i++) {
      textPlaces.add(places[i]);
    }
  }

  /** Walks through the file, one character of the scalar after the other. */
  private static final class Cursor {
    private final FileText file;
    private final ScalarStyle style;
    private final int end;
    private int place;

    Cursor(FileText file, ScalarNode node) {
      this.file = file;
      this.style = node.getScalarStyle();
      this.place = node.getStartMark().orElseThrow().getIndex();
      this.end = node.getEndMark().orElseThrow().getIndex();
      skipProperties();
      if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
        while (place < end && !isBreak(file.at(place))) {
          place++;
        }
        place += file.at(place) == '\r' && file.at(place + 1) == '\n' ? 2 : 1;
      } else if (style != ScalarStyle.PLAIN) {
        place++;
      }
    }

    /** An anchor or a tag stands before the text; a plain text can not begin with their signs. */
    private void skipProperties() {
      while (place < end && (file.at(place) == '&' || file.at(place) == '!')) {
        while (place < end && !isSpace(file.at(place))) {
          place++;
        }
        skipSpace();
      }
    }

    int take(int codePoint) {
      if (!isSpace(codePoint)) {
        skipSpace();
        int taken = place;
        place = Math.min(end, place + length());
        return taken;
      }
      int taken = place;
      if (isEscape()) {
        place += length();
      } else if (isSpace(file.at(place)) && place < end) {
        place++;
      }
      return taken;
    }

    private void skipSpace() {
      while (place < end) {
        if (isSpace(file.at(place))) {
          place++;
        } else if (isEscape() && isBreak(file.at(place + 1))) {
          place += 2;
        } else {
          return;
        }
      }
    }

    private boolean isEscape() {
      return style == ScalarStyle.DOUBLE_QUOTED && file.at(place) == '\\';
    }

    /** How many characters of the file make the next one of the text. */
    private int length() {
      if (style == ScalarStyle.SINGLE_QUOTED && file.at(place) == '\'') {
        return 2;
      }
      if (!isEscape()) {
        return 1;
      }
      return switch (file.at(place + 1)) {
        case 'x' -> 4;
        case 'u' -> 6;
        case 'U' -> 10;
        default -> 2;
      };
    }

    private static boolean isBreak(int c) {
      return c == '\n' || c == '\r';
    }

    private static boolean isSpace(int c) {
      return c == ' ' || c == '\t' || isBreak(c);
    }
  }
}
