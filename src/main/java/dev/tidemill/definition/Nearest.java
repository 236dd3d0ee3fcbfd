package dev.tidemill.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody meant who made a typing error. */
public final class Nearest {
  /** Nobody means a key or a zone with a longer word. */
  private static final int MAX_LENGTH = 64;

  private Nearest() {}

  /** The nearest candidate, if it is near enough to be meant. */
  static Optional<String> to(String word, Collection<String> candidates) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    int limit = Math.max(1, word.length() / 3);
    return candidates.stream()
        .filter(candidate -> !candidate.equals(word)) // it is there, but not meant
        .filter(candidate -> distance(word, candidate) <= limit)
        .min(Comparator.comparing((String c) -> distance(word, c)).thenComparing(c -> c));
  }

  /** {@code ; did you mean 'x'?}, or nothing if no candidate is near. */
  public static String hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /** {@code ; did you mean 'x'?}, or what else there is. */
  static String hint(String word, Collection<String> candidates, String what) {
    String near = hint(word, candidates);
    return near.isEmpty() && !candidates.isEmpty()
        ? "; " + what + " " + String.join(", ", candidates)
        : near;
  }

  /** Levenshtein's distance with swapped neighbours as one step; case does not count. */
  private static int distance(String a, String b) {
    String from = a.toLowerCase(Locale.ROOT);
    String to = b.toLowerCase(Locale.ROOT);
    int[][] steps = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, from, to, i, j);
      }
    }
    return steps[from.length()][to.length()];
  }

  private static int step(int[][] steps, String from, String to, int i, int j) {
    int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int best = Math.min(steps[i - 1][j - 1] + same, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
  }
}
