package dev.tidemill.sql;

import dev.tidemill.definition.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/** What is wrong with the name of a field of a record, for people. */
final class RecordComplaints {
  private static final Pattern UNKNOWN_FIELD = Pattern.compile("Unknown field '(.*)'");

  /** What Calcite calls a record in a list of arguments, and elsewhere. */
  private static final Pattern ARGUMENT = Pattern.compile("<RECORDTYPE\\([^<>]*\\)>");

  private static final Pattern TYPE = Pattern.compile("RecordType\\(.*\\)(?= to type )");

  private final List<RelDataType> rows;

  RecordComplaints(Collection<Relation> relations) {
    rows = relations.stream().map(Relation::rowType).toList();
  }

  /** Of a column that was not found. */
  Optional<String> column(String name) {
    List<String> path = List.of(name.split("\\."));
    if (path.size() == 1) {
      return alone(name);
    }
    return rows.stream().flatMap(row -> inside(row, path, 0).stream()).findFirst();
  }

  private Optional<String> alone(String name) {
    if (fields(rows.stream()).anyMatch(field -> isRecord(field, name))) {
      return Optional.of(
          "'"
              + name
              + "' is a record and not among the columns here; a subquery has it if it names it, as"
              + " * leaves records out");
    }
    return rows.stream()
        .flatMap(row -> row.getFieldList().stream())
        .filter(field -> RowType.isRow(field.getType()))
        .flatMap(field -> Leaves.of(field.getName(), field.getType()).stream())
        .filter(leaf -> leaf.substring(leaf.lastIndexOf('.') + 1).equalsIgnoreCase(name))
        .findFirst()
        .map(leaf -> "column '" + name + "' not found in any table; did you mean '" + leaf + "'?");
  }

  /** Where a path leaves what there is, if it begins there. */
  private static Optional<String> inside(RelDataType record, List<String> path, int at) {
    RelDataTypeField field = record.getField(path.get(at), false, false);
    String name = String.join(".", path.subList(0, at + 1));
    if (field == null) {
      String of = String.join(".", path.subList(0, at));
      return at == 0
          ? Optional.empty()
          : Optional.of(
              "the record '"
                  + of
                  + "' has no field '"
                  + path.get(at)
                  + "'"
                  + hint(path.get(at), record.getFieldNames()));
    }
    if (at + 1 == path.size()) {
      return Optional.empty();
    }
    if (RowType.isRow(field.getType())) {
      return inside(field.getType(), path, at + 1);
    }
    return Optional.of(
        RowType.hasRows(field.getType())
            ? "'" + name + "' is " + Leaves.instead(name, field.getType())
            : "'" + name + "' is no record, and has no field '" + path.get(at + 1) + "'");
  }

  private static String hint(String name, List<String> fields) {
    String hint = Nearest.hint(name, fields);
    return hint.isEmpty() ? "; it has " + String.join(", ", fields) : hint;
  }

  /**
   * Of a relation that was not found, before a dot: a record may be meant.
   *
   * @param sources names of what there is
   */
  Optional<String> relation(String name, Set<String> sources) {
    String first = name.split("\\.")[0];
    Optional<RelDataTypeField> meant =
        fields(rows.stream()).filter(field -> isRecord(field, first)).findFirst();
    if (meant.isPresent()) {
      return meant.map(
          field ->
              "which relation has the record '"
                  + first
                  + "'? write the relation's name in front, as in o."
                  + Leaves.of(first, field.getType()).get(0));
    }
    var names = new TreeSet<String>();
    fields(rows.stream())
        .filter(field -> RowType.isRow(field.getType()))
        .forEach(field -> names.add(field.getName()));
    String near = Nearest.hint(first, names);
    return near.isEmpty() || !Nearest.hint(first, sources).isEmpty()
        ? Optional.empty()
        : Optional.of("there is no source and no record '" + first + "'" + near);
  }

  private static boolean isRecord(RelDataTypeField field, String name) {
    return RowType.isRow(field.getType()) && field.getName().equalsIgnoreCase(name);
  }

  /** Of a field of what an expression gives. */
  Optional<String> field(String message) {
    var unknown = UNKNOWN_FIELD.matcher(message);
    if (!unknown.matches()) {
      return Optional.empty();
    }
    var names = new TreeSet<String>();
    fields(rows.stream()).forEach(field -> names.add(field.getName()));
    String name = unknown.group(1);
    return Optional.of("the record has no field '" + name + "'" + Nearest.hint(name, names));
  }

  /** The same message, in which types of records are short. */
  static String shortened(String message) {
    return TYPE.matcher(ARGUMENT.matcher(message).replaceAll("<ROW>")).replaceAll("ROW");
  }

  /** All fields, at any depth. */
  private static Stream<RelDataTypeField> fields(Stream<RelDataType> records) {
    return records
        .flatMap(record -> record.getFieldList().stream())
        .flatMap(
            field -> {
              RelDataType type = field.getType();
              RelDataType inner = ArrayType.isArray(type) ? type.getComponentType() : type;
              return RowType.hasRows(type)
                  ? Stream.concat(Stream.of(field), fields(Stream.of(inner)))
                  : Stream.of(field);
            });
  }
}
