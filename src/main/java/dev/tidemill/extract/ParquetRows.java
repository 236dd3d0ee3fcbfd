package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.TypedColumns;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duckdb.DuckDBStruct;

/**
 * The rows of a Parquet file, in its order, as DuckDB reads them: from a row on, without the row
 * groups before it, and only the columns that the schema has. Not thread-safe.
 */
final class ParquetRows implements FileRows {
  /** Is read as its bytes in UTF-8: DuckDB makes a Java string three times as slowly as Java. */
  private static final String TEXT = "VARCHAR";

  /** JDBC would give a time without zone as if it were in this machine's, which may skip it. */
  private static final Pattern TIMESTAMP =
      Pattern.compile("\"(?:[^\"]|\"\")*\"|\\bTIMESTAMP(?:_NS|_MS|_S)?\\b(?! WITH)");

  private final InputFile file;
  private final Connection duckDb;
  private final boolean isToCheck;
  private final PreparedStatement statement;
  private final Columns columns;
  private final boolean[] isText;
  private final long rows;
  private Place place;

  /** Once the first row was asked for: a connection has one at a time. */
  private Optional<ResultSet> open = Optional.empty();

  /**
   * @param types of the columns, by their names
   * @param rows in the file
   * @param check whether all of it is read before the first row: DuckDB reads ahead, so how many
   *     rows there are before a damaged page depends on where it begins to read
   */
  ParquetRows(
      InputFile file,
      Connection duckDb,
      Map<String, String> types,
      Columns columns,
      long rows,
      Place from,
      boolean check)
      throws SQLException {
    this.file = file;
    this.duckDb = duckDb;
    this.isToCheck = check && !columns.names().isEmpty();
    this.columns = columns;
    this.rows = rows;
    this.place = from;
    this.isText = new boolean[columns.names().size()];
    for (int i = 0; i < isText.length; i++) {
      isText[i] = types.get(columns.names().get(i)).equals(TEXT);
    }
    String expressions =
        columns.names().stream()
            .map(name -> ", " + expression(name, types.get(name)))
            .collect(Collectors.joining());
    this.statement =
        duckDb.prepareStatement(
            "SELECT file_row_number"
                + expressions
                + ParquetFiles.FILE
                + " WHERE file_row_number >= ?");
    statement.setString(1, ParquetFiles.literally(file.path()));
    statement.setLong(2, from.offset());
  }

  private static String expression(String name, String type) {
    String quoted = quoted(name);
    if (type.equals(TEXT)) {
      return "encode(" + quoted + ")";
    }
    String inUtc =
        TIMESTAMP
            .matcher(type)
            .replaceAll(
                found -> found.group().startsWith("\"") ? "$0" : "TIMESTAMP WITH TIME ZONE");
    return inUtc.equals(type) ? quoted : "CAST(" + quoted + " AS " + inUtc + ")";
  }

  /**
   * @param names of those that are read
   */
  record Columns(List<String> names, Converter rows) {}

  /** See {@link TypedColumns#row}. */
  interface Converter {
    Object[] row(List<?> values) throws DecodeException;
  }

  @Override
  public Optional<FileRow> next() {
    try {
      ResultSet result = result();
      if (!result.next()) {
        return Optional.empty();
      }
      List<Object> values = new ArrayList<>(columns.names().size());
      for (int i = 0; i < columns.names().size(); i++) {
        values.add(isText[i] ? text(result.getBytes(i + 2)) : plain(result.getObject(i + 2)));
      }
      Place at = place(result.getLong(1));
      place = place(at.offset() + 1);
      return Optional.of(new Row(at, place, values));
    } catch (SQLException e) {
      throw ParquetFiles.broken(file, place, e);
    }
  }

  private ResultSet result() throws SQLException {
    if (open.isEmpty()) {
      if (isToCheck) {
        check();
      }
      open = Optional.of(statement.executeQuery());
    }
    return open.get();
  }

  private void check() throws SQLException {
    String all =
        columns.names().stream().map(ParquetRows::quoted).collect(Collectors.joining(", "));
    try (PreparedStatement whole =
        duckDb.prepareStatement("SELECT bit_xor(hash(" + all + "))" + ParquetFiles.FILE)) {
      whole.setString(1, ParquetFiles.literally(file.path()));
      whole.executeQuery().close();
    }
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  private static Place place(long number) {
    return new Place(number, number + 1);
  }

  /** As {@link TypedColumns} wants it. */
  private static Object plain(Object value) throws SQLException {
    if (value instanceof Blob blob) {
      return blob.getBytes(1, Math.toIntExact(blob.length()));
    }
    if (value instanceof Array array) {
      List<Object> elements = new ArrayList<>();
      for (Object one : (Object[]) array.getArray()) {
        elements.add(plain(one));
      }
      return elements;
    }
    if (value instanceof DuckDBStruct struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (Map.Entry<String, Object> field : struct.getMap().entrySet()) {
        fields.put(field.getKey(), plain(field.getValue()));
      }
      return fields;
    }
    return value;
  }

  private final class Row implements FileRow {
    private final Place at;
    private final Place next;
    private final List<Object> values;

    private Row(Place at, Place next, List<Object> values) {
      this.at = at;
      this.next = next;
      this.values = values;
    }

    @Override
    public Place place() {
      return at;
    }

    @Override
    public Place next() {
      return next;
    }

    @Override
    public byte[] raw() {
      return ReadableRow.json(columns.names(), values);
    }

    @Override
    public Object[] values() throws DecodeException {
      return columns.rows().row(values);
    }
  }

  @Override
  public Place place() {
    return place;
  }

  /** Without its end nothing of it can be read; but what counts is how far it is. */
  @Override
  public long bytesOnDisk(Place next) {
    return rows == next.offset()
        ? file.bytes()
        : (long) ((double) file.bytes() / rows * next.offset());
  }

  @Override
  public void close() {
    ParquetFiles.close(statement);
  }
}
