package dev.tidemill.schema;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Decimals of a fixed precision and scale, without rounding. Every check comes before the
 * arithmetic: {@code 1e1000000000} is 12 characters, and half a gigabyte at scale 2.
 */
final class ExactDecimal {
  private ExactDecimal() {}

  /**
   * @return the same value at the column's scale
   * @throws DecodeException if it would have to be rounded, or has too many digits
   */
  static BigDecimal of(BigDecimal value, Column column) throws DecodeException {
    BigDecimal exact = exact(value, column.precision(), column.scale());
    if (exact == null) {
      throw new DecodeException(
          "field '" + column.name() + "': the number is not exactly a " + column.typeName());
    }
    return exact;
  }

  /**
   * @return the same value at {@code scale}, or null if that is not possible with {@code precision}
   *     digits
   */
  static BigDecimal exact(BigDecimal value, int precision, int scale) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    long digits = value.precision();
    long excess = (long) value.scale() - scale;
    if (digits - excess > precision || excess >= digits) {
      return null;
    }
    if (excess == 0) {
      return value;
    }
    try {
      return value.setScale(scale);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** From Avro's form: the unscaled value, big-endian, in two's complement. */
  static BigDecimal ofBytes(byte[] bytes, Column column) throws DecodeException {
    // A digit needs less than half a byte; the margin allows for padding.
    if (bytes.length == 0 || bytes.length > column.precision() + 16) {
      throw new DecodeException(
          "field '%s': %d bytes are not a %s"
              .formatted(column.name(), bytes.length, column.typeName()));
    }
    return of(new BigDecimal(new BigInteger(bytes), column.scale()), column);
  }
}
