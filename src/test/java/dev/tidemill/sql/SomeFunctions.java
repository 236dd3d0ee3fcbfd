package dev.tidemill.sql;

import java.io.IOException;
import java.math.BigDecimal;
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
}
