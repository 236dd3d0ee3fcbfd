package dev.tidemill.sql;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/** Classes as users write them. */
public final class SomeFunctions {
  private SomeFunctions() {}

  /** Some overloads. */
  public static final class Twice {
    public static int eval(int x) {
      return Math.multiplyExact(2, x);
    }

    public static double eval(double x) {
      return 2 * x;
    }

    public static String eval(String x) {
      return x == null ? "nothing twice" : x + x;
    }

    public static BigDecimal eval(BigDecimal x) {
      return x == null ? null : x.multiply(BigDecimal.valueOf(2));
    }

    public static int eval(int x, int y) {
      return x * y;
    }
  }

  /** Takes what can be NULL and what can not. */
  public static final class Mixed {
    public static Long eval(int x, Long y, boolean z) {
      return y == null ? null : Long.valueOf(z ? x : y);
    }
  }

  /** Times and bytes. */
  public static final class NextDay {
    public static LocalDate eval(LocalDate date) {
      return date == null ? null : date.plusDays(1);
    }

    public static Instant eval(Instant time) {
      return time == null ? null : time.plusSeconds(86_400);
    }

    public static byte[] eval(byte[] bytes) {
      return bytes == null ? new byte[] {9} : new byte[] {bytes[0]};
    }
  }

  /** Fails in every way. */
  public static final class Fails {
    public static int eval(String how) throws Exception {
      switch (how) {
        case "checked" -> throw new IOException("no disk");
        case "unchecked" -> throw new IllegalArgumentException("no such thing");
        case "silent" -> throw new IllegalStateException();
        case "linkage" -> throw new NoClassDefFoundError("com/acme/Missing");
        case "deep" -> {
          return eval(how) + 1;
        }
        case "dying" -> throw new OutOfMemoryError("for the test");
        default -> {
          return how.length();
        }
      }
    }
  }

  /** Has nothing to call. */
  public static final class Empty {
    public int eval(int x) {
      return x;
    }
  }

  /** Of a type that SQL does not have. */
  public static final class Untyped {
    public static int eval(Thread x) {
      return 0;
    }
  }

  static final class Hidden {
    public static int eval(int x) {
      return x;
    }
  }

  /** SUM of integers, as a user writes it. */
  public static final class Total implements UserAggregate<BigInteger, Long> {
    public static BigInteger eval(int x) {
      if (x == 13) {
        throw new IllegalArgumentException("13 brings bad luck");
      }
      return BigInteger.valueOf(x);
    }

    public static BigInteger eval(long x, Boolean counts) {
      return Boolean.TRUE.equals(counts) ? BigInteger.valueOf(x) : null;
    }

    @Override
    public BigInteger merge(BigInteger a, BigInteger b) {
      return a.add(b);
    }

    @Override
    public Long result(BigInteger sum) {
      return sum.longValueExact();
    }

    @Override
    public byte[] encode(BigInteger sum) {
      return sum.toByteArray();
    }

    @Override
    public BigInteger decode(byte[] bytes) {
      return new BigInteger(bytes);
    }
  }

  /** Can not be merged. */
  public static final class Lonely implements UserAggregate<String, LocalDate> {
    public static String eval(String x) {
      return x;
    }

    @Override
    public String merge(String a, String b) {
      throw new IllegalStateException("alone");
    }

    @Override
    public LocalDate result(String state) {
      return LocalDate.EPOCH;
    }

    @Override
    public byte[] encode(String state) {
      return state.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Has rows of another type than its state. */
  public abstract static class Askew implements UserAggregate<String, Thread> {
    public static Integer eval(String x) {
      return x.length();
    }

    @Override
    public Thread result(String state) {
      return null;
    }

    @Override
    public String decode(byte[] bytes) {
      return "";
    }
  }
}
