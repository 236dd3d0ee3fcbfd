package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The image with a real broker, registry and database, each in its container, as docker-compose.yml
 * has them. Where there is no engine, or an image is missing, it says so and is skipped.
 */
final class ContainersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int POSTGRES = 5432;
  private static final int STOPPED_BY_SIGTERM = 143;

  private final ComposeFile compose = ComposeFile.read();

  @Test
  void the_image_loads_the_flights_into_postgres_stops_when_told_and_goes_on() throws Exception {
    Optional<String> obstacle = ComposeStack.obstacle(compose);
    obstacle.ifPresent(why -> System.out.println("ContainersTest is skipped: " + why));
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());

    try (ComposeStack stack = ComposeStack.up(compose, Map.of("postgres", POSTGRES))) {
      GenericContainer<?> tidemill = stack.service("tidemill");
      String warehouse = url(stack.service("postgres"));
      awaitLoaded(tidemill, 1);

      List<List<Object>> nightly = Table.query("jdbc:duckdb:", NIGHTLY_JOB);
      assertThat(nightly).hasSize(443);
      assertThat(Table.query(warehouse, LOADED)).isEqualTo(nightly);
      Container.ExecResult ledger =
          tidemill.execInContainer(
              "tidemill",
              "batches",
              "daily-departures",
              "--config",
              "/examples/flights-postgres/server.yaml",
              "--json");
      assertThat(ledger.getExitCode()).as(ledger.getStderr()).isZero();
      assertThat(ledger.getStdout().lines())
          .hasSize(2)
          .allSatisfy(
              batch -> assertThat(batch).contains("\"state\":\"LOADED\"", "\"balanced\":true"));

      DockerClient engine = tidemill.getDockerClient();
      engine.stopContainerCmd(tidemill.getContainerId()).withTimeout(70).exec();
      assertThat(tidemill.getLogs()).contains("Stopped as told.");
      assertThat(
              engine
                  .inspectContainerCmd(tidemill.getContainerId())
                  .exec()
                  .getState()
                  .getExitCodeLong())
          .isEqualTo(STOPPED_BY_SIGTERM);

      engine.startContainerCmd(tidemill.getContainerId()).exec();
      awaitLoaded(tidemill, 3); // the first run said it again when it was told to stop
      assertThat(Table.query(warehouse, LOADED)).isEqualTo(nightly);
      assertThat(Table.query(warehouse, "SELECT DISTINCT attempt FROM daily_departures"))
          .containsExactly(List.of(1L));
    }
  }

  /** Waits until the progress line has said so that many times. */
  private static void awaitLoaded(GenericContainer<?> tidemill, int times) {
    try {
      Wait.forLogMessage(".*accounted for 31,678, batches 2, loaded 2.*", times)
          .withStartupTimeout(PATIENCE)
          .waitUntilReady(tidemill);
    } catch (ContainerLaunchException e) {
      throw new AssertionError("the flights are not loaded:\n" + tidemill.getLogs(), e);
    }
  }

  private String url(GenericContainer<?> postgres) {
    Map<String, String> settings = compose.service("postgres").environment();
    return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
        .formatted(
            postgres.getHost(),
            postgres.getMappedPort(POSTGRES),
            settings.get("POSTGRES_DB"),
            settings.get("POSTGRES_USER"),
            settings.get("POSTGRES_PASSWORD"));
  }

  private static final String NIGHTLY_JOB =
      """
      SELECT substr(date, 1, 10) AS day, state, COUNT(*), MAX(delay),
             COUNT(*) FILTER (delay < 15) / COUNT(*), SUM(distance)
      FROM read_csv('examples/flights/data/flights-*.csv', header = true,
                    types = {'date': 'VARCHAR'})
      JOIN read_csv('examples/flights/data/airports.csv', header = true) ON origin = iata
      WHERE destination <> origin AND distance > 0
      GROUP BY day, state
      ORDER BY day, state
      """;

  private static final String LOADED =
      """
      SELECT to_char(batch_start AT TIME ZONE 'America/New_York', 'YYYY/MM/DD') AS day, state,
             departures, worst_delay, on_time_share, miles
      FROM daily_departures
      ORDER BY day, state COLLATE "C"
      """;
}
