package dev.tidemill.extract;

import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.TypedColumns;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.Schema;
import org.duckdb.DuckDBDriver;

/** Opens Parquet files, one behind the other in one DuckDB. Not thread-safe. */
final class ParquetFiles implements FileRows.Opener {
  /** The Hive partitions of a path are no columns of the file. */
  static final String FILE =
      " FROM read_parquet(?, file_row_number = true, hive_partitioning = false)";

  /** All that DuckDB says of rows that it can not unpack, if they are its first. */
  private static final String OF_A_PAGE = "Invalid result set";

  private final Schema schema;
  private final Mismatch mismatch;
  private Optional<Connection> open = Optional.empty();

  ParquetFiles(Schema schema, Mismatch mismatch) {
    this.schema = schema;
    this.mismatch = mismatch;
  }

  /**
   * @throws Unavailable if it is no whole Parquet file, or lacks a column that the schema needs and
   *     the policy is to stop
   */
  @Override
  public FileRows open(InputFile file, Place from) {
    try {
      Connection duckDb = duckDb();
      Map<String, String> types = types(duckDb, file.path());
      return new ParquetRows(
          file,
          duckDb,
          types,
          columns(file, types.keySet()),
          rows(duckDb, file.path()),
          from,
          mismatch.policy() == OnMismatch.REJECT && from.equals(Place.START));
    } catch (SQLException e) {
      throw broken(file, from, e);
    }
  }

  private ParquetRows.Columns columns(InputFile file, Set<String> names) {
    try {
      TypedColumns columns = new TypedColumns(schema, names);
      return new ParquetRows.Columns(columns.names(), columns::row);
    } catch (DecodeException e) {
      mismatch.requireReject(file.path().toString(), e.getMessage());
      return new ParquetRows.Columns(
          List.copyOf(names),
          values -> {
            throw e;
          });
    }
  }

  private Connection duckDb() {
    if (open.isEmpty()) {
      open = Optional.of(connect());
    }
    return open.get();
  }

  /** In the heap of this process, with the memory for a row group. */
  static Connection connect() {
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", "512MB");
    settings.setProperty("temp_directory", "");
    settings.setProperty("autoinstall_known_extensions", "false");
    try {
      Connection duckDb = new DuckDBDriver().connect("jdbc:duckdb:", settings);
      try (Statement statement = duckDb.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
      }
      return duckDb;
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB, which reads Parquet, does not start", e);
    }
  }

  /** By the names of the columns. */
  private static Map<String, String> types(Connection duckDb, Path file) throws SQLException {
    try (PreparedStatement none =
        duckDb.prepareStatement("SELECT * EXCLUDE (file_row_number)" + FILE + " LIMIT 0")) {
      none.setString(1, literally(file));
      try (ResultSet result = none.executeQuery()) {
        ResultSetMetaData columns = result.getMetaData();
        Map<String, String> types = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          types.put(columns.getColumnName(i), columns.getColumnTypeName(i));
        }
        return types;
      }
    }
  }

  private static long rows(Connection duckDb, Path file) throws SQLException {
    try (PreparedStatement statement =
        duckDb.prepareStatement("SELECT num_rows FROM parquet_file_metadata(?)")) {
      statement.setString(1, literally(file));
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  /** DuckDB takes a name for a pattern, too. */
  static String literally(Path file) {
    return file.toString().replaceAll("[\\[*?]", "[$0]");
  }

  /**
   * That the disk or the memory fails says nothing of the file.
   *
   * @return {@link DamagedFileException} if it is the file
   */
  static Unavailable broken(InputFile file, Place at, SQLException e) {
    String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (said.startsWith("IO Error") || said.startsWith("Out of Memory Error")) {
      return new Unavailable(
          "%s can not be read behind row %d (%s); see to that and start again: nothing is lost."
              .formatted(file.path(), at.offset(), said),
          e);
    }
    return new DamagedFileException(
        file,
        "can not be read as Parquet behind row %d (%s): it is damaged, or not written to its end, or of another format"
            .formatted(at.offset(), said.contains(OF_A_PAGE) ? "a page is damaged" : said),
        e);
  }

  static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException("DuckDB does not end", e);
    }
  }

  @Override
  public void close() {
    open.ifPresent(ParquetFiles::close);
    open = Optional.empty();
  }
}
