package dev.tidemill.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Statements drawn at random of joins, and of what can stand over and within them. */
final class RandomJoins {
  private final Random random;

  RandomJoins(long seed) {
    random = new Random(seed);
  }

  String next() {
    return switch (random.nextInt(8)) {
      case 0 -> select(true) + " UNION ALL " + select(true);
      case 1 -> select(true) + pick(" UNION ", " INTERSECT ", " EXCEPT ") + select(true);
      case 2 -> joinOfGroups();
      default -> select(false);
    };
  }

  /**
   * @param twoColumns an INTEGER and a VARCHAR, so that several can be united
   */
  private String select(boolean twoColumns) {
    int relations = 2 + random.nextInt(2);
    String from = from(relations) + where(relations);
    String n = name(random.nextInt(relations));
    String m = name(random.nextInt(relations));
    if (twoColumns) {
      return random.nextBoolean()
          ? "SELECT " + n + ".id, " + m + ".g FROM " + from
          : "SELECT MAX(" + n + ".id) AS id, " + m + ".g FROM " + from + " GROUP BY " + m + ".g";
    }
    String ids = ids(relations);
    return switch (random.nextInt(6)) {
      case 0 -> "SELECT " + columns(relations) + " FROM " + from;
      case 1 ->
          "SELECT %s.g, COUNT(*) AS n, SUM(%s.id) AS s, COUNT(DISTINCT %s.i) AS c FROM %s GROUP BY %s.g%s"
              .formatted(n, m, m, from, n, random.nextBoolean() ? "" : " HAVING COUNT(*) > 3");
      case 2 -> "SELECT DISTINCT " + n + ".g, " + m + ".b FROM " + from;
      case 3 ->
          "SELECT %s, ROW_NUMBER() OVER (PARTITION BY %s.g ORDER BY %s) AS r, SUM(%s.id) OVER (PARTITION BY %s.g) AS w FROM %s"
              .formatted(columns(relations), n, ids, m, n, from);
      case 4 ->
          "SELECT %s FROM %s ORDER BY %s LIMIT %d"
              .formatted(columns(relations), from, ids, 1 + random.nextInt(9));
      default ->
          "SELECT COUNT(*) AS n, MAX(%s.id) AS m, MIN(%s.s) AS s FROM %s".formatted(n, m, from);
    };
  }

  private String joinOfGroups() {
    return "SELECT x.g, x.n, y.n AS m FROM (SELECT %s.g, COUNT(*) AS n FROM %s GROUP BY %s.g) x %s JOIN (SELECT s AS g, COUNT(*) AS n FROM u GROUP BY s) y ON x.g = y.g"
        .formatted("a", from(2), "a", kind());
  }

  private String from(int relations) {
    var from = new StringBuilder(pick("t", "u") + " a");
    for (int i = 1; i < relations; i++) {
      from.append(' ').append(kind()).append(" JOIN ").append(pick("t", "u")).append(' ');
      from.append(name(i)).append(" ON ").append(on(name(random.nextInt(i)), name(i)));
    }
    return from.toString();
  }

  private String kind() {
    return pick("INNER", "INNER", "LEFT", "RIGHT", "FULL");
  }

  private String on(String left, String right) {
    String equal =
        pick(
                "%s.g = %s.g",
                "%s.i = %s.i", "%s.id = %s.id", "%s.id = %s.i", "%s.s = %s.s", "%s.d = %s.i")
            .formatted(left, right);
    String more =
        pick(
                "",
                "",
                " AND %s.id < %s.id",
                " AND %s.g = %s.g",
                " AND %s.b IS NOT DISTINCT FROM %s.b")
            .formatted(left, right);
    String own = random.nextInt(3) > 0 ? "" : " AND " + right + ".id < " + random.nextInt(30);
    return equal + more + own;
  }

  private String where(int relations) {
    var conditions = new ArrayList<String>();
    for (int i = 0; i < relations; i++) {
      if (random.nextInt(2) == 0) {
        conditions.add(
            name(i)
                + pick(
                    ".id < " + random.nextInt(40),
                    ".i > 0",
                    ".b",
                    ".g IN (SELECT g FROM u WHERE id < " + random.nextInt(9) + ")",
                    ".id NOT IN (SELECT id FROM u WHERE id > " + random.nextInt(20) + ")",
                    ".s IS NOT NULL"));
      }
    }
    if (random.nextInt(4) == 0) {
      conditions.add("EXISTS (SELECT 1 FROM u x WHERE x.g = a.g AND x.id > 5)");
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static String columns(int relations) {
    var columns = new ArrayList<String>();
    for (int i = 0; i < relations; i++) {
      columns.add(name(i) + ".id AS id" + i + ", " + name(i) + ".g AS g" + i);
    }
    return String.join(", ", columns);
  }

  /** Tells all rows apart. */
  private static String ids(int relations) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < relations; i++) {
      ids.add(name(i) + ".id NULLS LAST");
    }
    return String.join(", ", ids);
  }

  private static String name(int relation) {
    return List.of("a", "b", "c").get(relation);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
