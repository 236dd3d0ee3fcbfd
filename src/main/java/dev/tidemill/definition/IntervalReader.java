package dev.tidemill.definition;

import dev.tidemill.batch.Calendar;
import dev.tidemill.batch.CountCalendar;
import dev.tidemill.batch.Cron;
import dev.tidemill.batch.FixedCalendar;
import dev.tidemill.batch.ZonedCalendar;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code every:}, a macro, a cron, a duration or a number of records, and the {@code offset:}
 * of a duration.
 */
final class IntervalReader {
  /** No cron is one word. */
  private static final Pattern DURATION = Pattern.compile("[0-9P]\\S*");

  private static final Pattern RECORDS = Pattern.compile("(\\S+) records?");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,11}");

  private IntervalReader() {}

  static Optional<Calendar> read(Section batch, ZoneId zone) {
    Optional<Calendar> calendar = batch.text("every", text -> calendar(text, zone));
    if (calendar.isEmpty() || !batch.has("offset")) {
      return calendar;
    }
    if (!(calendar.get() instanceof FixedCalendar fixed)) {
      batch.problemAtKey(
          "offset", "'offset' belongs to a fixed length, such as 'every: 6h'; remove it");
      return Optional.empty();
    }
    return batch.text("offset", text -> shifted(fixed, text));
  }

  private static Calendar calendar(String text, ZoneId zone) {
    if (text.startsWith("@")) {
      return new ZonedCalendar(MacroText.parse(text), zone);
    }
    Matcher records = RECORDS.matcher(text);
    if (records.matches()) {
      return count(text, records.group(1));
    }
    if (isDuration(text)) {
      return fixed(text, DurationText.parse(text), Duration.ZERO);
    }
    Cron cron = Cron.parse(text);
    if (!cron.isEndless()) {
      throw new IllegalArgumentException(
          "'%s' has an end, and batches have to go on; leave the year out".formatted(text));
    }
    return new ZonedCalendar(cron, zone);
  }

  static boolean isDuration(String text) {
    return DURATION.matcher(text).matches();
  }

  private static CountCalendar count(String text, String number) {
    if (!NUMBER.matcher(number).matches()) {
      throw new IllegalArgumentException(
          "'%s' can not be used here; write a number from 1 on, such as 50000 records"
              .formatted(text));
    }
    return new CountCalendar(Long.parseLong(number));
  }

  private static FixedCalendar shifted(FixedCalendar fixed, String text) {
    return fixed(text, fixed.length(), DurationText.parse(text));
  }

  /**
   * @throws IllegalArgumentException if it is too short, too long, or has a fraction of a second
   */
  static FixedCalendar fixed(String text, Duration length, Duration offset) {
    try {
      return new FixedCalendar(length, offset);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' can not be used here: %s".formatted(text, e.getMessage()), e);
    }
  }
}
