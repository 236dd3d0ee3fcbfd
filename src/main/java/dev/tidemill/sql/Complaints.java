package dev.tidemill.sql;

import dev.tidemill.definition.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlFunction;

/** Calcite's validation messages, for people. */
final class Complaints {
  private static final Set<String> BATCH_COLUMNS = Set.of("batch_start", "batch_end", "attempt");

  private static final Pattern COLUMN =
      Pattern.compile("Column '(.*?)' not found in (any )?table.*");
  private static final Pattern TABLE =
      Pattern.compile("(?:Object|Table) '(.*?)' not found.*", Pattern.DOTALL);
  private static final Pattern FUNCTION =
      Pattern.compile("No match found for function signature (.*?)\\((.*)\\)");

  /** What functions of other databases are called here. */
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("STRFTIME", "TO_CHAR(t, 'YYYY-MM-DD')"),
          Map.entry("DATE_FORMAT", "TO_CHAR(t, 'YYYY-MM-DD')"),
          Map.entry("STRPTIME", "TO_TIMESTAMP(s, 'YYYY-MM-DD')"),
          Map.entry("STR_TO_DATE", "TO_DATE(s, 'YYYY-MM-DD')"),
          Map.entry("TO_NUMBER", "CAST(s AS DECIMAL(18, 2))"),
          Map.entry("TRY_CAST", "CAST; a value that does not fit rejects its record"),
          Map.entry("SAFE_CAST", "CAST; a value that does not fit rejects its record"),
          Map.entry("DATEDIFF", "TIMESTAMPDIFF(DAY, a, b)"),
          Map.entry("DATE_DIFF", "TIMESTAMPDIFF(DAY, a, b)"),
          Map.entry("DATEADD", "TIMESTAMPADD(DAY, 1, t)"),
          Map.entry("DATE_ADD", "t + INTERVAL '1' DAY"),
          Map.entry("DATE_SUB", "t - INTERVAL '1' DAY"),
          Map.entry("LEN", "LENGTH(s)"),
          Map.entry("INSTR", "STRPOS(s, part)"),
          Map.entry("ISNULL", "COALESCE(x, y)"),
          Map.entry("REGEXP_MATCHES", "REGEXP_LIKE(s, pattern)"),
          Map.entry("REGEXP_EXTRACT", "REGEXP_SUBSTR(s, pattern)"),
          Map.entry("SUBSTRING_INDEX", "SPLIT_PART(s, separator, n)"),
          Map.entry("GROUP_CONCAT", "STRING_AGG(s, ',')"),
          Map.entry("MEDIAN", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)"),
          Map.entry("QUANTILE_CONT", "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)"),
          Map.entry("QUANTILE_DISC", "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY x)"),
          Map.entry("COUNT_IF", "COUNT(*) FILTER (WHERE …)"),
          Map.entry("COUNTIF", "COUNT(*) FILTER (WHERE …)"),
          Map.entry("JSON_EXTRACT", "JSON_VALUE(s, '$.path') or JSON_QUERY"),
          Map.entry("CONCAT_WS", "a || ',' || b, or CONCAT"));

  private final Catalog catalog;

  Complaints(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Whether the message says that something is in no group. */
  static boolean isAboutGroups(String message) {
    return message.contains("is not being grouped");
  }

  String say(String message) {
    Matcher column = COLUMN.matcher(message);
    if (column.matches()) {
      return column(column.group(1));
    }
    Matcher table = TABLE.matcher(message);
    if (table.matches()) {
      String name = table.group(1);
      var sources = new TreeSet<>(catalog.relations().keySet());
      catalog.views().forEach(view -> sources.add(view.name()));
      return "there is no source '"
          + name
          + "'"
          + Nearest.hint(name, sources)
          + "; the sources are: "
          + String.join(", ", sources);
    }
    Matcher function = FUNCTION.matcher(message);
    if (function.matches()) {
      return function(function.group(1), function.group(2));
    }
    if (message.startsWith("Illegal use of 'NULL'")) {
      return "the type of this NULL is not known; write CAST(NULL AS …)";
    }
    return sentence(message);
  }

  /** On one line, beginning as the rest of ours does. */
  private static String sentence(String message) {
    String line = String.join(", ", message.lines().toList());
    boolean word = line.length() > 1 && Character.isLowerCase(line.charAt(1));
    return word ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
  }

  private String column(String name) {
    if (catalog.pseudo().isConstant(name)) {
      return name
          + " is the same for all rows of a batch; write it without quotation marks, and without"
          + " the name of a relation";
    }
    if (PseudoColumns.isHeader(name)) {
      return "headers belong to the records of streams; a table has none, and a subquery has one if"
          + " it is among its columns";
    }
    if (catalog.pseudo().hidden().containsKey(name.toLowerCase(Locale.ROOT))) {
      return "'"
          + name
          + "' belongs to the records of streams; a table has none, and a subquery has it if it is"
          + " among its columns";
    }
    var columns = new ArrayList<String>();
    for (Relation relation : catalog.relations().values()) {
      if (relation.nested().stream().anyMatch(name::equalsIgnoreCase)) {
        return "column '"
            + name
            + "' has a nested type (record, map, union of several, or array of these),"
            + " which is not supported yet";
      }
      columns.addAll(relation.rowType().getFieldNames());
    }
    catalog.views().forEach(view -> columns.addAll(view.rowType().getFieldNames()));
    if (BATCH_COLUMNS.contains(name.toLowerCase(Locale.ROOT))) {
      return "column '"
          + name
          + "' can not be used here; every row of a target has"
          + " batch_start, batch_end and attempt without it";
    }
    if (PseudoColumns.isHeaders(name)) {
      return "write headers['name'], with the name of the header in single quotes";
    }
    columns.addAll(catalog.pseudo().known());
    return "column '" + name + "' not found in any table" + Nearest.hint(name, columns);
  }

  private String function(String name, String arguments) {
    List<String> signatures = catalog.functions().signatures(name);
    if (!signatures.isEmpty()) {
      return "the function "
          + name
          + " does not take ("
          + arguments
          + "); it is "
          + String.join(" or ", signatures);
    }
    Collection<String> names = new TreeSet<>();
    Catalog.OPERATORS.getOperatorList().stream()
        .filter(o -> o instanceof SqlFunction)
        .forEach(o -> names.add(o.getName()));
    names.addAll(catalog.functions().names());
    if (names.contains(name.toUpperCase(Locale.ROOT))) {
      return "the function " + name + " does not take (" + arguments + ")";
    }
    String instead = INSTEAD.get(name.toUpperCase(Locale.ROOT));
    return "there is no function '"
        + name
        + "'"
        + (instead == null ? Nearest.hint(name, names) : "; write " + instead);
  }

  static List<String> batchColumns() {
    return List.copyOf(BATCH_COLUMNS);
  }
}
