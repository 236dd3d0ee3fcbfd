package dev.tidemill.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Multisets of rows. Numbers are equal by value, doubles within 1e-9 of it, reals within 1e-6. */
final class Comparison {
  private static final double TOLERANCE = 1e-9;

  /** PostgreSQL computes a REAL with an integer as a DOUBLE, and sums of REAL as a REAL. */
  private static final double REAL_TOLERANCE = 1e-6;

  private Comparison() {}

  /** Says how the rows differ; empty if they do not. */
  static String difference(List<Object[]> ours, List<Object[]> theirs) {
    var missing = new ArrayList<Object[]>();
    var extra = new ArrayList<>(ours);
    for (Object[] expected : theirs) {
      if (!extra.removeIf(new Once(expected))) {
        missing.add(expected);
      }
    }
    return missing.isEmpty() && extra.isEmpty()
        ? ""
        : "ours only: " + text(extra) + "\n  theirs only: " + text(missing);
  }

  private static String text(List<Object[]> rows) {
    return rows.stream().limit(4).map(Arrays::toString).toList() + " (" + rows.size() + " rows)";
  }

  /** Matches one row only. */
  private static final class Once implements java.util.function.Predicate<Object[]> {
    private final Object[] expected;
    private boolean found;

    Once(Object[] expected) {
      this.expected = expected;
    }

    @Override
    public boolean test(Object[] row) {
      if (found || row.length != expected.length) {
        return false;
      }
      for (int i = 0; i < row.length; i++) {
        if (!same(row[i], expected[i])) {
          return false;
        }
      }
      found = true;
      return true;
    }
  }

  private static boolean same(Object a, Object b) {
    if (a == null || b == null) {
      return a == b;
    }
    if (a instanceof Number x && b instanceof Number y) {
      if (isDouble(x) || isDouble(y)) {
        double p = x.doubleValue();
        double q = y.doubleValue();
        double tolerance = x instanceof Float || y instanceof Float ? REAL_TOLERANCE : TOLERANCE;
        return Double.compare(p, q) == 0
            || Math.abs(p - q) <= tolerance * Math.max(Math.abs(p), Math.abs(q))
                && Double.isFinite(p - q);
      }
      return new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString())) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      boolean same = x.size() == y.size();
      for (int i = 0; same && i < x.size(); i++) {
        same = same(x.get(i), y.get(i));
      }
      return same;
    }
    return a.equals(b);
  }

  private static boolean isDouble(Number number) {
    return number instanceof Double || number instanceof Float;
  }
}
