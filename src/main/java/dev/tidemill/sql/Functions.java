package dev.tidemill.sql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.function.Strict;

/**
 * SQL's operators where Calcite's own wrap around or let NaN decide. Public only because generated
 * code calls it; not for use. Every failure is an {@link ArithmeticException} or {@link
 * IllegalArgumentException} whose message is the reason.
 */
@Strict
public final class Functions {
  private Functions() {}

  public static int addInt(int a, int b) {
    int sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? overflowInt() : sum;
  }

  public static int subtractInt(int a, int b) {
    int difference = a - b;
    return ((a ^ b) & (a ^ difference)) < 0 ? overflowInt() : difference;
  }

  public static int multiplyInt(int a, int b) {
    long product = (long) a * b;
    return product == (int) product ? (int) product : overflowInt();
  }

  public static int divideInt(int a, int b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a == Integer.MIN_VALUE && b == -1 ? overflowInt() : a / b;
  }

  public static int negateInt(int a) {
    return a == Integer.MIN_VALUE ? overflowInt() : -a;
  }

  public static int absInt(int a) {
    return a < 0 ? negateInt(a) : a;
  }

  public static long addLong(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? overflowLong() : sum;
  }

  public static long subtractLong(long a, long b) {
    long difference = a - b;
    return ((a ^ b) & (a ^ difference)) < 0 ? overflowLong() : difference;
  }

  public static long multiplyLong(long a, long b) {
    long low = a * b;
    return Math.multiplyHigh(a, b) == low >> 63 ? low : overflowLong();
  }

  public static long divideLong(long a, long b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a == Long.MIN_VALUE && b == -1 ? overflowLong() : a / b;
  }

  public static long negateLong(long a) {
    return a == Long.MIN_VALUE ? overflowLong() : -a;
  }

  public static long absLong(long a) {
    return a < 0 ? negateLong(a) : a;
  }

  public static long modLong(long a, long b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a % b;
  }

  public static double divideDouble(double a, double b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a / b;
  }

  public static double modDouble(double a, double b) {
    if (b == 0) {
      throw divisionByZero();
    }
    return a % b;
  }

  public static BigDecimal addDecimal(BigDecimal a, BigDecimal b, int precision, int scale) {
    return fit(a.add(b), precision, scale);
  }

  public static BigDecimal subtractDecimal(BigDecimal a, BigDecimal b, int precision, int scale) {
    return fit(a.subtract(b), precision, scale);
  }

  public static BigDecimal multiplyDecimal(BigDecimal a, BigDecimal b, int precision, int scale) {
    return fit(a.multiply(b), precision, scale);
  }

  public static BigDecimal divideDecimal(BigDecimal a, BigDecimal b, int precision, int scale) {
    if (b.signum() == 0) {
      throw divisionByZero();
    }
    return fit(a.divide(b, scale, RoundingMode.HALF_UP), precision, scale);
  }

  public static BigDecimal modDecimal(BigDecimal a, BigDecimal b, int precision, int scale) {
    if (b.signum() == 0) {
      throw divisionByZero();
    }
    return fit(a.remainder(b), precision, scale);
  }

  /** A value of DECIMAL(precision, scale). */
  public static BigDecimal fit(BigDecimal value, int precision, int scale) {
    BigDecimal scaled =
        value.scale() == scale ? value : value.setScale(scale, RoundingMode.HALF_UP);
    if (scaled.precision() > precision) {
      throw new ArithmeticException(
          value.toPlainString() + " does not fit DECIMAL(" + precision + ", " + scale + ")");
    }
    return scaled;
  }

  public static double sqrt(double a) {
    if (a < 0) {
      throw new ArithmeticException("square root of the negative number " + a);
    }
    return Math.sqrt(a);
  }

  public static double ln(double a) {
    return Math.log(positive(a));
  }

  public static double log10(double a) {
    return Math.log10(positive(a));
  }

  public static double log2(double a) {
    return Math.log(positive(a)) / Math.log(2);
  }

