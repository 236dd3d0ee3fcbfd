package dev.tidemill.sql;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody probably meant. */
final class Nearest {
  private Nearest() {}

  /** {@code ; did you mean 'x'?}, or nothing if no name is near. */
  static String hint(String written, Collection<String> names) {
    return nearest(written, names).map(n -> "; did you mean '" + n + "'?").orElse("");
  }

  static Optional<String> nearest(String written, Collection<String> names) {
    int limit = Math.max(1, written.length() / 3);
    String best = null;
    for (String name : names) {
      int distance = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance <= limit) {
        limit = distance - 1;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Edits between two words: insert, delete, replace, or swap of neighbours. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
