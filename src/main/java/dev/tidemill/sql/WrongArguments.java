package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Calcite says about the types and the number of arguments, for people. */
final class WrongArguments {
  private static final Pattern TYPES =
      Pattern.compile(
          "Cannot apply '(.*?)' to arguments of type '(.*?)'\\. Supported form\\(s\\): (.*)",
          Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("Invalid number of arguments to function '(.*?)'\\. Was expecting (\\d+) .*");
  private static final Pattern COMMON =
      Pattern.compile("Cannot infer return type for (.*?); operand types: \\[(.*)\\]");
  private static final Pattern CAST =
      Pattern.compile("Cast function cannot convert value of type (.*) to type (.*)");
  private static final Pattern TYPE = Pattern.compile("<([^<>]*(?:<[^<>]*>)?[^<>]*)>");
  private static final Pattern DETAILS =
      Pattern.compile(" CHARACTER SET \"[^\"]*\"| NOT NULL|\\(\\d+(?:, \\d+)?\\)");

  private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");
  private static final Set<String> LOGIC = Set.of("AND", "OR", "NOT");
  private static final Set<String> TIMES = Set.of("DATE", "TIME", "TIMESTAMP");

  /** How those are called that people often call otherwise. */
  private static final Map<String, String> FORMS =
      Map.ofEntries(
          Map.entry("COUNT", "COUNT(*) or COUNT(x)"),
          Map.entry("MAX", "MAX(x); the greatest of several is GREATEST(x, y)"),
          Map.entry("MIN", "MIN(x); the least of several is LEAST(x, y)"),
          Map.entry("MODE", "MODE(x)"),
          Map.entry("ARG_MAX", "ARG_MAX(x, y)"),
          Map.entry("ARG_MIN", "ARG_MIN(x, y)"),
          Map.entry("FIRST_VALUE", "FIRST_VALUE(x)"),
          Map.entry("LAST_VALUE", "LAST_VALUE(x)"),
          Map.entry("STRING_AGG", "STRING_AGG(s, ','); CAST a number AS VARCHAR"),
          Map.entry("LISTAGG", "LISTAGG(s, ','); CAST a number AS VARCHAR"),
          Map.entry("APPROX_PERCENTILE", "APPROX_PERCENTILE(x, 0.5), with a literal from 0 to 1"),
          Map.entry("ROW_NUMBER", "ROW_NUMBER() OVER (ORDER BY x)"),
          Map.entry("LAG", "LAG(x), LAG(x, 2) or LAG(x, 2, y)"),
          Map.entry("LEAD", "LEAD(x), LEAD(x, 2) or LEAD(x, 2, y)"),
          Map.entry("NTILE", "NTILE(4)"),
          Map.entry("GROUPING_ID", "GROUPING_ID(a, b)"),
          Map.entry("IF", "IF(condition, x, y)"),
          Map.entry("NULLIF", "NULLIF(x, y)"),
          Map.entry("LEFT", "LEFT(s, 3)"),
          Map.entry("RIGHT", "RIGHT(s, 3)"),
          Map.entry("SPLIT_PART", "SPLIT_PART(s, ',', 1)"),
          Map.entry("REGEXP_LIKE", "REGEXP_LIKE(s, 'pattern', 'i')"),
          Map.entry("REGEXP_SUBSTR", "REGEXP_SUBSTR(s, 'pattern')"),
          Map.entry("REGEXP_COUNT", "REGEXP_COUNT(s, 'pattern')"),
          Map.entry("REGEXP_REPLACE", "REGEXP_REPLACE(s, 'pattern', 'by', 'g')"),
          Map.entry("JSON_VALUE", "JSON_VALUE(s, '$.a')"),
          Map.entry("JSON_QUERY", "JSON_QUERY(s, '$.a')"),
          Map.entry("JSON_EXISTS", "JSON_EXISTS(s, '$.a')"),
          Map.entry("TO_CHAR", "TO_CHAR(t, 'YYYY-MM-DD'); a number is CAST(x AS VARCHAR)"),
          Map.entry("TO_DATE", "TO_DATE(s, 'YYYY-MM-DD')"),
          Map.entry("TO_TIMESTAMP", "TO_TIMESTAMP(s, 'YYYY-MM-DD HH24:MI:SS')"),
          Map.entry("MAKE_DATE", "MAKE_DATE(2024, 2, 29)"),
          Map.entry("DATE_TRUNC", "DATE_TRUNC('day', t) with a DATE or TIMESTAMP"),
          Map.entry("DATE_PART", "DATE_PART('year', t) with a DATE or TIMESTAMP"),
          Map.entry("EXTRACT", "EXTRACT(DAY FROM t) with a DATE or TIMESTAMP"),
          Map.entry("LIKE", "s LIKE 'a%' with strings; CAST(x AS VARCHAR)"),
          Map.entry("ILIKE", "s ILIKE 'a%' with strings; CAST(x AS VARCHAR)"),
          Map.entry("SIMILAR TO", "s SIMILAR TO '[a-z]+' with strings; CAST(x AS VARCHAR)"),
          Map.entry("CONTAINS", "STRPOS(s, part) > 0, or s LIKE '%part%'"),
          Map.entry("UNNEST", "UNNEST(a) with an array"),
          Map.entry("CARDINALITY", "CARDINALITY(a) with an array"));

  private WrongArguments() {}

  /** Empty if the message is about something else. */
  static Optional<String> say(String message) {
    Matcher types = TYPES.matcher(message);
    if (types.matches()) {
      return Optional.of(types(types.group(1), typesIn(types.group(2)), types.group(3)));
    }
    Matcher number = NUMBER.matcher(message);
    if (number.matches()) {
      String name = number.group(1);
      String form = FORMS.get(name);
      return Optional.of(
          "wrong number of arguments; "
              + (form == null
                  ? name + " takes " + (number.group(2).equals("0") ? "none" : number.group(2))
                  : "write " + form));
    }
    Matcher common = COMMON.matcher(message);
    if (common.matches()) {
      return Optional.of(
          common.group(1)
              + " does not take ("
              + common
                  .group(2)
                  .replaceAll("\\bCHAR\\b", "VARCHAR")
                  .replaceAll(DETAILS.pattern(), "")
              + "); its values have one type, CAST them");
    }
    Matcher cast = CAST.matcher(message);
    return cast.matches()
        ? Optional.of(cast(plain(cast.group(1)), plain(cast.group(2))))
        : Optional.empty();
  }

  private static String types(String name, List<String> types, String forms) {
    String given = " (" + String.join(", ", types) + ")";
    if (COMPARISONS.contains(name)) {
      return "can not compare "
          + String.join(" with ", types)
          + (types.contains("BOOLEAN")
              ? "; a condition stands alone, as x or NOT x"
              : "; CAST one of them");
    }
    if (LOGIC.contains(name)) {
      return name
          + " takes conditions, not"
          + given
          + (types.contains("VARCHAR")
              ? "; write x = 'a' OR x = 'b', or x IN ('a', 'b')"
              : "; write x <> 0, or x IS NOT NULL");
    }
    boolean string = types.contains("VARCHAR");
    boolean time = types.stream().anyMatch(TIMES::contains);
    String advice =
        switch (name) {
          case "+" ->
              time
                  ? "write t + INTERVAL '1' DAY"
                  : string
                      ? "strings are joined with a || b, numbers CAST"
                      : "CAST them to numbers";
          case "-" ->
              time && types.stream().allMatch(TIMES::contains)
                  ? "write TIMESTAMPDIFF(SECOND, b, a)"
                  : time ? "write t - INTERVAL '1' DAY" : "CAST them to numbers";
          case "*", "/", "%" -> "CAST them to numbers";
          case "||" -> "it joins strings; CAST(x AS VARCHAR), or write CONCAT(a, b)";
          case "ITEM" -> "an element of an array is a[1], counted from 1";
          case "$SCALAR_QUERY" -> "";
          case "SUM", "AVG" ->
              types.contains("BOOLEAN")
                  ? "write COUNT(*) FILTER (WHERE …), or SUM(CASE WHEN … THEN 1 ELSE 0 END)"
                  : "CAST it to a number";
          default -> FORMS.containsKey(name) ? "write " + FORMS.get(name) : "it is " + forms(forms);
        };
    if (name.equals("$SCALAR_QUERY")) {
      return "a subquery that stands for a value has one column";
    }
    return (name.equals("ITEM") ? "[…]" : name) + " does not take" + given + "; " + advice;
  }

  private static String cast(String from, String to) {
    String advice =
        from.equals("BOOLEAN")
            ? "; write CASE WHEN x THEN 1 ELSE 0 END"
            : from.endsWith("ARRAY")
                ? "; UNNEST it, or take an element"
                : TIMES.contains(to)
                    ? "; write TO_TIMESTAMP(seconds), and CAST that AS DATE"
                    : TIMES.contains(from)
                        ? "; write TIMESTAMPDIFF(DAY, DATE '1970-01-01', x)"
                        : "";
    return "can not CAST " + from + " to " + to + advice;
  }

  private static List<String> typesIn(String signature) {
    List<String> types = new ArrayList<>();
    Matcher matcher = TYPE.matcher(signature);
    while (matcher.find()) {
      String type = plain(matcher.group(1));
      if (!type.equals("SYMBOL") && !type.equals("ANY")) {
        types.add(type);
      }
    }
    return types;
  }

  /** Without what does not matter: how long it is, and whether it can be NULL. */
  private static String plain(String type) {
    return DETAILS
        .matcher(type)
        .replaceAll("")
        .replaceAll("\\bCHAR\\b", "VARCHAR")
        .strip()
        .toUpperCase(Locale.ROOT);
  }

  private static String forms(String forms) {
    return forms
        .replaceAll("['<>]", "")
        .replace("CHARACTER", "VARCHAR")
        .replace("STRING", "VARCHAR")
        .replaceAll("\\),?\\s+", ") or ");
  }
}
