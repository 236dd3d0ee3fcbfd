package dev.tidemill.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A week of US departures, and what a nightly job in DuckDB makes of it. */
final class FlightsWeek {
  static final long FLIGHTS = 113_493;
  static final int DAYS = 7;

  /** Rows of the target as {@link #nightlyJob} gives them. */
  static final String LOADED =
      "SELECT batch_start, batch_end, origin, departures, avg_delay, worst_delay, miles FROM "
          + Project.TABLE
          + " ORDER BY batch_start, origin";

  private FlightsWeek() {}

  static Path unpack(Path folder) {
    Path csv = folder.resolve("data").resolve("flights-week.csv");
    try (InputStream packed = FlightsWeek.class.getResourceAsStream("/flights-week.csv.gz")) {
      Files.createDirectories(csv.getParent());
      Files.copy(new GZIPInputStream(packed), csv);
      return csv;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@link Project#PER_ORIGIN} for every day of New York that the file has. */
  static List<List<Object>> nightlyJob(Path csv) {
    return Table.query(
        "jdbc:duckdb:",
        """
        WITH flights AS (
          SELECT *, date_trunc('day', strptime(date, '%%Y/%%m/%%d %%H:%%M')) AS day
          FROM read_csv('%s', header = true, types = {'date': 'VARCHAR'})
        )
        SELECT timezone('America/New_York', day) AS batch_start,
               timezone('America/New_York', day + INTERVAL 1 DAY) AS batch_end,
               origin, COUNT(*) AS departures, AVG(delay) AS avg_delay,
               MAX(delay) AS worst_delay, SUM(distance) AS miles
        FROM flights
        GROUP BY day, origin
        ORDER BY batch_start, origin
        """
            .formatted(csv));
  }
}
