package dev.tidemill.sql;

import dev.tidemill.definition.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
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
    var columns = new ArrayList<String>();
    for (Relation relation : catalog.relations().values()) {
      if (relation.nested().stream().anyMatch(name::equalsIgnoreCase)) {
        return "column '"
            + name
            + "' has a nested type (record, array, map or union of several),"
            + " which is not supported yet";
      }
      columns.addAll(relation.rowType().getFieldNames());
    }
    if (BATCH_COLUMNS.contains(name.toLowerCase(Locale.ROOT))) {
      return "column '"
          + name
          + "' can not be used in the statement yet; every row of a target has"
          + " batch_start, batch_end and attempt without it";
    }
    return "column '" + name + "' not found in any table" + Nearest.hint(name, columns);
  }

  private static String function(String name, String arguments) {
    Collection<String> names = new TreeSet<>();
    Catalog.OPERATORS.getOperatorList().stream()
        .filter(o -> o instanceof SqlFunction)
        .forEach(o -> names.add(o.getName()));
    if (names.contains(name.toUpperCase(Locale.ROOT))) {
      return "the function " + name + " does not take (" + arguments + ")";
    }
    return "there is no function '" + name + "'" + Nearest.hint(name, names);
  }

  static List<String> batchColumns() {
    return List.copyOf(BATCH_COLUMNS);
  }
}
