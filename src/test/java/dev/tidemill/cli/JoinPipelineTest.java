package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joins in a run as a user starts it: a week of flights against the same SQL in DuckDB. */
final class JoinPipelineTest {
  private static final Path FLIGHTS = Path.of("examples/flights");

  private static final String DAYS =
      """
      WITH all_flights AS (
        SELECT *, date_trunc('day', strptime(date, '%%Y/%%m/%%d %%H:%%M')) AS day
        FROM read_csv('%s', header = true, types = {'date': 'VARCHAR'})
      ), airports AS (SELECT * FROM read_csv('%s', header = true))
      """;

  @TempDir private Path folder;

  @Test
  void an_order_is_changed_at_the_rate_of_its_own_time() throws Exception {
    for (String file :
        List.of(
            "pipeline.yaml",
            "data/orders.csv",
            "data/rates.csv",
            "schemas/order.avsc",
            "schemas/rate.avsc")) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.copy(Path.of("examples/orders", file), folder.resolve(file));
    }
    Tidemill.Outcome outcome =
        Tidemill.run("run", folder.resolve("pipeline.yaml"), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(
            Table.query(
                "jdbc:duckdb:" + folder.resolve("warehouse.duckdb"),
                "SELECT day(timezone('UTC', batch_start)), currency, orders, euros"
                    + " FROM daily_euros ORDER BY batch_start, currency"))
        .isEqualTo(
            List.of(
                Arrays.asList(3L, "GBP", 1L, null),
                List.of(4L, "GBP", 1L, 50.0),
                List.of(4L, "USD", 2L, 167.0),
                Arrays.asList(5L, "CHF", 1L, null),
                List.of(5L, "USD", 2L, 250.0)));
  }

  @Test
  void flights_find_their_airports_from_the_first_record_on() {
    Path csv = FlightsWeek.unpack(folder);
    String postgres = PostgresServer.newSchema();
    Project project =
        Project.in(folder)
            .withAirports("")
            .sql(
                """
                SELECT a.state, COUNT(*) AS departures, AVG(f.delay) AS avg_delay,
                       MAX(f.delay) AS worst_delay, MAX(b.latitude) AS north
                FROM flights f
                JOIN airports a ON f.origin = a.iata
                LEFT JOIN airports b ON f.destination = b.iata AND b.latitude > 40
                GROUP BY a.state
                """)
            .intoDuckDb()
            .intoPostgres(postgres);
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Every book balances: 113,493 records read, each accounted for.");
    List<String> misses =
        oracle(
                csv,
                """
                SELECT timezone('America/New_York', day) AS batch,
                       COUNT(*) FILTER (b.iata IS NULL) AS misses, COUNT(*) AS n
                FROM all_flights f JOIN airports a ON f.origin = a.iata
                LEFT JOIN airports b ON f.destination = b.iata AND b.latitude > 40
                GROUP BY day ORDER BY day
                """)
            .stream()
            .map(day -> "%s: %,d of %,d found no partner in b".formatted(day.toArray()))
            .toList();
    assertThat(misses).hasSize(7);
    assertThat(outcome.out()).contains(misses);

    List<List<Object>> expected =
        oracle(
            csv,
            """
            SELECT timezone('America/New_York', day) AS batch_start, a.state,
                   COUNT(*) AS departures, AVG(f.delay) AS avg_delay,
                   MAX(f.delay) AS worst_delay, MAX(b.latitude) AS north
            FROM all_flights f JOIN airports a ON f.origin = a.iata
            LEFT JOIN airports b ON f.destination = b.iata AND b.latitude > 40
            GROUP BY day, a.state ORDER BY batch_start, a.state
            """);
    String loaded =
        "SELECT batch_start, state, departures, avg_delay, worst_delay, north FROM departures"
            + " ORDER BY batch_start, state";
    assertThat(Table.query(project.warehouseUrl(), loaded))
        .hasSizeGreaterThan(300)
        .isEqualTo(expected);
    assertThat(Table.query(postgres, loaded)).hasSameSizeAs(expected);
  }

