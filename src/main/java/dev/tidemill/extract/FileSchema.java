package dev.tidemill.extract;

import dev.tidemill.definition.CsvDialect;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;

/**
 * An Avro schema for what is in files: of Avro and Parquet by what they say, of text by what DuckDB
 * makes of the beginning of the first file.
 */
public final class FileSchema {
  private static final int SAMPLE_BYTES = 8 << 20;
  private static final int SAMPLE_ROWS = 10_000;

  private FileSchema() {}

  /**
   * @param source its name becomes that of the record
   * @throws Unavailable if there is no file, or it can not be read
   * @throws IllegalArgumentException if a column can not be a field; says which, all of them
   */
  public static Schema of(String source, Origin.Files origin) {
    InputFile file = InputFile.matching(origin.path()).files().get(0);
    try {
      return switch (origin.format()) {
        case AVRO -> container(file);
        case PARQUET -> inferred(source, "read_parquet(?, hive_partitioning = false)", file.path());
        default -> text(source, origin, file);
      };
    } catch (IOException | SQLException e) {
      throw new Unavailable(file.path() + " can not be read (" + e.getMessage() + ")", e);
    }
  }

  private static Schema container(InputFile file) throws IOException {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(file.path().toFile(), new GenericDatumReader<>())) {
      return reader.getSchema();
    }
  }

  private static Schema text(String source, Origin.Files origin, InputFile file)
      throws IOException, SQLException {
    Path sample = Files.createTempFile("tidemill-sample", ".txt");
    try {
      try (OutputStream out = Files.newOutputStream(sample)) {
        if (origin.format() == Format.CSV) {
          copyLines(origin, file, out);
        } else {
          copyObjects(origin, file, out);
        }
      }
      return inferred(
          source, origin.format() == Format.CSV ? csv(origin.layout().csv()) : JSON, sample);
    } finally {
      Files.delete(sample);
    }
  }

  /** Times are texts: which of them our readers understand is for the definition to say. */
  private static final String JSON =
      "read_json(?, format = 'unstructured', records = true, sample_size = -1,"
          + " dateformat = '%Y', timestampformat = '%Y')";

  private static String csv(CsvDialect dialect) {
    return ("read_csv(?, delim = %s, quote = %s, header = %b, nullstr = %s, sample_size = -1,"
            + " ignore_errors = true, auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR'])")
        .formatted(
            quoted(String.valueOf(dialect.delimiter())),
            quoted(String.valueOf(dialect.quote())),
            dialect.header(),
            quoted(dialect.nullText().orElse("")));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static void copyLines(Origin.Files origin, InputFile file, OutputStream out)
      throws IOException {
    try (FileText text = FileText.open(file, origin.layout(), 0)) {
      byte[] first = text.readNBytes(SAMPLE_BYTES);
      int end = first.length;
      while (first.length == SAMPLE_BYTES && end > 0 && first[end - 1] != '\n') {
        end--;
      }
      out.write(first, 0, end);
    }
  }

  private static void copyObjects(Origin.Files origin, InputFile file, OutputStream out)
      throws IOException {
    Schema any = SchemaBuilder.record("Any").fields().optionalString("any").endRecord();
    try (FileRows rows = FileRows.of(origin, any).open(file, Place.START)) {
      Optional<FileRow> row = rows.next();
      for (int i = 0; i < SAMPLE_ROWS && row.isPresent(); i++) {
        out.write(row.get().raw());
        out.write('\n');
        row = rows.next();
      }
    }
  }

  private static Schema inferred(String source, String read, Path file) throws SQLException {
    try (Connection duckDb = ParquetFiles.connect()) {
      Map<String, String> types = new LinkedHashMap<>();
      query(
          duckDb,
          "DESCRIBE SELECT * FROM " + read,
          file,
          row -> types.put(row.getString(1), row.getString(2)));
      List<String> problems = new ArrayList<>();
      Map<String, Schema> found = new LinkedHashMap<>();
      types.forEach(
          (name, type) -> {
            try {
              found.put(DuckDbType.named(name), DuckDbType.of(source + "_" + name, type));
            } catch (IllegalArgumentException e) {
              problems.add("column '" + name + "' " + e.getMessage());
            }
          });
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("\n", problems));
      }
      return Schema.createRecord(
          source, null, null, false, fields(found, nulls(duckDb, read, file, found.keySet())));
    }
  }

  private static List<Schema.Field> fields(Map<String, Schema> types, List<Boolean> nulls) {
    List<Schema.Field> fields = new ArrayList<>();
    types.forEach(
        (name, type) ->
            fields.add(
                nulls.get(fields.size())
                    ? DuckDbType.optional(name, type)
                    : new Schema.Field(name, type)));
    return fields;
  }

  /** Whether each column has a NULL. */
  private static List<Boolean> nulls(
      Connection duckDb, String read, Path file, Iterable<String> names) throws SQLException {
    List<String> counts = new ArrayList<>();
    names.forEach(name -> counts.add("count(*) > count(\"" + name + "\")"));
    List<Boolean> nulls = new ArrayList<>();
    query(
        duckDb,
        "SELECT " + counts.stream().collect(Collectors.joining(", ")) + " FROM " + read,
        file,
        row -> {
          for (int i = 1; i <= counts.size(); i++) {
            nulls.add(row.getBoolean(i));
          }
        });
    return nulls;
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static void query(Connection duckDb, String sql, Path file, RowReader reader)
      throws SQLException {
    try (PreparedStatement statement = duckDb.prepareStatement(sql)) {
      statement.setString(1, ParquetFiles.literally(file));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          reader.read(result);
        }
      }
    }
  }
}
