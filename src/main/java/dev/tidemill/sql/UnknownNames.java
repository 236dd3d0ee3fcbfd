package dev.tidemill.sql;

import dev.tidemill.definition.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Says what may be meant by a name that nothing has. */
final class UnknownNames {
  private static final Set<String> BATCH_COLUMNS = Set.of("batch_start", "batch_end", "attempt");

  private static final Set<String> UNITS =
      Set.of("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR");
  private static final List<String> TYPES =
      List.of(
          "BOOLEAN",
          "INTEGER",
          "BIGINT",
          "REAL",
          "DOUBLE",
          "DECIMAL",
          "VARCHAR",
          "VARBINARY",
          "DATE",
          "TIME",
          "TIMESTAMP");

  private final Catalog catalog;
  private final WrittenNames written;
  private final RecordComplaints records;

  UnknownNames(Catalog catalog, WrittenNames written) {
    this.catalog = catalog;
    this.records = new RecordComplaints(catalog.relations().values());
    this.written = written;
  }

  static List<String> batchColumns() {
    return List.copyOf(BATCH_COLUMNS);
  }

  String source(String name, SqlParserPos at) {
    var sources = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    sources.addAll(catalog.relations().keySet());
    catalog.views().forEach(view -> sources.add(view.name()));
    Optional<String> alias = written.aliasOf(name);
    if (sources.contains(name) && alias.isPresent()) {
      return "'"
          + name
          + "' is called '"
          + alias.get()
          + "' in this FROM; write "
          + alias.get()
          + ".…";
    }
    if (PseudoColumns.isHeaders(name)) {
      return "write headers['name'], with the name of the header in single quotes";
    }
    Optional<String> record =
        sources.contains(name) ? Optional.empty() : records.relation(name, sources);
    if (record.isPresent()) {
      return record.get();
    }
    List<String> parts = written.at(at).map(id -> List.copyOf(id.names)).orElse(List.of(name));
    String last = parts.get(parts.size() - 1);
    if (parts.size() > 1 && sources.contains(last)) {
      return "a source has no database and no schema before it; write " + last;
    }
    if (parts.size() > 1 && written.relations().containsKey(parts.get(0))) {
      return sources.contains(name)
          ? "'"
              + name
              + "' has no such part; an array is unnested by UNNEST("
              + name
              + "."
              + last
              + ")"
          : "an array is no source; write UNNEST(" + String.join(".", parts) + ")";
    }
    if (columns().contains(name) && parts.size() > 1) {
      return "'"
          + name
          + "' is a column, and has no part '"
          + last
          + "'; of JSON write JSON_VALUE(s, '$."
          + last
          + "')";
    }
    if (sources.contains(name)) {
      return "'" + name + "' is a source, but this FROM does not read it; join it";
    }
    return "there is no source '"
        + name
        + "'"
        + Nearest.hint(name, sources)
        + "; the sources are: "
        + String.join(", ", sources);
  }

  /** Of a field of a record that an expression gives. */
  Optional<String> field(String message) {
    return records.field(message);
  }

  String column(String name, SqlParserPos at) {
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
    for (Relation relation : catalog.relations().values()) {
      if (relation.nested().stream().anyMatch(name::equalsIgnoreCase)) {
        return "column '"
            + name
            + "' has a type that SQL can not read (map, union of several types, array of arrays, record"
            + " that contains itself)";
      }
    }
    if (BATCH_COLUMNS.contains(name.toLowerCase(Locale.ROOT))) {
      return "column '"
          + name
          + "' can not be used here; every row of a target has"
          + " batch_start, batch_end and attempt without it";
    }
    if (PseudoColumns.isHeaders(name)) {
      return "write headers['name'], with the name of the header in single quotes";
    }
    if (written.isColumnOfResult(name)) {
      return "'"
          + name
          + "' is a name that SELECT gives; it can not be used here: write its expression, or put the"
          + " SELECT into a subquery";
    }
    Optional<String> record = records.column(name);
    if (record.isPresent()) {
      return record.get();
    }
    Set<String> columns = columns();
    if (columns.contains(name)) {
      return "column '" + name + "' is not to be had here; " + owners(name);
    }
    columns.addAll(catalog.pseudo().known());
    String near = Nearest.hint(name, columns);
    if (near.isEmpty() && written.isQuoted(at)) {
      return "there is no column \""
          + name
          + "\"; a string stands in single quotes: '"
          + name
          + "'";
    }
    if (near.isEmpty()
        && unit(name).isEmpty()
        && functions().contains(name.toUpperCase(Locale.ROOT))) {
      return "'" + name + "' is a function; what it takes stands in parentheses behind it";
    }
    return Unsupported.ofClock(name)
        .or(() -> ForeignNames.column(name).map(own -> missing(name) + "; write " + own))
        .or(() -> unit(name))
        .orElse(
            Character.isDigit(name.charAt(0))
                ? "'" + name + "' is no number; write digits only, as in 1000 or 1.5E3"
                : missing(name) + near);
  }