  @Test
  void the_example_is_what_a_nightly_job_gives() throws Exception {
    for (String part : List.of("pipeline.yaml", "data", "schemas")) {
      try (Stream<Path> files = Files.walk(FLIGHTS.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path copy = folder.resolve(FLIGHTS.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Path pipeline = folder.resolve("pipeline.yaml");
    Tidemill.Outcome outcome = Tidemill.run("run", pipeline, "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("31,678 records read, each accounted for");
    List<List<Object>> expected =
        oracle(
            folder.resolve("data/flights-*.csv"),
            """
            SELECT timezone('America/New_York', day) AS batch_start, a.state,
                   COUNT(*) AS departures, MAX(f.delay) AS worst_delay,
                   COUNT(*) FILTER (f.delay < 15) / COUNT(*) AS on_time_share,
                   SUM(f.distance)::BIGINT AS miles
            FROM all_flights f JOIN airports a ON f.origin = a.iata
            WHERE f.destination <> f.origin
            GROUP BY day, a.state ORDER BY batch_start, a.state
            """);
    assertThat(
            Table.query(
                "jdbc:duckdb:" + folder.resolve("warehouse.duckdb"),
                "SELECT batch_start, state, departures, worst_delay, on_time_share, miles"
                    + " FROM daily_departures ORDER BY batch_start, state"))
        .hasSizeGreaterThan(90)
        .isEqualTo(expected);
  }

  @Test
  void a_batch_is_joined_with_itself_and_ranked() {
    Path csv = FlightsWeek.unpack(folder);
    Project project =
        Project.in(folder)
            .withAirports("")
            .sql(
                """
                WITH there AS (
                  SELECT origin, destination, COUNT(*) AS n FROM flights
                  GROUP BY origin, destination
                )
                SELECT t.origin, t.destination, t.n AS out_n, b.n AS back_n,
                       RANK() OVER (PARTITION BY t.origin ORDER BY t.n DESC, t.destination) AS r
                FROM there t FULL JOIN there b
                  ON t.origin = b.destination AND t.destination = b.origin
                WHERE t.origin IN (SELECT iata FROM airports WHERE state = 'CA')
                """)
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<List<Object>> expected =
        oracle(
            csv,
            """
            , there AS (
              SELECT day, origin, destination, COUNT(*) AS n FROM all_flights
              GROUP BY day, origin, destination
            )
            SELECT timezone('America/New_York', t.day) AS batch_start, t.origin, t.destination,
                   t.n AS out_n, b.n AS back_n,
                   RANK() OVER (PARTITION BY t.day, t.origin ORDER BY t.n DESC, t.destination) AS r
            FROM there t FULL JOIN there b
              ON t.origin = b.destination AND t.destination = b.origin AND t.day = b.day
            WHERE t.origin IN (SELECT iata FROM airports WHERE state = 'CA')
            ORDER BY ALL
            """);
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT batch_start, origin, destination, out_n, back_n, r FROM departures"
                    + " ORDER BY ALL"))
        .hasSizeGreaterThan(1_000)
        .isEqualTo(expected);
  }

  @Test
  void a_record_that_finds_no_row_is_rejected_if_the_table_says_so() throws Exception {
    Project project =
        Project.in(folder)
            .withAirports(", on-miss: reject")
            .data(
                "a.csv",
                Project.HEADER
                    + "2001/01/01 10:00,1,100,ORD,JFK\n"
                    + "2001/01/01 11:00,2,100,ZZZ,JFK\n")
            .sql(
                "SELECT a.city, COUNT(*) AS n FROM flights f JOIN airports a ON f.origin = a.iata"
                    + " GROUP BY a.city")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("2001-01-01 00:00 .* 2 +1 +0 +1 +0 +1 +1 +balanced")
        .contains("2001-01-01T05:00:00Z: 1 of 2 found no partner in airports");
    assertThat(Table.query(project.warehouseUrl(), "SELECT city, n FROM departures"))
        .isEqualTo(List.of(List.of("Chicago", 1L)));
    assertThat(Files.exists(folder.resolve("warehouse.duckdb"))).isTrue();
  }

  @Test
  void a_table_in_parts_gives_what_a_replicated_one_does() {
    Path csv = FlightsWeek.unpack(folder);
    Project project =
        Project.in(folder)
            .from("file: {path: \"data/*.csv\", format: csv, partitions: 2}")
            .withAirports(", replicate: false")
            .sql(
                "SELECT a.state, COUNT(*) AS n FROM flights f JOIN airports a ON f.origin = a.iata"
                    + " GROUP BY a.state")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT batch_start, state, n FROM departures ORDER BY batch_start, state"))
        .hasSizeGreaterThan(300)
        .isEqualTo(
            oracle(
                csv,
                """
                SELECT timezone('America/New_York', day) AS batch_start, a.state, COUNT(*) AS n
                FROM all_flights f JOIN airports a ON f.origin = a.iata
                GROUP BY day, a.state ORDER BY batch_start, a.state
                """));
  }

  @Test
  void a_row_of_a_table_that_can_not_be_read_is_told_and_left_out() {
    Project project =
        Project.in(folder)
            .withAirports("")
            .data(
                "lookup/airports.csv",
                "iata,name,city,state,latitude\nORD,O'Hare,Chicago,IL,41.9\nJFK,Kennedy,New York,NY,north\n")
            .data(
                "a.csv",
                Project.HEADER
                    + "2001/01/01 10:00,1,100,ORD,JFK\n"
                    + "2001/01/01 11:00,2,100,JFK,ORD\n")
            .sql("SELECT f.origin, a.city FROM flights f LEFT JOIN airports a ON f.origin = a.iata")
            .intoDuckDb();
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("Table 'airports'", "airports.csv:3", "north");
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT origin, city FROM departures WHERE city IS NULL OR origin = 'ORD' ORDER BY origin"))
        .hasSize(2)
        .contains(List.of("ORD", "Chicago"));
  }

  private static List<List<Object>> oracle(Path csv, String sql) {
    return Table.query(
        "jdbc:duckdb:", DAYS.formatted(csv, FLIGHTS.resolve("data/airports.csv")) + sql);
  }
}
