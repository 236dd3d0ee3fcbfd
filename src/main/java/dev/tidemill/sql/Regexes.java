package dev.tidemill.sql;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.calcite.linq4j.function.SemiStrict;
import org.apache.calcite.linq4j.function.Strict;

/**
 * Regular expressions in time that is linear in the text, whatever the pattern: so without back
 * references and look-around. Public only because generated code calls it; not for use.
 */
@Strict
public final class Regexes {
  /** Patterns are constants as a rule. If they come from a column, memory must have an end. */
  private static final int MAX_PATTERNS = 1000;

  private static final Map<Key, Pattern> PATTERNS = new ConcurrentHashMap<>();

  private record Key(String pattern, int flags) {}

  private Regexes() {}

  public static boolean matches(String text, String pattern) {
    return pattern(pattern, 0).matcher(text).find();
  }

  public static boolean matchesAnyCase(String text, String pattern) {
    return pattern(pattern, Pattern.CASE_INSENSITIVE).matcher(text).find();
  }

  public static boolean regexpLike(String text, String pattern, String flags) {
    return pattern(pattern, flags(flags, false)).matcher(text).find();
  }

  /** The first match, or NULL. */
  @SemiStrict
  public static String regexpSubstr(String text, String pattern) {
    Matcher matcher = pattern(pattern, 0).matcher(text);
    return matcher.find() ? matcher.group() : null;
  }

  public static int regexpCount(String text, String pattern) {
    Matcher matcher = pattern(pattern, 0).matcher(text);
    int count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  /** Replaces the first match, as PostgreSQL does. */
  public static String regexpReplace(String text, String pattern, String with) {
    return replaced(text, pattern(pattern, 0).matcher(text), with, false);
  }

  /**
   * @param flags g: all matches; i: upper case is lower case
   */
  public static String regexpReplaceFlags(String text, String pattern, String with, String flags) {
    Matcher matcher = pattern(pattern, flags(flags, true)).matcher(text);
    return replaced(text, matcher, with, flags.indexOf('g') >= 0);
  }

  public static boolean similar(String text, String pattern) {
    return similarEscape(text, pattern, "\\");
  }

  /** The standard's own kind of pattern; it must match the whole text. */
  public static boolean similarEscape(String text, String pattern, String escape) {
    return pattern(translated(pattern, escape), Pattern.DOTALL).matches(text);
  }

  private static Pattern pattern(String pattern, int flags) {
    var key = new Key(pattern, flags);
    Pattern known = PATTERNS.get(key);
    if (known != null) {
      return known;
    }
    try {
      Pattern compiled = Pattern.compile(pattern, flags);
      if (PATTERNS.size() >= MAX_PATTERNS) {
        PATTERNS.clear();
      }
      PATTERNS.put(key, compiled);
      return compiled;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + pattern + "' is not a regular expression: " + e.getDescription());
    }
  }

  private static int flags(String letters, boolean global) {
    int flags = 0;
    for (char letter : letters.toCharArray()) {
      switch (letter) {
        case 'i' -> flags |= Pattern.CASE_INSENSITIVE;
        case 's' -> flags |= Pattern.DOTALL;
        case 'm', 'n' -> flags |= Pattern.MULTILINE;
        case 'c' -> flags &= ~Pattern.CASE_INSENSITIVE;
        case 'g' -> {
          if (!global) {
            throw new IllegalArgumentException("the flag g is for REGEXP_REPLACE only");
          }
        }
        default -> throw new IllegalArgumentException("there is no flag '" + letter + "'");
      }
    }
    return flags;
  }

  private static String replaced(String text, Matcher matcher, String with, boolean all) {
    var result = new StringBuilder(text.length());
    int end = 0;
    boolean more = true;
    while (more && matcher.find()) {
      result.append(text, end, matcher.start());
      append(result, matcher, with);
      end = matcher.end();
      more = all;
    }
    return result.append(text, end, text.length()).toString();
  }

  /** \1 is the first group, \& the whole match. */
  private static void append(StringBuilder result, Matcher matcher, String with) {
    for (int i = 0; i < with.length(); i++) {
      char c = with.charAt(i);
      if (c != '\\' || i + 1 == with.length()) {
        result.append(c);
        continue;
      }
      char next = with.charAt(++i);
      boolean isGroup = next >= '0' && next <= '9';
      if (isGroup && next - '0' > matcher.groupCount()) {
        throw new IllegalArgumentException("the pattern has no group " + next);
      }
      if (isGroup || next == '&') {
        String group = matcher.group(isGroup ? next - '0' : 0);
        result.append(group == null ? "" : group);
      } else {
        result.append(next);
      }
    }
  }

  private static String translated(String pattern, String escape) {
    var regex = new StringBuilder(pattern.length() + 8).append("(?:");
    boolean inClass = false;
    for (int i = 0; i < pattern.length(); i++) {
      String c = pattern.substring(i, i + 1);
      if (c.equals(escape) && i + 1 < pattern.length()) {
        regex.append(Pattern.quote(pattern.substring(++i, i + 1)));
      } else if (inClass) {
        inClass = !c.equals("]");
        regex.append(c.equals("\\") ? "\\\\" : c);
      } else {
        inClass = c.equals("[");
        regex.append(
            switch (c) {
              case "%" -> ".*";
              case "_" -> ".";
              case ".", "^", "$", "\\" -> "\\" + c;
              default -> c;
            });
      }
    }
    return regex.append(')').toString();
  }
}
