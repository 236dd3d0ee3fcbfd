package dev.tidemill.load;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Which values every target can hold. A value outside is refused in all of them, so that two
 * targets of a pipeline never differ.
 */
final class Storable {
  // PostgreSQL starts at 4714-11-24 BC, DuckDB ends at 294247-01-10 (timestamps); whole years here.
  private static final long FIRST_MS = Instant.parse("-4712-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST_MS = Instant.parse("+294000-01-01T00:00:00Z").toEpochMilli();
  private static final long FIRST_DAY = LocalDate.of(-4712, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(5_874_000, 1, 1).toEpochDay();
  private static final int MS_OF_A_DAY = 86_400_000;

  private Storable() {}

  /**
   * @param value as {@code dev.tidemill.schema} says, not null
   * @return why it can not be stored; empty if it can
   */
  static Optional<String> refusal(Column column, Object value) {
    if (column.kind() == ColumnKind.ARRAY) {
      return ofElements(column, value, Storable::refusal);
    }
    boolean fits =
        switch (column.kind()) {
          case DECIMAL -> fits((BigDecimal) value, column.precision(), column.scale());
          case DATE -> within((Integer) value, FIRST_DAY, LAST_DAY);
          case TIME -> within((Integer) value, 0, MS_OF_A_DAY);
          case TIMESTAMP -> within((Long) value, FIRST_MS, LAST_MS);
          default -> true;
        };
    return fits ? Optional.empty() : Optional.of(describe(column, value));
  }

  /** Why one of an array's elements can not be stored, if so. */
  static Optional<String> ofElements(
      Column column, Object value, BiFunction<Column, Object, Optional<String>> refusal) {
    Column element = column.element().orElseThrow();
    return ((List<?>) value)
        .stream()
            .filter(Objects::nonNull)
            .flatMap(one -> refusal.apply(element, one).stream())
            .findFirst();
  }

  private static boolean within(long value, long first, long end) {
    return value >= first && value < end;
  }

  private static boolean fits(BigDecimal value, int precision, int scale) {
    if (value.scale() > scale && value.stripTrailingZeros().scale() > scale) {
      return false;
    }
    return value.signum() == 0 || value.precision() - value.scale() <= precision - scale;
  }

  private static String describe(Column column, Object value) {
    return switch (column.kind()) {
      case DECIMAL ->
          "%s does not fit DECIMAL(%d, %d)"
              .formatted(shorten(value.toString()), column.precision(), column.scale());
      case DATE -> value + " days since 1970 is no date that targets can hold";
      case TIME -> value + " ms is no time of a day";
      default -> value + " ms since 1970 is no timestamp that targets can hold";
    };
  }

  private static String shorten(String digits) {
    return digits.length() <= 60 ? digits : digits.substring(0, 60) + "…";
  }
}
