package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that does not answer is named with its setting; when it does, the run goes on. */
final class UnreachableTest {
  @TempDir private Path folder;
  private Project project;
  private int dead;

  @BeforeEach
  void a_project_and_a_port_where_nobody_listens() throws IOException {
    project = Project.in(folder).withOwnName().data("flights.csv", FewFlights.CSV);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = free.getLocalPort();
    }
  }

  @Test
  void broker() {
    project.intoDuckDb();
    Path server = project.server("127.0.0.1:" + dead, SharedCluster.settings().registry());
    long began = System.nanoTime();
    Tidemill.Outcome outcome = run(server);
    FewFlights.assertUnavailable(
        outcome,
        "no broker answers at 127.0.0.1:" + dead,
        "'brokers' (TIDEMILL_BROKERS) in the server settings");
    assertThat(outcome.err().lines().filter(line -> line.contains(":" + dead)))
        .noneMatch(line -> line.contains("WARN"));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    FewFlights.assertLoaded(run(SharedCluster.server(project)), project.warehouseUrl());
  }

  @Test
  void broker_whose_name_has_no_address() {
    project.intoDuckDb();
    Path server = project.server("broker.invalid:9092", SharedCluster.settings().registry());
    FewFlights.assertUnavailable(run(server), "broker.invalid:9092", "'brokers'");
  }

  @Test
  void registry() {
    project.intoDuckDb();
    Path server = project.server(SharedCluster.settings().brokers(), "http://127.0.0.1:" + dead);
    FewFlights.assertUnavailable(
        run(server),
        "the schema registry at http://127.0.0.1:" + dead + " did not answer",
        "'registry' (TIDEMILL_REGISTRY) in the server settings");
    FewFlights.assertLoaded(run(SharedCluster.server(project)), project.warehouseUrl());
  }

  @Test
  void database() {
    String url = PostgresServer.newSchema();
    String secret = "hunter2-hunter2";
    project.intoPostgres(url.replaceFirst(":[0-9]+/", ":" + dead + "/") + "&password=" + secret);
    Tidemill.Outcome down = run(SharedCluster.server(project));
    FewFlights.assertUnavailable(
        down,
        "postgres:departures: PostgreSQL can not be reached",
        ":" + dead,
        "load.postgres.url");
    assertThat(down.err()).doesNotContain(secret);
    Project refused =
        Project.in(folder)
            .named(project.name())
            .intoPostgres(url.replaceFirst("user=[^&]*", "user=nobody") + "&password=" + secret);
    Tidemill.Outcome login = run(SharedCluster.server(refused), refused);
    FewFlights.assertUnavailable(
        login, "PostgreSQL can not be reached", "role \"nobody\" does not exist");
    assertThat(login.err()).doesNotContain(secret);
    Project repaired = Project.in(folder).named(project.name()).intoPostgres(url);
    FewFlights.assertLoaded(run(SharedCluster.server(repaired), repaired), url);
  }

  @Test
  void every_target_that_is_wrong_is_told_at_once() {
    String url = PostgresServer.newSchema();
    project.intoPostgres(url.replaceFirst(":[0-9]+/", ":" + dead + "/")).intoDuckDb();
    project.write("warehouse.duckdb", "no database");
    FewFlights.assertUnavailable(
        run(SharedCluster.server(project)),
        "PostgreSQL can not be reached",
        "duckdb:departures: the file " + project.warehouse() + " (load.duckdb.path)");
  }

  @Test
  void broker_that_batches_asks() {
    Path server = project.server("broker.invalid:9092", SharedCluster.settings().registry());
    FewFlights.assertUnavailable(
        Tidemill.run("batches", "any", "--config", server), "broker.invalid:9092", "'brokers'");
  }

  @Test
  void broker_that_plan_asks_after_it_has_shown_the_plan() {
    project.intoDuckDb();
    Path server = project.server("broker.invalid:9092", SharedCluster.settings().registry());
    Tidemill.Outcome plan = Tidemill.run("plan", project.pipeline(), "--config", server);
    FewFlights.assertUnavailable(plan, "broker.invalid:9092", "'brokers'");
    assertThat(plan.out()).contains("Operators:").doesNotContain("A start");
  }

  private Tidemill.Outcome run(Path server) {
    return run(server, project);
  }

  private static Tidemill.Outcome run(Path server, Project project) {
    return Tidemill.run("run", project.pipeline(), "--config", server, "--until-complete");
  }
}
