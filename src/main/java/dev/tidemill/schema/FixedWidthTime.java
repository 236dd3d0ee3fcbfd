package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads local times of patterns whose fields are all digits of a known width, such as {@code
 * yyyy/MM/dd HH:mm}: some twenty times as fast as a {@link java.time.format.DateTimeFormatter}. It
 * only says yes: whatever is unusual is {@link #OTHER}, to be looked at by a formatter. Immutable.
 */
public final class FixedWidthTime {
  /** No result: not such a text, or an impossible time. */
  public static final long OTHER = CanonicalTime.OTHER;

  /** Always {@link #OTHER}. */
  public static final FixedWidthTime NONE = new FixedWidthTime(List.of(), -1);

  /** The fields in the order of {@link #localMillis}. */
  private static final String FIELDS = "yMdHmsS";

  private final int[] starts = new int[FIELDS.length()];
  private final int[] widths = new int[FIELDS.length()];
  private final char[] literals;
  private final int[] literalPlaces;
  private final int length;

  private record Part(char letter, int start, int width) {}

  private FixedWidthTime(List<Part> parts, int length) {
    List<Part> texts = parts.stream().filter(part -> part.width() == 0).toList();
    this.length = length;
    this.literals = new char[texts.size()];
    this.literalPlaces = new int[texts.size()];
    for (int i = 0; i < literals.length; i++) {
      literals[i] = texts.get(i).letter();
      literalPlaces[i] = texts.get(i).start();
    }
    for (Part part : parts) {
      if (part.width() > 0) {
        starts[FIELDS.indexOf(part.letter())] = part.start();
        widths[FIELDS.indexOf(part.letter())] = part.width();
      }
    }
  }

  /**
   * @return empty if the pattern has anything but yyyy, MM, dd, HH, mm, ss, SSS, each once, and
   *     literals; if it has no date; or if it has a finer time without the coarser
   */
  public static Optional<FixedWidthTime> compile(String pattern) {
    List<Part> parts = new ArrayList<>();
    String found = "";
    int place = 0;
    for (int i = 0; i < pattern.length(); ) {
      char c = pattern.charAt(i);
      if (c == '\'') {
        int end = pattern.indexOf('\'', i + 1);
        if (end <= i + 1) {
          return Optional.empty();
        }
        for (int j = i + 1; j < end; j++) {
          parts.add(new Part(pattern.charAt(j), place++, 0));
        }
        i = end + 1;
      } else if (isLetter(c)) {
        char letter = c == 'u' ? 'y' : c;
        int width = 1;
        while (i + width < pattern.length() && pattern.charAt(i + width) == c) {
          width++;
        }
        int usual = letter == 'y' ? 4 : letter == 'S' ? 3 : 2;
        if (FIELDS.indexOf(letter) < 0 || found.indexOf(letter) >= 0 || width != usual) {
          return Optional.empty();
        }
        found += letter;
        parts.add(new Part(letter, place, width));
        place += width;
        i += width;
      } else if ("[]{}#".indexOf(c) >= 0) {
        return Optional.empty();
      } else {
        parts.add(new Part(c, place++, 0));
        i++;
      }
    }
    String inOrder =
        found.chars().mapToObj(Character::toString).sorted().reduce("", String::concat);
    return List.of("Mdy", "HMdy", "HMdmy", "HMdmsy", "HMSdmsy").contains(inOrder)
        ? Optional.of(new FixedWidthTime(parts, place))
        : Optional.empty();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /**
   * @return ms since 1970-01-01T00:00 of the same clock, or {@link #OTHER}
   */
  public long localMillis(String text) {
    if (text.length() != length) {
      return OTHER;
    }
    for (int i = 0; i < literals.length; i++) {
      if (text.charAt(literalPlaces[i]) != literals[i]) {
        return OTHER;
      }
    }
    int year = digits(text, 0);
    int month = digits(text, 1);
    int day = digits(text, 2);
    int hour = digits(text, 3);
    int minute = digits(text, 4);
    int second = digits(text, 5);
    int millis = digits(text, 6);
    boolean digitsOnly = (year | month | day | hour | minute | second | millis) >= 0;
    if (!digitsOnly || year < 1 || hour > 23 || minute > 59 || second > 59) {
      return OTHER;
    }
    long epochDay = CanonicalTime.epochDay(year, month, day);
    return epochDay == OTHER
        ? OTHER
        : (((epochDay * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis;
  }

  /** The field's value; 0 if the pattern does not have it; negative if it is not all digits. */
  private int digits(String text, int field) {
    int value = 0;
    int end = starts[field] + widths[field];
    for (int i = starts[field]; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
