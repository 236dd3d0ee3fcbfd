package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.Overlap;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that an API tells what is new by. Numbers are ordered by their size, times and dates
 * (ISO-8601) as such, and everything else, also two of different kinds, as text. Immutable.
 */
final class ApiValue implements Comparable<ApiValue> {

  private static final Overlap USUAL_TIME = new Overlap(Duration.ofMinutes(5), 0);

  /** No zone is further from UTC. */
  private static final Duration FURTHEST_ZONE = Duration.ofHours(14);

  /** An exponent could ask for a number of a billion digits. */
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,30}(\\.[0-9]{1,30})?");

  private static final Pattern TIME =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})"
              + "(?:([T ])([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?)"
              + "(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?");

  /** In full; all others are a beginning of it. */
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS");

  private final String text;
  private final Optional<BigDecimal> number;
  private final Optional<Time> time;

  /**
   * A time and how it is written, which is how the API understands it.
   *
   * @param at of its own zone
   * @param length of its text without the offset
   * @param separator of date and time
   * @param offset from UTC; empty: nobody knows which zone it is of
   */
  private record Time(LocalDateTime at, int length, String separator, String offset) {

    /** Empty if it is none. */
    static Optional<Time> of(String text) {
      Matcher parts = TIME.matcher(text);
      if (!parts.matches()) {
        return Optional.empty();
      }
      try {
        LocalDate date = LocalDate.parse(parts.group(1));
        if (parts.group(2) == null) {
          return Optional.of(new Time(date.atStartOfDay(), parts.end(1), "T", ""));
        }
        LocalDateTime at = date.atTime(LocalTime.parse(parts.group(3)));
        String offset = parts.group(4) == null ? "" : parts.group(4);
        Time time = new Time(at, parts.end(3), parts.group(2), offset);
        time.zone(); // whether there is one
        return Optional.of(time);
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }

    boolean hasZone() {
      return !offset.isEmpty();
    }

    ZoneOffset zone() {
      return hasZone() ? ZoneOffset.of(offset) : ZoneOffset.UTC;
    }

    LocalDateTime utc() {
      return at.minusSeconds(zone().getTotalSeconds());
    }

    /** Another time, cut off to what is written here. */
    String text(LocalDateTime other) {
      return FORM.format(other).substring(0, length).replace("T", separator) + offset;
    }
  }

  private ApiValue(String text) {
    this.text = requireNonNull(text, "text");
    this.number =
        NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    this.time = number.isEmpty() ? Time.of(text) : Optional.empty();
  }

  static ApiValue of(String text) {
    return new ApiValue(text);
  }

  /** Whether so much can be taken off it. */
  boolean takes(Overlap overlap) {
    return overlap.isNone() || (overlap.count() > 0 ? number.isPresent() : time.isPresent());
  }

  /**
   * What lies so far before it, written as it is itself; a number that is not negative does not
   * become so.
   *
   * @param overlap empty: five minutes before a time, and anything else as it is
   */
  ApiValue minus(Optional<Overlap> overlap) {
    if (time.isPresent()) {
      Duration distance = overlap.orElse(USUAL_TIME).time();
      return of(time.get().text(time.get().at().minus(distance)));
    }
    if (number.isPresent()) {
      BigDecimal least = number.get().min(BigDecimal.ZERO);
      BigDecimal distance = BigDecimal.valueOf(overlap.orElse(Overlap.NONE).count());
      return of(number.get().subtract(distance).max(least).toPlainString());
    }
    return this;
  }

  /** Itself, or now, if it is a time of the future wherever the clock is that wrote it. */
  ApiValue notAfter(Clock clock) {
    if (time.isEmpty()) {
      return this;
    }
    Time written = time.get();
    LocalDateTime latest = LocalDateTime.ofInstant(clock.instant(), written.zone());
    if (!written.hasZone()) {
      latest = latest.plus(FURTHEST_ZONE);
    }
    return written.at().isAfter(latest) ? of(written.text(latest)) : this;
  }

  @Override
  public int compareTo(ApiValue other) {
    if (number.isPresent() && other.number.isPresent()) {
      return number.get().compareTo(other.number.get());
    }
    if (time.isPresent()
        && other.time.isPresent()
        && time.get().hasZone() == other.time.get().hasZone()) {
      return time.get().utc().compareTo(other.time.get().utc());
    }
    return text.compareTo(other.text);
  }

  /** As the API writes it. */
  @Override
  public String toString() {
    return text;
  }
}
