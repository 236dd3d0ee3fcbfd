package dev.tidemill.extract;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.extract.OrderColumn.Kind;
import java.sql.Types;
import java.time.LocalDateTime;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class OrderColumnTest {
  private static final long YEAR_0 = -62_167_219_200_000_000L;
  private static final long YEAR_12000 = 316_516_377_600_000_000L;

  @Property
  void times_are_compared_to_the_microsecond(
      @ForAll @LongRange(min = YEAR_0, max = YEAR_12000) long micros,
      @ForAll @LongRange(min = -2_000, max = 2_000) long later) {
    LocalDateTime one = time(micros);
    LocalDateTime other = time(micros + later);
    int expected = Integer.signum(one.compareTo(other));
    assertThat(compare(Kind.LOCAL, one, other)).isEqualTo(expected);
    assertThat(compare(Kind.INSTANT, one.atOffset(UTC), other.atOffset(UTC))).isEqualTo(expected);
    assertThat(compare(Kind.DATE, one.toLocalDate(), other.toLocalDate()))
        .isEqualTo(Integer.signum(one.toLocalDate().compareTo(other.toLocalDate())));
  }

  private static int compare(Kind kind, Object one, Object other) {
    OrderColumn column = new OrderColumn("at", kind, false, Types.OTHER);
    return Integer.signum(column.compare(one.toString(), other.toString()));
  }

  private static LocalDateTime time(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1000, UTC);
  }
}
