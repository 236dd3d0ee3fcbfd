package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.embedded.TestClients;
import dev.tidemill.extract.ApiServer;
import dev.tidemill.extract.ApiServer.Reply;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run to the end does not wait for ever for a source that is dead, and loses nothing by that. */
@Timeout(120)
final class GiveUpTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static Tidemill.Outcome run(Project project, String... more) {
    List<Object> command =
        new ArrayList<>(
            List.of(
                "run",
                project.pipeline(),
                "--config",
                SharedCluster.server(project),
                "--until-complete"));
    command.addAll(List.of(more));
    return Tidemill.run(command.toArray());
  }

  private static void assertGivenUp(Tidemill.Outcome outcome, String reason) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(Main.MISSING);
    assertThat(outcome.err())
        .containsSubsequence(
            "tidemill: Source flights: ", reason, "--give-up-after", "Nothing is lost");
  }

  private static int published(Project project, String source) {
    return TestClients.committed(
            SharedCluster.settings().brokers(), "tidemill." + project.name() + ".source." + source)
        .size();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static String metrics(int port) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return ""; // not yet
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void an_api_that_always_fails_is_in_the_metrics_and_ends_the_run_and_the_next_one_goes_on()
      throws IOException {
    AtomicBoolean dead = new AtomicBoolean(true);
    Reply flights =
        Reply.json(
            "[{\"date\": \"2001/01/01 08:00\", \"delay\": 5, \"distance\": 100, \"origin\": \"JFK\","
                + " \"destination\": \"BOS\"}]");
    try (ApiServer server =
        new ApiServer(asked -> dead.get() ? Reply.status(503, "closed today") : flights)) {
      Project project =
          Project.in(folder)
              .withOwnName()
              .from("http: {url: \"" + server.url() + "/flights\"}")
              .withAirports("")
              .sql("SELECT f.origin, a.name FROM flights f JOIN airports a ON f.origin = a.iata")
              .intoDuckDb();
      int port = freePort();
      CompletableFuture<Tidemill.Outcome> running =
          CompletableFuture.supplyAsync(
              () -> run(project, "--give-up-after", "4s", "--port", String.valueOf(port)));
      String of = "pipeline=\"" + project.name() + "\"";
      Await.until(
          "the trouble is in the metrics",
          BOUND,
          () ->
              running.isDone()
                  || metrics(port)
                      .contains("tidemill_extractor_trouble{" + of + ",source=\"flights\"} 1.0"));
      assertThat(running).isNotDone();
      assertThat(metrics(port))
          .contains(
              "tidemill_extractor_trouble{" + of + ",source=\"airports\"} 0.0",
              "tidemill_events_total{event=\"extract.retrying\"," + of + "}");
      assertGivenUp(
          running.join(), "GET " + server.url() + "/flights page 1: status 503: closed today");
      assertThat(published(project, "airports")).isPositive();

      dead.set(false);
      Tidemill.Outcome second = run(project);
      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(second.out()).contains("Every book balances: 1 records read");
    }
  }

  @Test
  void an_api_that_never_answers_ends_the_run() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Project project =
          Project.in(folder)
              .withOwnName()
              .from(
                  "http: {url: \"http://127.0.0.1:%d/flights\", timeout: 500ms}"
                      .formatted(deaf.getLocalPort()))
              .intoDuckDb();
      assertGivenUp(run(project, "--give-up-after", "2s"), "page 1: ");
    }
  }

  @Test
  void a_database_that_stops_ends_the_run_and_the_next_one_goes_on_behind_what_was_read()
      throws IOException {
    EmbeddedPostgres postgres = postgres(freePort());
    String url = postgres.getJdbcUrl("postgres", "postgres");
    Table.execute(
        url,
        "CREATE TABLE departures (id BIGINT PRIMARY KEY, date TEXT NOT NULL, delay INT NOT NULL,"
            + " distance INT NOT NULL, origin TEXT NOT NULL, destination TEXT);"
            + "INSERT INTO departures SELECT i, '2001/01/01 08:00', i, 100, 'LAS', 'LAX'"
            + " FROM generate_series(1, 1000) i");
    String table = "jdbc: {url: \"" + url + "\", table: departures, fetch-size: 10}";
    Project project =
        Project.in(folder).withOwnName().from(table + "\n    rate: 50/s").intoDuckDb();
    CompletableFuture<Tidemill.Outcome> running =
        CompletableFuture.supplyAsync(() -> run(project, "--give-up-after", "2s"));
    Await.until(
        "rows are published", BOUND, () -> running.isDone() || published(project, "flights") > 0);
    postgres.close();
    assertGivenUp(running.join(), "the database says: ");
    int published = published(project, "flights");
    assertThat(published).isBetween(1, 999);

    try (EmbeddedPostgres again = postgres(postgres.getPort())) {
      Tidemill.Outcome second = run(project.from(table));
      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(second.out()).contains("Every book balances: 1,000 records read");
      assertThat(
              Table.query(
                  again.getJdbcUrl("postgres", "postgres"), "SELECT COUNT(*) FROM departures"))
          .containsExactly(List.of(1000L));
    }
  }

  /** With the data of the one before it. */
  private EmbeddedPostgres postgres(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder.resolve("postgres"))
        .setCleanDataDirectory(false)
        .setPort(port)
        .start();
  }

  @Test
  void it_belongs_to_a_run_to_the_end_and_is_a_duration() {
    Path pipeline = Project.in(folder).data("flights.csv", FewFlights.CSV).intoDuckDb().pipeline();
    Tidemill.Outcome alone = Tidemill.run("run", pipeline, "--embedded", "--give-up-after", "10m");
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.err()).contains("--give-up-after belongs to --until-complete");
    Tidemill.Outcome never =
        Tidemill.run("run", pipeline, "--embedded", "--until-complete", "--give-up-after", "never");
    assertThat(never.exitCode()).isEqualTo(2);
    assertThat(never.err()).contains("'never' is not a duration");
  }
}
