package dev.tidemill.sql;

import java.util.Locale;
import org.apache.calcite.linq4j.function.Strict;

/**
 * String functions that PostgreSQL has beside the standard. A character is a code point. Public
 * only because generated code calls it; not for use.
 */
@Strict
public final class Texts {
  /** What PostgreSQL allows a value to be, in bytes; here in characters. */
  private static final int MAX_LENGTH = 10_000_000;

  private Texts() {}

  /** All but the last {@code -count} if that is negative. */
  public static String left(String text, long count) {
    return text.substring(0, index(text, count < 0 ? length(text) + count : count));
  }

  /** All but the first {@code -count} if that is negative. */
  public static String right(String text, long count) {
    return text.substring(index(text, count < 0 ? -count : length(text) - count));
  }

  public static String lpad(String text, long length) {
    return lpadWith(text, length, " ");
  }

  public static String lpadWith(String text, long length, String fill) {
    return padding(fill, length - length(text)) + left(text, Math.max(length, 0));
  }

  public static String rpad(String text, long length) {
    return rpadWith(text, length, " ");
  }

  public static String rpadWith(String text, long length, String fill) {
    return left(text, Math.max(length, 0)) + padding(fill, length - length(text));
  }

  private static String padding(String fill, long length) {
    if (length <= 0 || fill.isEmpty()) {
      return "";
    }
    return left(repeat(fill, length / length(fill) + 1), length);
  }

  public static String repeat(String text, long times) {
    if (times > 0 && text.length() > MAX_LENGTH / times) {
      throw new IllegalArgumentException("more than " + MAX_LENGTH + " characters");
    }
    return text.repeat((int) Math.max(times, 0));
  }

  public static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /** From 1; from the end if negative. Empty beyond the last. */
  public static String splitPart(String text, String separator, long field) {
    if (field == 0) {
      throw new IllegalArgumentException("fields of SPLIT_PART count from 1, or from -1 backwards");
    }
    if (separator.isEmpty()) {
      return field == 1 || field == -1 ? text : "";
    }
    long wanted = field > 0 ? field : parts(text, separator) + field + 1;
    int start = 0;
    for (long i = 1; i < wanted; i++) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        return "";
      }
      start = end + separator.length();
    }
    int end = text.indexOf(separator, start);
    return wanted < 1 ? "" : text.substring(start, end < 0 ? text.length() : end);
  }

  private static long parts(String text, String separator) {
    long parts = 1;
    int at = text.indexOf(separator);
    while (at >= 0) {
      parts++;
      at = text.indexOf(separator, at + separator.length());
    }
    return parts;
  }

  /** A word is of letters and digits. */
  public static String initcap(String text) {
    var result = new StringBuilder(text.length());
    boolean within = false;
    for (int point : text.codePoints().toArray()) {
      String one = Character.toString(point);
      result.append(within ? one.toLowerCase(Locale.ROOT) : one.toUpperCase(Locale.ROOT));
      within = Character.isLetterOrDigit(point);
    }
    return result.toString();
  }

  public static String translate(String text, String from, String to) {
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    var result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              int at = 0;
              while (at < source.length && source[at] != point) {
                at++;
              }
              if (at == source.length) {
                result.appendCodePoint(point);
              } else if (at < target.length) {
                result.appendCodePoint(target[at]);
              }
            });
    return result.toString();
  }

  public static String chr(long point) {
    if (point <= 0 || point > Character.MAX_CODE_POINT || isSurrogate(point)) {
      throw new IllegalArgumentException(point + " is not the number of a character");
    }
    return Character.toString((int) point);
  }

  private static boolean isSurrogate(long point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  public static boolean startsWith(String text, String start) {
    return text.startsWith(start);
  }

  public static boolean endsWith(String text, String end) {
    return text.endsWith(end);
  }

  public static int strpos(String text, String part) {
    return Strings.position(part, text);
  }

  public static String ltrim(String text) {
    return ltrimOf(text, " ");
  }

  public static String ltrimOf(String text, String characters) {
    int start = 0;
    while (start < text.length() && characters.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    return text.substring(start);
  }

  public static String rtrim(String text) {
    return rtrimOf(text, " ");
  }

  public static String rtrimOf(String text, String characters) {
    int end = text.length();
    while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  public static String btrim(String text) {
    return ltrim(rtrim(text));
  }

  public static String btrimOf(String text, String characters) {
    return ltrimOf(rtrimOf(text, characters), characters);
  }

  public static boolean ilike(String text, String pattern) {
    return Strings.like(Strings.lower(text), Strings.lower(pattern));
  }

  public static boolean ilikeEscape(String text, String pattern, String escape) {
    return Strings.likeEscape(Strings.lower(text), Strings.lower(pattern), Strings.lower(escape));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static int index(String text, long character) {
    if (character <= 0) {
      return 0;
    }
    return character >= length(text) ? text.length() : text.offsetByCodePoints(0, (int) character);
  }
}
