package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of PostgreSQL as the source of a pipeline, by the commands of a user. */
final class JdbcSourceTest {
  private static final String SECRET = "hunter2-hunter2";

  @TempDir private Path folder;
  private String postgres;
  private Project project;

  @BeforeEach
  void a_table() {
    postgres = PostgresServer.newSchema();
    Table.execute(
        postgres,
        "CREATE TABLE departures (id BIGINT PRIMARY KEY, date TEXT NOT NULL, delay INT NOT NULL,"
            + " distance INT NOT NULL, origin TEXT NOT NULL, destination TEXT);"
            + "INSERT INTO departures SELECT i, '2001/01/01 0' || i % 10 || ':00', i, 100, 'LAS', 'LAX'"
            + " FROM generate_series(1, 20) i");
    project = Project.in(folder).from(jdbc("departures")).intoDuckDb();
  }

  private String jdbc(String table) {
    return "jdbc: {url: \"%s\", password: %s, table: %s}".formatted(postgres, SECRET, table);
  }

  @Test
  void it_is_loaded_to_its_end() {
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Every book balances: 20 records read, each accounted for.");
    assertThat(outcome.err()).contains("extracted 20 rows, accounted for 20");
    assertThat(
            Table.query(project.warehouseUrl(), "SELECT departures, miles FROM " + Project.TABLE))
        .isEqualTo(List.of(List.of(20L, 2000L)));
  }

  @Test
  void a_job_of_each_night_looks_rows_up_as_they_are_that_night() {
    Table.execute(
        postgres,
        "CREATE TABLE airports (iata TEXT PRIMARY KEY, city TEXT);"
            + "INSERT INTO airports VALUES ('LAS', 'Las Vegas'), ('LAX', 'Los Angeles');");
    project
        .withOwnName()
        .from(
            "jdbc: {url: \"%s\", table: departures, cursor: [id], overlap: 0}".formatted(postgres))
        .write(
            "schemas/airport.avsc",
            "{\"type\": \"record\", \"name\": \"Airport\", \"fields\": [{\"name\": \"iata\","
                + " \"type\": \"string\"}, {\"name\": \"city\", \"type\": \"string\"}]}");
    project
        .withSource(
            """
            airports:
              jdbc: {url: "%s", table: airports}
              schema: schemas/airport.avsc
              table: {key: iata}
              schedule: "@reboot"
            """
                .formatted(postgres))
        .sql(
            "SELECT COALESCE(a.city, 'nowhere') AS city, COUNT(*) AS departures"
                + " FROM flights f LEFT JOIN airports a ON f.origin = a.iata GROUP BY a.city");
    night();
    Table.execute(
        postgres,
        "UPDATE airports SET city = 'Vegas' WHERE iata = 'LAS';"
            + "DELETE FROM airports WHERE iata = 'LAX';"
            + "INSERT INTO departures SELECT i, '2001/01/02 05:00', 0, 100, CASE i % 2 WHEN 0"
            + " THEN 'LAS' ELSE 'LAX' END, 'BOS' FROM generate_series(21, 24) i");
    night();
    assertThat(
            Table.query(
                project.warehouseUrl(),
                "SELECT city, departures FROM " + Project.TABLE + " ORDER BY batch_start, city"))
        .containsExactly(List.of("Las Vegas", 20L), List.of("Vegas", 2L), List.of("nowhere", 2L));
  }

  private void night() {
    Tidemill.Outcome outcome =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @Test
  void what_is_not_there_ends_with_3_and_the_words_of_the_database() {
    Tidemill.Outcome outcome =
        Tidemill.run("run", project.from(jdbc("nothing")).pipeline(), "--embedded");
    assertThat(outcome.exitCode()).isEqualTo(Main.MISSING);
    assertThat(outcome.err())
        .contains("Source flights: the database says: ERROR: relation \"nothing\" does not exist")
        .doesNotContain(SECRET);
  }

  @Test
  void the_plan_shows_what_is_read_and_no_secret() {
    for (String form : List.of("--json", "--mermaid")) {
      Tidemill.Outcome outcome = Tidemill.run("plan", project.pipeline(), form);
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.out()).doesNotContain(SECRET).doesNotContain(postgres);
    }
    assertThat(Tidemill.run("plan", project.pipeline()).out())
        .contains("flights  postgresql table departures")
        .doesNotContain(SECRET)
        .doesNotContain(postgres);
  }

  @Test
  void its_schema_is_written_by_a_command() throws IOException {
    Path pipeline = project.pipeline();
    Path schema = folder.resolve("schemas/flight.avsc");
    Tidemill.Outcome refused = Tidemill.run("schema", pipeline, "flights", "--write");
    assertThat(refused.exitCode()).isEqualTo(Main.WRONG);
    assertThat(refused.err()).contains("flight.avsc is there already");
    Files.delete(schema);
    assertThat(Tidemill.run("schema", pipeline, "flights", "--write").exitCode()).isZero();
    assertThat(Files.readString(schema))
        .isEqualTo(Tidemill.run("schema", pipeline, "flights").out())
        .contains("\"name\" : \"destination\"");
    assertThat(Tidemill.run("validate", pipeline).exitCode()).isZero();
    Tidemill.Outcome unknown = Tidemill.run("schema", pipeline, "flight");
    assertThat(unknown.exitCode()).isEqualTo(Main.WRONG);
    assertThat(unknown.err()).contains("there is no source 'flight'; did you mean 'flights'?");
  }
}
