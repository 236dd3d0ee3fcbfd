package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random statements that mean the same here, in DuckDB and in PostgreSQL. Integer division is
 * written {@code ÷}: {@code //} in DuckDB, {@code /} elsewhere.
 */
final class RandomStatement {
  /** INTEGER, DOUBLE, VARCHAR, BOOLEAN, DATE, TIMESTAMP, DECIMAL. */
  private static final int KINDS = 7;

  private static final int BOOLEAN = 3;

  private final Random random;

  RandomStatement(Random random) {
    this.random = random;
  }

  String next() {
    return switch (random.nextInt(4)) {
      case 0 -> rows("t");
      case 1 -> rows("t") + " UNION ALL " + sameRows("u");
      default -> groups();
    };
  }

  /** A condition on the columns of {@code t}. */
  String rule() {
    return condition(3);
  }

  private String shape;

  private String rows(String table) {
    var columns = new ArrayList<String>();
    columns.add("id AS c0");
    var kinds = new StringBuilder();
    for (int i = 1; i <= 1 + random.nextInt(3); i++) {
      int kind = random.nextInt(KINDS);
      kinds.append(kind);
      columns.add(expression(kind, 3) + " AS c" + i);
    }
    shape = kinds.toString();
    return "SELECT " + String.join(", ", columns) + " FROM " + table + where();
  }

  private String sameRows(String table) {
    var columns = new ArrayList<String>();
    columns.add("id AS c0");
    for (int i = 0; i < shape.length(); i++) {
      columns.add(expression(shape.charAt(i) - '0', 2) + " AS c" + (i + 1));
    }
    return "SELECT " + String.join(", ", columns) + " FROM " + table + where();
  }

  private String groups() {
    var keys = new ArrayList<String>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      keys.add(expression(List.of(0, 2, 3, 4, 5, 6).get(random.nextInt(6)), 2));
    }
    var items = new ArrayList<String>();
    for (int i = 0; i < keys.size(); i++) {
      items.add(keys.get(i) + " AS k" + i);
    }
    for (int i = 0; i <= random.nextInt(4); i++) {
      items.add(aggregate() + " AS a" + i);
    }
    var ordinals = new ArrayList<String>();
    for (int i = 1; i <= keys.size(); i++) {
      ordinals.add(String.valueOf(i));
    }
    return "SELECT "
        + String.join(", ", items)
        + " FROM t"
        + where()
        + " GROUP BY "
        + String.join(", ", ordinals)
        + (random.nextInt(3) == 0 ? " HAVING " + having() : "");
  }

  private String having() {
    return random.nextBoolean() ? "COUNT(*) > " + random.nextInt(5) : "MAX(" + integer(1) + ") > 0";
  }

  private String aggregate() {
    return plainAggregate()
        + (random.nextInt(4) == 0 ? " FILTER (WHERE " + condition(1) + ")" : "");
  }

  private String plainAggregate() {
    return switch (random.nextInt(16)) {
      case 0 -> "COUNT(*)";
      case 1 -> "COUNT(" + any(2) + ")";
      case 2 -> "SUM(" + integer(2) + ")";
      case 3 -> "SUM(" + dyadic(2) + ")";
      case 4 -> "AVG(" + integer(2) + ")";
      case 5 -> "AVG(" + dyadic(2) + ")";
      case 6 -> "MIN(" + sortable(2) + ")";
      case 7 -> "COUNT(DISTINCT " + any(2) + ")";
      case 8 -> "SUM(DISTINCT " + integer(2) + ")";
      case 9 -> pick("STDDEV_POP(", "VAR_SAMP(") + integer(1) + ")";
      case 10 -> pick("BOOL_AND(", "BOOL_OR(") + condition(2) + ")";
      case 11 -> pick("BIT_AND(", "BIT_OR(", "BIT_XOR(") + integer(2) + ")";
      case 12 -> "STRING_AGG(" + string(2) + ", ',' ORDER BY id)";
      case 13 -> pick("SUM(", "AVG(") + decimal(2) + ")";
      case 14 -> "SUM(DISTINCT " + dyadic(1) + ")";
      default -> "MAX(" + sortable(2) + ")";
    };
  }

  private String where() {
    return random.nextBoolean() ? " WHERE " + condition(3) : "";
  }

  private String any(int depth) {
    return expression(random.nextInt(KINDS), depth);
  }

  /** What PostgreSQL has a MAX of. */
  private String sortable(int depth) {
    int kind = random.nextInt(KINDS - 1);
    return expression(kind < BOOLEAN ? kind : kind + 1, depth);
  }

  private String expression(int kind, int depth) {
    return switch (kind) {
      case 0 -> integer(depth);
      case 1 -> approximate(depth);
      case 2 -> string(depth);
      case 3 -> condition(depth);
      case 4 -> date();
      case 5 -> timestamp();
      default -> decimal(depth);
    };
  }

  private String date() {
    return pick("dt", "DATE '2001-05-06'", "COALESCE(dt, DATE '1999-12-31')", "CAST(ts AS DATE)");
  }

  private String timestamp() {
    return pick(
        "ts",
        "TIMESTAMP '2024-03-31 02:30:00'",
        "CAST(dt AS TIMESTAMP)",
        "DATE_TRUNC('" + pick("hour", "day", "week", "month", "quarter", "year") + "', ts)",
        "(CASE WHEN ts < TIMESTAMP '9000-01-01 00:00:00' THEN ts END + INTERVAL '"
            + pick("90' MINUTE", "1' DAY", "1' MONTH", "1' YEAR")
            + ")");
  }

  private String decimal(int depth) {
    if (depth == 0) {
      return pick("p", "1.25", "-0.5", "CAST(id AS DECIMAL(9, 2))");
    }
    return choose(
        () -> decimal(0),
        () -> "(" + decimal(depth - 1) + pick(" + ", " - ") + decimal(0) + ")",
        () -> "(" + decimal(0) + " * " + decimal(0) + ")",
        () -> "ABS(" + decimal(depth - 1) + ")",
        () -> "-(" + decimal(depth - 1) + ")",
        () -> "(" + decimal(depth - 1) + " + " + integer(0) + ")",
        () -> conditional(() -> decimal(depth - 1), depth),
        () -> "COALESCE(" + decimal(depth - 1) + ", 0.5)");
  }

  /** Doubles whose sums are exact in any order, whoever adds them. */
  private String dyadic(int depth) {
    if (depth == 0) {
      return pick(
          "CASE WHEN ABS(d) < 1000 AND d * 4 = FLOOR(d * 4) THEN d END", "2.5E0", "-0.125E0");
    }
    return choose(
        () -> dyadic(0),
        () -> "(" + dyadic(depth - 1) + pick(" + ", " - ", " * ") + dyadic(0) + ")",
        () -> "(" + dyadic(depth - 1) + " + " + integer(0) + ")",
        () -> "ABS(" + dyadic(depth - 1) + ")",
        () -> conditional(() -> dyadic(depth - 1), depth));
  }

  /** Small numbers only, so that no dialect overflows. */
  private String integer(int depth) {
    if (depth == 0) {
      return pick("MOD(i, 50)", "id", "3", "-7", "0", "MOD(i, 7)");
    }
    return choose(
        () -> integer(0),
        () -> "(" + integer(depth - 1) + pick(" + ", " - ") + integer(depth - 1) + ")",
        () -> "(" + integer(depth - 1) + " * " + integer(0) + ")",
        () -> "(" + integer(depth - 1) + " ÷ NULLIF(" + integer(depth - 1) + ", 0))",
        () -> "MOD(" + integer(depth - 1) + ", 11)",
        () -> "ABS(" + integer(depth - 1) + ")",
        () -> "-(" + integer(depth - 1) + ")",
        () ->
            "CAST(DATE_PART('" + pick("year", "month", "day", "doy", "week") + "', dt) AS INTEGER)",
        () -> "CAST(DATE_PART('" + pick("year", "hour", "minute") + "', ts) AS INTEGER)",
        () -> "POSITION(" + string(0) + " IN " + string(depth - 1) + ")",
        () -> conditional(() -> integer(depth - 1), depth),
        () -> "COALESCE(" + integer(depth - 1) + ", " + integer(depth - 1) + ")",
        () -> "NULLIF(" + integer(depth - 1) + ", " + integer(0) + ")");
  }

  private String approximate(int depth) {
    if (depth == 0) {
      return pick("LEAD", "CAST(id AS DOUBLE)", "2.5E0", "-0.125E0").replace("LEAD", SMALL_D);
    }
    return choose(
        () -> approximate(0),
        () -> "(" + approximate(depth - 1) + pick(" + ", " - ") + approximate(depth - 1) + ")",
        () -> "(" + approximate(depth - 1) + " * " + approximate(0) + ")",
        () -> "(" + approximate(depth - 1) + " / NULLIF(" + integer(depth - 1) + ", 0))",
        () -> "(" + approximate(depth - 1) + " + " + integer(depth - 1) + ")",
        () -> "FLOOR(" + approximate(depth - 1) + ")",
        () -> "CEIL(" + approximate(depth - 1) + ")",
        () -> "ABS(" + approximate(depth - 1) + ")",
        () -> conditional(() -> approximate(depth - 1), depth),
        () -> "COALESCE(" + approximate(depth - 1) + ", 0E0)");
  }

  private static final String SMALL_D =
      "CASE WHEN d = 0 OR ABS(d) BETWEEN 1E-20 AND 1E6 THEN d END";

  private String string(int depth) {
    if (depth == 0) {
      return pick("s", "g", "'a'", "'x😀'", "''", "'b c'");
    }
    return choose(
        () -> string(0),
        () -> "(" + string(depth - 1) + " || " + string(depth - 1) + ")",
        () -> "SUBSTRING(" + string(depth - 1) + ", " + (1 + random.nextInt(3)) + ", 2)",
        () -> "TRIM(" + string(depth - 1) + ")",
        () -> "LOWER(" + string(depth - 1) + ")",
        () -> "CAST(" + integer(depth - 1) + " AS VARCHAR)",
        () -> "REPLACE(" + string(depth - 1) + ", 'a', 'é')",
        () -> pick("LEFT(", "RIGHT(") + string(depth - 1) + ", " + pick("2", "-1", "0") + ")",
        () -> "LPAD(" + string(depth - 1) + ", 3, 'é')",
        () -> "SPLIT_PART(" + string(depth - 1) + ", 'b', " + pick("1", "2", "-1") + ")",
        () -> "GREATEST(" + string(depth - 1) + ", " + string(0) + ")",
        () -> "MD5(" + string(depth - 1) + ")",
        () -> conditional(() -> string(depth - 1), depth),
        () -> "COALESCE(" + string(depth - 1) + ", " + string(depth - 1) + ")",
        () -> "NULLIF(" + string(depth - 1) + ", " + string(0) + ")");
  }

  private String condition(int depth) {
    if (depth == 0) {
      return pick("b", "i > 0", "s IS NULL", "d < 10", "TRUE", "g = 'x'", "p > 0", "l <> 0");
    }
    return choose(
        () -> condition(0),
        () -> "(" + condition(depth - 1) + pick(" AND ", " OR ") + condition(depth - 1) + ")",
        () -> "(NOT " + condition(depth - 1) + ")",
        () -> "((" + condition(depth - 1) + ") IS " + pick("TRUE", "NOT TRUE", "FALSE") + ")",
        () -> "(" + integer(depth - 1) + comparison() + integer(depth - 1) + ")",
        () -> "(" + approximate(depth - 1) + comparison() + integer(depth - 1) + ")",
        () -> "(" + string(depth - 1) + comparison() + string(depth - 1) + ")",
        () -> "(" + timestamp() + comparison() + timestamp() + ")",
        () -> "(" + date() + comparison() + date() + ")",
        () -> "(" + decimal(depth - 1) + comparison() + pick(integer(0), decimal(0)) + ")",
        () -> "(d" + comparison() + pick("r", "l", "p", "i") + ")",
        () -> "(" + integer(depth - 1) + " IN (1, 2, " + integer(0) + "))",
        () -> "(" + integer(depth - 1) + " BETWEEN " + integer(0) + " AND " + integer(0) + ")",
        () -> "(" + string(depth - 1) + " LIKE '" + pick("%a%", "_", "x%", "%", "_b%") + "')",
        () -> "(" + integer(depth - 1) + " IS NOT DISTINCT FROM " + integer(depth - 1) + ")",
        () -> "(" + string(depth - 1) + " IS NULL)");
  }

  private String comparison() {
    return pick(" = ", " <> ", " < ", " <= ", " > ", " >= ");
  }

  private String conditional(Supplier<String> value, int depth) {
    return "CASE WHEN "
        + condition(depth - 1)
        + " THEN "
        + value.get()
        + (random.nextBoolean() ? " ELSE " + value.get() : "")
        + " END";
  }

  private String pick(String... options) {
    return options[random.nextInt(options.length)];
  }

  @SafeVarargs
  private String choose(Supplier<String>... options) {
    return options[random.nextInt(options.length)].get();
  }
}
