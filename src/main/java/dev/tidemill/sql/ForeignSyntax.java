package dev.tidemill.sql;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people write who come from another database, or in haste, and what it is here. It is asked
 * only about texts that the grammar does not understand.
 */
final class ForeignSyntax {
  private static final String CLAUSES =
      "(?:FROM|WHERE|GROUP|HAVING|QUALIFY|ORDER|LIMIT|UNION|INTERSECT|EXCEPT|SELECT)\\b";
  private static final String END = "\u0003";

  private static final String QUOTED_UNIT = "a unit stands without quotation marks, as in DAY";
  private static final String LIST = "IN takes its values in parentheses: IN ('a', 'b')";
  private static final String ROW_NUMBER =
      "write QUALIFY ROW_NUMBER() OVER (PARTITION BY … ORDER BY …) ";
  private static final String PARAMETER = "write the value, or ${env:NAME}";
  private static final String UNNEST = "write FROM orders AS o, UNNEST(o.items) AS i (item)";

  /**
   * @param found what is wrong is its first group; the whole has the place of the error in it
   */
  private record Form(Pattern found, String advice) {
    static Form of(String found, String advice) {
      return new Form(Pattern.compile(found, Pattern.CASE_INSENSITIVE), advice);
    }
  }

  /** The first one that fits counts. */
  private static final List<Form> FORMS =
      List.of(
          Form.of("(?:\\S+\\s+)?(\\{[{%])", "templates are not filled in; " + PARAMETER),
          Form.of("([‘’“”])", "a string stands in straight single quotes: 'JFK'"),
          Form.of("(`[^`]*`?)", "a name stands in double quotes, or in none"),
          Form.of("(?<=')(\\w+)", "a quotation mark within a string is written twice: 'O''Hare'"),
          Form.of("(#)", "a comment begins with --"),
          Form.of("^\\s*(FROM|WHERE)\\b", "a statement begins with SELECT or WITH"),
          Form.of("^\\s*(SELECT)\\b", "within a condition a statement stands in parentheses"),
          Form.of("(;)\\s*" + END, "one statement, without a semicolon"),
          Form.of("(;)", "one statement only; several have names, under 'queries'"),
          Form.of("SELECT\\s+(TOP\\s*\\(?\\s*\\d+\\)?)", "write LIMIT at the end, behind ORDER BY"),
          Form.of("(DISTINCT\\s+ON)\\b", ROW_NUMBER + "= 1"),
          Form.of(",\\s*(DISTINCT)\\b", "DISTINCT stands once, behind SELECT, for all columns"),
          Form.of("(DISTINCT\\s*\\*)", "write COUNT(*) over a subquery with SELECT DISTINCT"),
          Form.of("(,)\\s*(?:" + CLAUSES + "|\\)|" + END + ")", "remove the comma"),
          Form.of("SELECT\\s+(?:DISTINCT\\s+)?(FROM)\\b", "name the columns before it, or write *"),
          Form.of("\\bAS\\s+(FROM)\\b", "a name is missing before it"),
          Form.of("(,)\\s*,", "remove the comma"),
          Form.of("SELECT\\s+(,)", "remove the comma"),
          Form.of(
              "\\b((?:ORDER|GROUP|PARTITION)\\s+BY)\\s*(?:\\)|" + END + ").?",
              "its columns are missing"),
          Form.of("\\b(ASCENDING|DESCENDING)\\b", "write ASC or DESC"),
          Form.of("(FILTER)\\s+WHERE\\b", "write FILTER (WHERE …)"),
          Form.of(
              "LISTAGG\\s*\\([^()]*\\b(ORDER)\\s+BY\\b",
              "write LISTAGG(s, ',') WITHIN GROUP (ORDER BY x)"),
          Form.of("\\b(UNNEST)\\s+(?!\\()", "UNNEST takes its array in parentheses"),
          Form.of("\\b(TRIM)\\s*\\([^()]*,", "write BTRIM(s, 'x')"),
          Form.of("\\b(POSITION)\\s*\\([^()]*,", "write POSITION('a' IN s) or STRPOS(s, 'a')"),
          Form.of("\\b(SUBSTRING)\\s*\\([^()]*\\)", "write SUBSTRING(s, 1, 3)"),
          Form.of("(NOT)\\s*=", "write <>"),
          Form.of(
              "\\b(?:OR|AND)\\s+(I?LIKE|IN|BETWEEN)\\b\\s*\\S", "write the column again before it"),
          Form.of("SELECT\\b.*\\b(INTO)\\b", "remove it; the rows go where 'load' says"),
          Form.of(
              "(EMIT\\s+\\w+)",
              "remove it; a result is published when its batch is closed, or before by 'early'"),
          Form.of("(FOR\\s+UPDATE|WITH\\s*\\(\\s*NOLOCK\\s*\\))", "remove it; nothing is locked"),
          Form.of("LIMIT\\s+\\d+\\s+(BY)\\b", ROW_NUMBER + "<= 10"),
          Form.of("(?:LIMIT|(?<!WITH )OFFSET)\\s+([a-z_]\\w*|-)", "LIMIT and OFFSET take a number"),
          Form.of("LIMIT\\s+\\d+\\s+(PERCENT|%)", "LIMIT takes a number of rows"),
          Form.of("GROUP\\s+BY\\s+(ALL)\\s*" + END, "write the columns of GROUP BY"),
          Form.of("(WITH\\s+(?:ROLLUP|CUBE))\\b", "write GROUP BY ROLLUP (a, b) or CUBE (a, b)"),
          Form.of("\\bAS\\s+(SELECT)\\b", "the SELECT behind AS stands in parentheses"),
          Form.of("((?:LEFT|RIGHT|FULL)\\s+OUTER)\\s+(?!JOIN)", "write LEFT JOIN, and ON"),
          Form.of("(SEMI\\s+JOIN)\\b", "write WHERE EXISTS (SELECT …)"),
          Form.of("(ANTI\\s+JOIN)\\b", "write WHERE NOT EXISTS (SELECT …)"),
          Form.of("(OUTER\\s+JOIN)\\b", "write LEFT JOIN, RIGHT JOIN or FULL JOIN"),
          Form.of(
              "(ASOF)\\b",
              "write JOIN rates FOR SYSTEM_TIME AS OF o.event_time AS r ON …, with a table that has"
                  + " versions"),
          Form.of(
              "(WITHIN)\\s+\\d+", "a join sees its whole batch; write a condition on times in ON"),
          Form.of("(\\(\\s*\\+\\s*\\))", "write LEFT JOIN … ON …"),
          Form.of(
              "((?:USING\\s+)?(?:TABLE)?SAMPLE)\\s*\\(?\\s*\\d+",
              "write WHERE with a condition on a column; a sample is another one in each run"),
          Form.of("FROM\\s+('[^']*')", "the name of a source stands without quotation marks"),
          Form.of("USING\\s+(\\w+)", "USING takes its columns in parentheses"),
          Form.of("(LATERAL\\s+(?:VIEW|FLATTEN))\\b", UNNEST),
          Form.of("(WITH\\s+OFFSET)\\b", "write WITH ORDINALITY; it counts from 1"),
          Form.of("FILTER\\s*\\(\\s*(?!WHERE)(\\w+)", "write FILTER (WHERE …)"),
          Form.of(
              "OVER\\s*\\([^()]*\\)\\s*(FILTER)\\s*\\(",
              "write SUM(CASE WHEN … THEN x END) OVER (…)"),
          Form.of("(FROM\\s+LAST)\\b.*", "turn the ORDER BY of the window round, with DESC"),
          Form.of("(IGNORE\\s+NULLS)\\b", "write FILTER (WHERE x IS NOT NULL)"),
          Form.of(
              "(?:ROWS|RANGE)\\s+(\\d+\\s*\\))", "write ROWS BETWEEN 3 PRECEDING AND CURRENT ROW"),
          Form.of("(GROUPS)\\s+BETWEEN", "write ROWS or RANGE"),
          Form.of("(EXCLUDE)\\s+\\w+", "a window has no EXCLUDE here; leave the row out with CASE"),
          Form.of("\\b(IN)\\s+(?!\\()", LIST),
          Form.of("\\bIN\\s*(\\[)", LIST),
          Form.of("\\b(IN\\s*\\(\\s*\\))", LIST),
          Form.of("(I?LIKE\\s+(?:ANY|ALL|SOME))\\b", "write x LIKE 'a%' OR x LIKE 'b%'"),
          Form.of("(REGEXP|RLIKE|GLOB)\\s+'", "write x ~ 'pattern', or x LIKE 'a%'"),
          Form.of("(SIMILAR)\\s+'", "write SIMILAR TO"),
          Form.of("headers\\s*(->>?)", "write headers['name']"),
          Form.of("(->>?)", "write JSON_VALUE(s, '$.a')"),
          Form.of(
              "(\\[[^\\]]*:[^\\]]*\\])", "an element is a[1]; parts of an array can not be taken"),
          Form.of("(\\?).*?:", "write CASE WHEN … THEN … ELSE … END"),
          Form.of("\\w(:)\\s*[a-z]", "write JSON_VALUE(s, '$.a'), or CAST(x AS type)"),
          Form.of("[<>=+,(*/-]\\s*(:\\w+)", PARAMETER),
          Form.of("(@\\w+)", PARAMETER),
          Form.of("(==)", "write ="),
          Form.of("(=~)", "write x ~ 'pattern'"),
          Form.of("(=<)", "write <="),
          Form.of("(=>)", "write >="),
          Form.of("(&&)", "write AND"),
          Form.of("(!)\\s*\\w", "write NOT"),
          Form.of("(\\*\\*)", "write POWER(x, 2)"),
          Form.of("\\w\\s+(DIV)\\s+\\w", "write x / y; of integers it is an integer"),
          Form.of("\\w\\s+(MOD)\\s+\\w", "write MOD(x, y) or x % y"),
          Form.of("(IS)\\s+(?:NOT\\s+)?[\\w'.+-]+", "write = or <>; IS takes NULL, TRUE or FALSE"),
          Form.of("\\b(ISNULL)\\b", "write IS NULL"),
          Form.of("\\b(NOTNULL|NOT\\s+NULL)\\b", "write IS NOT NULL"),
          Form.of("\\b(IF)\\s+\\w+\\s*[<>=]", "write CASE WHEN … THEN … END"),
          Form.of(
              "(AT\\s+TIME\\s+ZONE)\\b",
              "times are in UTC here; write t + INTERVAL '1' HOUR for a fixed distance"),
          Form.of(
              "\\b(?:DATEADD|DATEDIFF|DATE_DIFF|DATE_ADD|TIMESTAMPADD|TIMESTAMPDIFF|EXTRACT)\\s*\\(\\s*('[^']*')",
              QUOTED_UNIT),
          Form.of("\\bTO\\s+('[^']*')", QUOTED_UNIT),
          Form.of("(EXTRACT\\s*\\(\\s*\\w+\\s*,)", "write EXTRACT(DAY FROM t)"),
          Form.of(
              "(INTERVAL\\s+'[^']*')\\s*.", "the unit stands behind the number: INTERVAL '1' DAY"),
          Form.of(
              "\\b((?:DATE|TIME|TIMESTAMP)\\s+(?!AS\\b|" + CLAUSES + ")[a-z_]\\w*)",
              "write CAST(x AS DATE)"),
          Form.of("\\b(DATETIME)\\b", "write TIMESTAMP"),
          Form.of("(ARRAY\\s*<)", "write VARCHAR ARRAY"),
          Form.of("(\\w+\\s*\\[\\s*\\])", "write VARCHAR ARRAY"),
          Form.of("\\b(N?VARCHAR2|NVARCHAR|STRING|TEXT)\\s*\\(", "write VARCHAR"),
          Form.of("\\b(NUMBER)\\s*\\(", "write DECIMAL(p, s)"),
          Form.of("(CAST)\\s*\\((?![^()]*\\bAS\\b)[^()]*[,)]", "write CAST(x AS type)"),
          Form.of(
              "\\b(JSON_(?:VALUE|QUERY|EXISTS))\\s*\\([^(),]*\\)", "write JSON_VALUE(s, '$.a')"),
          Form.of("\\b(DATE_TRUNC)\\s*\\([^(),]*\\)", "write DATE_TRUNC('day', t)"),
          Form.of(
              "\\b(TIMESTAMP(?:ADD|DIFF))\\s*\\([^()]*\\)",
              "write TIMESTAMPADD(DAY, 1, t) or TIMESTAMPDIFF(DAY, a, b)"),
          Form.of("\\d\\s*(%)\\s*(?:" + END + "|\\)|AND|OR)", "write 0.01"),
          Form.of("\\b(THEN)\\b", "write CASE WHEN … THEN … END"),
          Form.of("\\b(ELSE)\\b", "each WHEN needs a THEN before it"),
          Form.of("(HAVING\\s+(?:MIN|MAX))\\b", "write ARG_MIN(x, y) or ARG_MAX(x, y)"),
          Form.of(
              "\\([^()]*(LIMIT)\\s+\\d+\\s*\\)",
              "an aggregate has no LIMIT; aggregate over a subquery with QUALIFY ROW_NUMBER()"),
          Form.of("(UUID)\\s*\\(", Unsupported.SAME_RESULT + "use a column"),
          Form.of("(?<![\\w\\]])(\\[)", "a name stands in double quotes, an array is ARRAY[1, 2]"),
          Form.of(
              "\\b(AND|OR|NOT|WHERE|HAVING|QUALIFY)\\s*(?:" + CLAUSES + "|\\)|" + END + ").?",
              "a condition is missing behind it"),
          Form.of("\\b(WHERE)\\b", "WHERE stands behind FROM, before GROUP BY and ORDER BY"),
          Form.of("\\b(GROUP\\s+BY)\\b", "GROUP BY stands behind WHERE, before ORDER BY"),
          Form.of("\\bWHERE\\b[^,()]*(,)", "conditions are joined with AND"),
          Form.of("\\b(HAVING)\\b", "HAVING stands behind GROUP BY"),
          Form.of(
              "\\b(UNION|INTERSECT|EXCEPT)\\b",
              "a SELECT with ORDER BY or LIMIT before it stands in parentheses"));

  private ForeignSyntax() {}

  /**
   * @param place of the first character
   */
  record Found(int place, String text, String advice) {}

  /**
   * @param place where the grammar stopped
   */
  static Optional<Found> at(Text statement, int place) {
    String code = statement.code() + END;
    for (Form form : FORMS) {
      Matcher matcher = form.found.matcher(code);
      while (matcher.find() && matcher.start() <= place) {
        if (place < Math.max(matcher.end(), matcher.start() + 1)) {
          String text = statement.sql().substring(matcher.start(1), matcher.end(1));
          return Optional.of(
              new Found(matcher.start(1), text.strip().replaceAll("\\s+", " "), form.advice));
        }
      }
    }
    return Optional.empty();
  }
}