  private static String missing(String name) {
    return "column '" + name + "' not found in any table";
  }

  private static Optional<String> unit(String name) {
    String unit = name.toUpperCase(Locale.ROOT);
    return UNITS.contains(unit)
        ? Optional.of(
            "a unit of DATE_TRUNC comes first and is a string: DATE_TRUNC('"
                + unit.toLowerCase(Locale.ROOT)
                + "', t)")
        : Optional.empty();
  }

  private Set<String> columns() {
    Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    catalog.relations().values().forEach(r -> columns.addAll(r.rowType().getFieldNames()));
    catalog.views().forEach(view -> columns.addAll(view.rowType().getFieldNames()));
    return columns;
  }

  /** Who has a column that is not found where it is looked for. */
  private String owners(String name) {
    List<String> owners = new ArrayList<>();
    catalog
        .relations()
        .forEach(
            (relation, of) -> {
              if (of.rowType().getFieldNames().stream().anyMatch(name::equalsIgnoreCase)) {
                owners.add("'" + relation + "'");
              }
            });
    return owners.isEmpty()
        ? "a subquery has the columns of its SELECT only"
        : String.join(" and ", owners) + (owners.size() == 1 ? " has it" : " have it");
  }

  /** A name that several of the relations in FROM have. */
  String ambiguous(String name) {
    List<String> ways = new ArrayList<>();
    for (Map.Entry<String, String> entry : written.relations().entrySet()) {
      Relation relation = catalog.relations().get(entry.getValue());
      if (relation != null
          && relation.rowType().getFieldNames().stream().anyMatch(name::equalsIgnoreCase)) {
        ways.add(entry.getKey() + "." + name);
      }
    }
    return "'"
        + name
        + "' is in several relations of FROM; write "
        + (ways.isEmpty() ? "whose it is, before it" : String.join(" or ", ways));
  }

  String type(String name, SqlParserPos at) {
    if (name.equals("*")) {
      return "only COUNT takes *; write COUNT(*), or the name of a column";
    }
    if (catalog.relations().containsKey(name) || written.relations().containsKey(name)) {
      return source(name, at);
    }
    return "there is no type '"
        + name
        + "'"
        + ForeignNames.type(name).map(own -> "; write " + own).orElse(Nearest.hint(name, TYPES));
  }

  static String unitOfTime(String name) {
    String near = Nearest.hint(name, UNITS);
    return "there is no unit '"
        + name
        + "'"
        + (near.isEmpty() ? "; a unit stands first, as in TIMESTAMPDIFF(DAY, a, b)" : near);
  }

  private Set<String> functions() {
    Set<String> names = new TreeSet<>();
    Catalog.OPERATORS.getOperatorList().stream()
        .filter(o -> o instanceof SqlFunction)
        .map(o -> o.getName())
        .filter(known -> !Unsupported.NAMES.contains(known))
        .forEach(names::add);
    names.addAll(catalog.functions().names());
    return names;
  }

  String function(String name, String arguments) {
    List<String> signatures = catalog.functions().signatures(name);
    if (!signatures.isEmpty()) {
      return "the function "
          + name
          + " does not take ("
          + arguments
          + "); it is "
          + String.join(" or ", signatures);
    }
    Collection<String> names = functions();
    if (names.contains(name.toUpperCase(Locale.ROOT))) {
      return "the function " + name + " does not take (" + arguments + ")";
    }
    if (catalog.pseudo().known().contains(name.toLowerCase(Locale.ROOT))) {
      return "'" + name + "' is a column; write it without parentheses";
    }
    return "there is no function '"
        + name
        + "'"
        + ForeignNames.function(name)
            .map(own -> "; write " + own)
            .orElse(Nearest.hint(name, names));
  }
}
