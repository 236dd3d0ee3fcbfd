package dev.tidemill.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Calcite's validation messages, for people. */
final class Complaints {
  private static final Pattern COLUMN =
      Pattern.compile("Column '(.*?)' not found in (any )?table.*");
  private static final Pattern TABLE =
      Pattern.compile("(?:Object|Table) '(.*?)' not found.*", Pattern.DOTALL);
  private static final Pattern GROUP_WINDOW =
      Pattern.compile(
          ".*(?:function|apply) '\\$?(TUMBLE|HOP|SESSION)(?:_START|_END)?'.*", Pattern.DOTALL);
  private static final Pattern FUNCTION =
      Pattern.compile("No match found for function signature ([^(]*)(?:\\((.*)\\))?");
  private static final Pattern AMBIGUOUS = Pattern.compile("Column '(.*?)' is ambiguous");
  private static final Pattern TYPE = Pattern.compile("Unknown identifier '(.*)'");
  private static final Pattern UNIT = Pattern.compile("'(.*)' is not a valid time frame");

  /** Another wording. */
  private record Wording(Pattern message, String ours) {
    static Wording of(String message, String ours) {
      return new Wording(Pattern.compile(message, Pattern.DOTALL), ours);
    }
  }

  private static final String NO_CONDITION =
      "this is no condition, which is TRUE or FALSE; compare it, as in x > 0";

  private static final List<Wording> WORDINGS =
      List.of(
          Wording.of(
              "Illegal use of 'NULL'.*",
              "the type of this NULL is not known; write CAST(NULL AS …)"),
          Wording.of(
              "ELSE clause or at least one THEN .*",
              "the type of these NULLs is not known; write CAST(NULL AS …)"),
          Wording.of("(?:\\w+ clause must be a condition|Expected a boolean type)", NO_CONDITION),
          Wording.of(
              "INNER, LEFT, RIGHT, FULL, or ASOF join requires .*",
              "this join has no condition; write ON a.x = b.y, or CROSS JOIN"),
          Wording.of(
              "Cannot specify condition .*CROSS JOIN",
              "a CROSS JOIN has no condition; write JOIN … ON"),
          Wording.of(".*LEFT_SEMI_JOIN.*", "there is no SEMI JOIN; write WHERE EXISTS (SELECT …)"),
          Wording.of(
              ".*LEFT_ANTI_JOIN.*", "there is no ANTI JOIN; write WHERE NOT EXISTS (SELECT …)"),
          Wording.of(
              "Duplicate relation name '(.*)' in FROM clause",
              "two relations are called '$1' in this FROM; give one another name with AS"),
          Wording.of(
              "Aggregate expression is illegal in WHERE clause",
              "an aggregate can not stand in WHERE; write HAVING"),
          Wording.of(
              "Aggregate expression is illegal in GROUP BY clause",
              "GROUP BY takes columns, not aggregates; remove it"),
          Wording.of(
              "Aggregate expression is illegal in (\\w+) clause",
              "an aggregate can not stand in $1; aggregate in a subquery"),
          Wording.of(
              "Windowed aggregate expression is illegal in WHERE clause",
              "a window function can not stand in WHERE; write QUALIFY"),
          Wording.of(
              "Windowed aggregate expression is illegal in (.*) clause",
              "a window function can not stand in $1; put it into a subquery"),
          Wording.of(
              "(Expression '.*') is not being grouped",
              "$1 is not being grouped; write it in GROUP BY, or take an aggregate, such as MAX"),
          Wording.of(
              "Aggregate expressions cannot be nested",
              "an aggregate can not stand in another; aggregate in a subquery"),
          Wording.of(
              "Column count mismatch in (.*)",
              "the SELECTs of $1 have different numbers of columns"),
          Wording.of(
              "Type mismatch in column (\\d+) of (.*)",
              "the SELECTs of $2 have different types in column $1; CAST one of them"),
          Wording.of(
              "Illegal mixing of types in CASE or COALESCE .*",
              "CASE and COALESCE have values of one type; CAST them"),
          Wording.of(
              "Parameters must be of the same type",
              "the elements of an ARRAY have one type; CAST them"),
          Wording.of(
              "Require at least 1 argument",
              "the type of ARRAY[] is not known; write its elements"),
          Wording.of(
              "Values passed to (.*) operator must have compatible types",
              "can not compare what stands on both sides of $1: their number or their types differ"),
          Wording.of("(Illegal DATE literal .*)", "$1; write DATE '2024-02-29'"),
          Wording.of("(Illegal TIMESTAMP literal .*)", "$1; write TIMESTAMP '2024-02-29 12:00:00'"),
          Wording.of("(Illegal TIME literal .*)", "$1; write TIME '12:00:00'"),
          Wording.of(
              "Illegal interval literal format ('.*') .*",
              "$1 is no INTERVAL of this unit; write INTERVAL '1' DAY"),
          Wording.of("String literal continued on same line", "strings are joined with 'a' || 'b'"),
          Wording.of(
              "OVER clause is necessary for window functions",
              "a window function needs a window; write OVER (PARTITION BY … ORDER BY …)"),
          Wording.of(
              "RANK or DENSE_RANK functions require ORDER BY .*",
              "this function needs an order; write ORDER BY in its window"),
          Wording.of(
              "QUALIFY expression .*",
              "QUALIFY takes a window function; other conditions stand in WHERE"),
          Wording.of(
              "Window 'AS' not found",
              "OVER needs a window; write OVER (PARTITION BY … ORDER BY …)"),
          Wording.of(
              "Window '(.*)' not found",
              "there is no window '$1'; write OVER (…), or WINDOW $1 AS (…) behind FROM"),
          Wording.of(
              "OVER must be applied to aggregate function",
              "OVER stands behind a window function or an aggregate without FILTER and WITHIN GROUP; write SUM(CASE WHEN … THEN x END) OVER (…)"),
          Wording.of(
              "FILTER must be applied to aggregate function",
              "only an aggregate takes FILTER; write CASE WHEN … THEN … END"),
          Wording.of("Ordinal out of range", "SELECT has no column of this number"),
          Wording.of(
              "Data type of ORDER BY prohibits use of RANGE clause",
              "RANGE needs a number or a time to order by; write ROWS"),
          Wording.of(
              "RANGE clause cannot be used with compound ORDER BY clause",
              "RANGE needs one number to order by; write ROWS"),
          Wording.of(
              "Data Type mismatch between ORDER BY and RANGE clause",
              "the distance of RANGE has not the type that it orders by; of times write INTERVAL '1' HOUR PRECEDING"),
          Wording.of("(Upper frame boundary .*)", "$1; the earlier end stands first"),
          Wording.of(
              "Window specification must contain an ORDER BY clause",
              "RANGE needs an order; write ORDER BY in the window"),
          Wording.of(
              "List of column aliases must have same degree as table; table has (\\d+) columns .*",
              "write as many names as there are columns: $1"),
          Wording.of(
              "Number of columns must match number of query columns",
              "write as many names as the SELECT has columns"),
          Wording.of(
              "(Argument to function '.*' must be a literal)",
              "$1, as in 0.5: it is the same for all rows"),
          Wording.of(
              "Aggregate expression '(FIRST|LAST)_VALUE' must not contain a WITHIN GROUP clause",
              "$1_VALUE goes by event time; write ARG_MIN(x, y) or ARG_MAX(x, y)"),
          Wording.of(
              "Aggregate expression '(.*)' must not contain a WITHIN GROUP clause",
              "the order of rows is nothing to $1; remove WITHIN GROUP"),
          Wording.of(
              "Invalid type '(\\w+).*' in ORDER BY clause of 'PERCENTILE_DISC'.*",
              "PERCENTILE_DISC is for numbers, not $1"),
          Wording.of(
              "Invalid type '(\\w+).*' in ORDER BY clause of '(.*)' function.*",
              "$2 is for numbers, not $1; write PERCENTILE_DISC"),
          Wording.of("'(.*)' requires precisely one ORDER BY key", "$1 takes one key of ORDER BY"),
          Wording.of(
              "Cannot specify IGNORE NULLS or RESPECT NULLS following '(.*)'",
              "$1 takes no IGNORE NULLS; write FILTER (WHERE x IS NOT NULL)"),
          Wording.of(
              "Argument to GROUPING operator must be a grouped expression",
              "GROUPING takes a column of GROUP BY"),
          Wording.of(
              "GROUPING operator may only occur in an aggregate query",
              "GROUPING belongs to GROUP BY ROLLUP, CUBE or GROUPING SETS"),
          Wording.of(
              "Expression '(.*)' is not in the select clause",
              "with DISTINCT, ORDER BY takes columns of SELECT; add $1 to it"),
          Wording.of(
              "Operands (.*), (.*) not comparable to each other",
              "a pattern is matched with strings; CAST(x AS VARCHAR)"));