  public static double logOf(double base, double a) {
    double divisor = Math.log(positive(base));
    if (divisor == 0) {
      throw divisionByZero();
    }
    return Math.log(positive(a)) / divisor;
  }

  public static double truncDouble(double a) {
    return a < 0 ? Math.ceil(a) : Math.floor(a);
  }

  public static BigDecimal truncDecimal(BigDecimal a, long scale) {
    int kept = (int) Math.max(-100, Math.min(scale, a.scale()));
    return a.setScale(kept, RoundingMode.DOWN).setScale(a.scale(), RoundingMode.DOWN);
  }

  public static double power(double base, double exponent) {
    double power = Math.pow(base, exponent);
    if (Double.isNaN(power) && !Double.isNaN(base) && !Double.isNaN(exponent)) {
      throw new ArithmeticException(
          base + " to the power of " + exponent + " is not a real number");
    }
    if (base == 0 && exponent < 0) {
      throw divisionByZero();
    }
    return power;
  }

  private static double positive(double a) {
    if (a <= 0) {
      throw new ArithmeticException("logarithm of " + a + ", which is not positive");
    }
    return a;
  }

  public static boolean equalLong(long a, long b) {
    return a == b;
  }

  public static boolean lessLong(long a, long b) {
    return a < b;
  }

  public static boolean equalDouble(double a, double b) {
    return a == b || a != a && b != b;
  }

  /** NaN is greater than every number, as in MAX. */
  public static boolean lessDouble(double a, double b) {
    return a < b || a == a && b != b;
  }

  public static boolean equalDecimal(BigDecimal a, BigDecimal b) {
    return a.compareTo(b) == 0;
  }

  public static boolean lessDecimal(BigDecimal a, BigDecimal b) {
    return a.compareTo(b) < 0;
  }

  public static boolean equalString(String a, String b) {
    return a.equals(b);
  }

  public static boolean lessString(String a, String b) {
    return ScalarType.compareCodePoints(a, b) < 0;
  }

  /** Of two ARRAYs: element by element, where two NULLs are equal. */
  public static boolean equalArray(List<?> a, List<?> b) {
    boolean equal = a.size() == b.size();
    for (int i = 0; equal && i < a.size(); i++) {
      equal = equalElement(a.get(i), b.get(i));
    }
    return equal;
  }

  private static boolean equalElement(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      boolean approximate =
          a instanceof Double || a instanceof Float || b instanceof Double || b instanceof Float;
      return approximate
          ? equalDouble(x.doubleValue(), y.doubleValue())
          : equalDecimal(new BigDecimal(a.toString()), new BigDecimal(b.toString()));
    }
    return a instanceof List<?> x && b instanceof List<?> y
        ? equalArray(x, y)
        : Objects.equals(a, b);
  }

  /** A field of a record in a row; that of NULL is NULL. */
  public static Object fieldOf(Object record, int field) {
    return record == null ? null : ((List<?>) record).get(field);
  }

  /** Of a value of VARBINARY in a row; null stays null. */
  public static ByteString fromBytes(Object bytes) {
    return bytes == null ? null : new ByteString((byte[]) bytes);
  }

  public static byte[] toBytes(Object bytes) {
    return bytes == null ? null : ((ByteString) bytes).getBytes();
  }

  /** The same for an ARRAY of them. */
  public static List<?> fromBytesList(Object elements) {
    return elements == null ? null : mapped((List<?>) elements, Functions::fromBytes);
  }

  public static List<?> toBytesList(Object elements) {
    return elements == null ? null : mapped((List<?>) elements, Functions::toBytes);
  }

  private static List<?> mapped(List<?> elements, Function<Object, Object> value) {
    var mapped = new ArrayList<Object>(elements.size());
    elements.forEach(element -> mapped.add(value.apply(element)));
    return mapped;
  }

  private static int overflowInt() {
    throw new ArithmeticException("the result is out of the range of INTEGER");
  }

  private static long overflowLong() {
    throw new ArithmeticException("the result is out of the range of BIGINT");
  }

  private static ArithmeticException divisionByZero() {
    return new ArithmeticException("division by zero");
  }
}
