package dev.tidemill.sql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.util.ByteString;

/**
 * Between values of generated code and those that functions of users know. Public only because
 * generated code calls it; not for use. Null stays null.
 */
public final class UserValues {
  private UserValues() {}

  public static LocalDate toDate(Integer days) {
    return days == null ? null : LocalDate.ofEpochDay(days);
  }

  public static Integer fromDate(LocalDate date) {
    return date == null ? null : Integer.valueOf(Math.toIntExact(date.toEpochDay()));
  }

  public static LocalTime toTime(Integer millis) {
    return millis == null ? null : LocalTime.ofNanoOfDay(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  public static Integer fromTime(LocalTime time) {
    return time == null
        ? null
        : Integer.valueOf((int) TimeUnit.NANOSECONDS.toMillis(time.toNanoOfDay()));
  }

  public static Instant toTimestamp(Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  public static Long fromTimestamp(Instant instant) {
    return instant == null ? null : Long.valueOf(instant.toEpochMilli());
  }

  /** What a row adds to an aggregate, as bytes. */
  public static ByteString state(UserAggregate<Object, Object> aggregate, Object state) {
    return state == null ? null : fromBytes(aggregate.encode(state));
  }

  public static byte[] toBytes(ByteString bytes) {
    return bytes == null ? null : bytes.getBytes();
  }

  public static ByteString fromBytes(byte[] bytes) {
    return bytes == null ? null : new ByteString(bytes);
  }
}
