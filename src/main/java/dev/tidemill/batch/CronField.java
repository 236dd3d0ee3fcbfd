package dev.tidemill.batch;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of a cron: which numbers and names each may have. */
enum CronField {
  SECOND("second", 0, 59, List.of()),
  MINUTE("minute", 0, 59, List.of()),
  HOUR("hour", 0, 23, List.of()),
  DAY_OF_MONTH("day of the month", 1, 31, List.of()),
  MONTH(
      "month",
      1,
      12,
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
  /** Sunday is 0; it can be written as 7, too. */
  DAY_OF_WEEK("day of the week", 0, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")),
  YEAR("year", 1970, 2199, List.of());

  private static final Pattern ELEMENT =
      Pattern.compile("(?:\\*|([0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?)(?:/([0-9]{1,4}))?");

  private final String title;
  private final int min;
  private final int max;
  private final List<String> names;

  CronField(String title, int min, int max, List<String> names) {
    this.title = title;
    this.min = min;
    this.max = max;
    this.names = names;
  }

  String title() {
    return title;
  }

  int min() {
    return min;
  }

  int max() {
    return max;
  }

  /**
   * The numbers of a list such as {@code 1,10-20/5}.
   *
   * @throws IllegalArgumentException if it is no list of this field
   */
  BitSet values(String list) {
    BitSet values = new BitSet();
    for (String element : list.split(",", -1)) {
      add(element, values);
    }
    return values;
  }

  /** Adds {@code *}, {@code a} or {@code a-b}, each perhaps with a step. */
  void add(String element, BitSet values) {
    Matcher written = ELEMENT.matcher(element);
    if (!written.matches()) {
      throw new IllegalArgumentException("'%s' is no %s".formatted(element, title));
    }
    boolean hasStep = written.group(3) != null;
    int step = hasStep ? step(written.group(3)) : 1;
    int from = written.group(1) == null ? min : value(written.group(1));
    int to =
        written.group(2) != null
            ? value(written.group(2))
            : written.group(1) == null || hasStep ? max : from;
    for (int value = from; value <= unwrapped(from, to); value += step) {
      values.set(min + (value - min) % size());
    }
  }

  /** A number or a name. */
  int value(String text) {
    int named = names.indexOf(text.toUpperCase(Locale.ROOT));
    if (named >= 0) {
      return min + named;
    }
    int last = this == DAY_OF_WEEK ? 7 : max;
    if (text.matches("[0-9]{1,4}")) {
      int value = Integer.parseInt(text);
      if (value >= min && value <= last) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no %s; write %d to %d%s"
            .formatted(
                text,
                title,
                min,
                last,
                names.isEmpty()
                    ? ""
                    : " or " + names.get(0) + " to " + names.get(names.size() - 1)));
  }

  /** The end of a range that may go over the end of the field: hours 18-6 are 18-30. */
  private int unwrapped(int from, int to) {
    if (to >= from) {
      return to;
    }
    if (this == YEAR) {
      throw new IllegalArgumentException("years %d-%d run backwards".formatted(from, to));
    }
    return to + size();
  }

  private int step(String text) {
    int step = Integer.parseInt(text);
    if (step < 1 || step >= size()) {
      throw new IllegalArgumentException(
          "'/%s' is no step of a %s; write 1 to %d".formatted(text, title, size() - 1));
    }
    return step;
  }

  private int size() {
    return max - min + 1;
  }
}
