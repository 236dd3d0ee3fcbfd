package dev.tidemill.sql;

import java.util.Locale;
import org.apache.calcite.linq4j.function.Strict;

/**
 * SQL's string functions. A character is a code point, positions count from 1, and case does not
 * depend on the machine's language. Public only because generated code calls it; not for use.
 */
@Strict
public final class Strings {
  private Strings() {}

  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  public static int charLength(String text) {
    return text.codePointCount(0, text.length());
  }

  public static String substringFrom(String text, long start) {
    return text.substring(index(text, start - 1));
  }

  /** What is before the first character counts, but is empty, as the standard says. */
  public static String substringFor(String text, long start, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("the length " + length + " of a substring is negative");
    }
    int from = index(text, start - 1);
    return text.substring(from, index(text, Math.max(start - 1 + length, 0)));
  }

  /** 1 for the empty string, 0 if it is not there. */
  public static int position(String part, String text) {
    int index = text.indexOf(part);
    return index < 0 ? 0 : text.codePointCount(0, index) + 1;
  }

  public static String overlay(String text, String with, long start) {
    return overlayFor(text, with, start, charLength(with));
  }

  public static String overlayFor(String text, String with, long start, long length) {
    int from = index(text, start - 1);
    int to = Math.max(from, index(text, start - 1 + length));
    return text.substring(0, from) + with + text.substring(to);
  }

  public static boolean like(String text, String pattern) {
    return matches(text, pattern, -1);
  }

  public static boolean likeEscape(String text, String pattern, String escape) {
    if (charLength(escape) != 1) {
      throw new IllegalArgumentException("ESCAPE must be one character, not '" + escape + "'");
    }
    return matches(text, pattern, escape.codePointAt(0));
  }

  /** Goes back to the last % only, which is enough: what is before it matched already. */
  private static boolean matches(String text, String pattern, int escape) {
    int t = 0;
    int p = 0;
    int afterPercent = -1;
    int retry = 0;
    while (true) {
      if (p < pattern.length()) {
        int wanted = pattern.codePointAt(p);
        if (wanted == '%' && wanted != escape) {
          afterPercent = ++p;
          retry = t;
          continue;
        }
        boolean any = wanted == '_' && wanted != escape;
        if (wanted == escape) {
          p += Character.charCount(wanted);
          wanted = escaped(pattern, p, escape);
        }
        if (t < text.length()) {
          int found = text.codePointAt(t);
          if (any || wanted == found) {
            p += Character.charCount(wanted);
            t += Character.charCount(found);
            continue;
          }
        }
      } else if (t == text.length()) {
        return true;
      }
      if (afterPercent < 0 || retry >= text.length()) {
        return false;
      }
      retry += Character.charCount(text.codePointAt(retry));
      t = retry;
      p = afterPercent;
    }
  }

  private static int escaped(String pattern, int index, int escape) {
    if (index < pattern.length()) {
      int next = pattern.codePointAt(index);
      if (next == '%' || next == '_' || next == escape) {
        return next;
      }
    }
    throw new IllegalArgumentException(
        "the escape character in LIKE '" + pattern + "' must be followed by %, _ or itself");
  }

  /** The index of a character, from 0, or the nearest end of the text. */
  private static int index(String text, long character) {
    if (character <= 0) {
      return 0;
    }
    return character >= charLength(text)
        ? text.length()
        : text.offsetByCodePoints(0, (int) character);
  }
}