  private final UnknownNames names;

  /**
   * @param written the statement as it was parsed
   */
  Complaints(Catalog catalog, WrittenNames written) {
    this.names = new UnknownNames(catalog, written);
  }

  /** Whether the message says that something is in no group. */
  static boolean isAboutGroups(String message) {
    return message.contains("is not being grouped");
  }

  String say(String said, SqlParserPos at) {
    Matcher window = GROUP_WINDOW.matcher(said);
    if (window.matches()) {
      return GroupWindows.say(window.group(1), said);
    }
    String message = RecordComplaints.shortened(said);
    Optional<String> name = names.field(message).or(() -> name(message, at));
    if (name.isPresent()) {
      return name.get();
    }
    Optional<String> arguments = WrongArguments.say(message);
    if (arguments.isPresent()) {
      return arguments.get();
    }
    for (Wording wording : WORDINGS) {
      Matcher matcher = wording.message.matcher(message);
      if (matcher.matches()) {
        return sentence(matcher.replaceFirst(wording.ours));
      }
    }
    return sentence(message);
  }

  private Optional<String> name(String message, SqlParserPos at) {
    Matcher column = COLUMN.matcher(message);
    if (column.matches()) {
      return Optional.of(names.column(column.group(1), at));
    }
    Matcher table = TABLE.matcher(message);
    if (table.matches()) {
      return Optional.of(names.source(table.group(1), at));
    }
    Matcher function = FUNCTION.matcher(message);
    if (function.matches()) {
      String arguments = function.group(2) == null ? "" : function.group(2);
      return Optional.of(names.function(function.group(1), arguments));
    }
    Matcher ambiguous = AMBIGUOUS.matcher(message);
    if (ambiguous.matches()) {
      return Optional.of(names.ambiguous(ambiguous.group(1)));
    }
    Matcher type = TYPE.matcher(message);
    if (type.matches()) {
      return Optional.of(names.type(type.group(1), at));
    }
    Matcher unit = UNIT.matcher(message);
    return unit.matches() ? Optional.of(UnknownNames.unitOfTime(unit.group(1))) : Optional.empty();
  }

  /** On one line, beginning as the rest of ours does. */
  private static String sentence(String message) {
    String line = String.join(", ", message.lines().toList());
    boolean word = line.length() > 1 && Character.isLowerCase(line.charAt(1));
    return word ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
  }
}
