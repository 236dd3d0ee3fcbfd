package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;

/** Whether rows of one schema can be read from records of another. */
final class Compatibility {
  private Compatibility() {}

  /**
   * @return one text for each field that can not be read, with the reason; empty if all can. The
   *     records' own names may differ: a pipeline calls its sources what it likes
   */
  static List<String> problems(Schema reader, Schema writer) {
    if (writer.getType() != Schema.Type.RECORD) {
      return List.of("a record is expected, " + writer.getType().getName() + " is written");
    }
    return problems("", reader, writer);
  }

  /**
   * @param prefix of the fields' names
   */
  private static List<String> problems(String prefix, Schema reader, Schema writer) {
    Schema singles = Projection.of(reader, column -> column.record().isEmpty());
    List<String> problems = new ArrayList<>();
    SchemaCompatibility.checkReaderWriterCompatibility(singles, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .filter(found -> !isRecordName(found))
        .forEach(found -> problems.add(text(prefix, singles, writer, found)));
    List<String> meanings = new ArrayList<>();
    for (Column to : Column.of(reader)) {
      Schema.Field from = written(writer, reader.getField(to.name()));
      if (to.record().isPresent()) {
        problems.addAll(ofRecord(prefix, to, from));
      } else if (from != null && to.kind() != Kind.NESTED) {
        meaning(prefix, Column.of(writer).get(from.pos()), to, meanings);
      }
    }
    // Different types have different meanings, too: said once.
    meanings.stream().filter(text -> !problems.contains(text)).forEach(problems::add);
    return problems;
  }

  private static List<String> ofRecord(String prefix, Column to, Schema.Field from) {
    String name = prefix + to.name();
    if (from == null) {
      return to.fallback().isPresent()
          ? List.of()
          : List.of("field '" + name + "': it is not written, and has no default");
    }
    Schema type = Column.withoutNull(from.schema());
    return record(type, to.kind())
        .map(record -> problems(name + ".", to.record().get(), record))
        .orElseGet(
            () ->
                List.of(
                    "field '%s': %s is expected, %s is written"
                        .formatted(name, to.typeName(), shown(type))));
  }

  /** The record that a written type is, or is an array of. */
  private static Optional<Schema> record(Schema type, Kind kind) {
    Schema.Type expected = kind == Kind.ARRAY ? Schema.Type.ARRAY : Schema.Type.RECORD;
    if (type.getType() != expected) {
      return Optional.empty();
    }
    return kind == Kind.ARRAY
        ? record(Column.withoutNull(type.getElementType()), Kind.RECORD)
        : Optional.of(type);
  }

  /** Avro resolves the underlying types and would read days as milliseconds. */
  private static void meaning(String prefix, Column from, Column to, List<String> problems) {
    if (from.kind() == Kind.ARRAY && to.kind() == Kind.ARRAY) {
      meaning(prefix, from.element(), to.element(), problems);
      return;
    }
    Kind written = from.kind();
    Kind wanted = to.kind();
    boolean scaled =
        wanted == Kind.DECIMAL && written == Kind.DECIMAL && from.scale() != to.scale();
    boolean otherTime =
        written != wanted
            && isTime(written)
            && !(written.isInstant() && wanted.isInstant())
            && wanted != Kind.INT
            && wanted != Kind.LONG;
    // Such as nanoseconds, which no kind of ours counts.
    boolean otherUnit = isTime(wanted) && !isTime(written) && from.type().getLogicalType() != null;
    if (scaled || otherTime || otherUnit) {
      problems.add(
          "field '%s': %s is expected, %s is written"
              .formatted(prefix + to.name(), to.typeName(), from.typeName()));
    }
  }

  private static boolean isTime(Kind kind) {
    return switch (kind) {
      case DATE, TIME_MILLIS, TIMESTAMP_MILLIS, TIMESTAMP_MICROS, LOCAL_TIMESTAMP_MILLIS -> true;
      default -> false;
    };
  }

  private static boolean isRecordName(Incompatibility found) {
    return found.getType() == SchemaIncompatibilityType.NAME_MISMATCH
        && found.getLocation().equals("/name");
  }

  private static String text(String prefix, Schema reader, Schema writer, Incompatibility found) {
    String[] path = found.getLocation().split("/");
    if (path.length < 3 || !path[1].equals("fields")) {
      return found.getMessage();
    }
    Schema.Field to = reader.getFields().get(Integer.parseInt(path[2]));
    String name = prefix + to.name();
    return switch (found.getType()) {
      case READER_FIELD_MISSING_DEFAULT_VALUE ->
          "field '" + name + "': it is not written, and has no default";
      case TYPE_MISMATCH, MISSING_UNION_BRANCH ->
          "field '%s': %s is expected, %s is written"
              .formatted(name, shown(to.schema()), shown(written(writer, to).schema()));
      case MISSING_ENUM_SYMBOLS ->
          "field '" + name + "': symbols " + found.getMessage() + " are written but not known";
      default -> "field '" + name + "': " + found.getMessage();
    };
  }

  /** The writer's field that resolution takes for {@code to}; null if there is none. */
  static Schema.Field written(Schema writer, Schema.Field to) {
    Schema.Field same = writer.getField(to.name());
    if (same != null) {
      return same;
    }
    return to.aliases().stream()
        .map(writer::getField)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static String shown(Schema schema) {
    if (schema.isUnion()) {
      return schema.getTypes().stream().map(Compatibility::shown).toList().toString();
    }
    return schema.getLogicalType() == null ? schema.getName() : schema.getLogicalType().getName();
  }
}
