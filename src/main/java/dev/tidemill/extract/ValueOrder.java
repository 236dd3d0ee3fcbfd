package dev.tidemill.extract;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Optional;

/**
 * The order of the values that an API tells what is new by: numbers by their size, times with an
 * offset (ISO-8601) as instants, and everything else as text.
 */
final class ValueOrder implements Comparator<String> {
  static final ValueOrder INSTANCE = new ValueOrder();

  private ValueOrder() {}

  @Override
  public int compare(String one, String other) {
    Optional<Instant> oneTime = time(one);
    Optional<Instant> otherTime = time(other);
    if (oneTime.isPresent() && otherTime.isPresent()) {
      return oneTime.get().compareTo(otherTime.get());
    }
    Optional<BigDecimal> oneNumber = number(one);
    Optional<BigDecimal> otherNumber = number(other);
    if (oneNumber.isPresent() && otherNumber.isPresent()) {
      return oneNumber.get().compareTo(otherNumber.get());
    }
    return one.compareTo(other);
  }

  private static Optional<BigDecimal> number(String text) {
    // An exponent could ask for a number of a billion digits.
    return text.matches("-?[0-9]{1,30}(\\.[0-9]{1,30})?")
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  private static Optional<Instant> time(String text) {
    if (text.length() < 11 || text.charAt(10) != 'T') {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
