package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.extract.ApiServer;
import dev.tidemill.extract.ApiServer.Asked;
import dev.tidemill.extract.ApiServer.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline whose source is an HTTP API, from its definition to its target. */
final class ApiSourceTest {
  private static final String TOKEN = "a-token-that-nobody-sees";
  private static final String FLIGHT =
      "{\"date\": \"2001/01/0%d 08:00\", \"delay\": 5, \"distance\": %d, \"origin\": \"JFK\","
          + " \"destination\": \"BOS\"}";

  @TempDir private Path folder;

  private static Reply flights(Asked asked) {
    if (!("Bearer " + TOKEN).equals(asked.headers().getFirst("Authorization"))) {
      return Reply.status(401, "no");
    }
    return switch (asked.number("page", 1)) {
      case 1 -> Reply.json("[" + FLIGHT.formatted(1, 100) + ", " + FLIGHT.formatted(1, 200) + "]");
      case 2 -> Reply.json("[{\"date\": \"2001/01/01 09:00\"}, " + FLIGHT.formatted(2, 300) + "]");
      default -> Reply.json("[]");
    };
  }

  private Project project(String token, ApiServer server) {
    return Project.in(folder)
        .withOwnName()
        .from(
            "http: {url: \"%s/flights\", paging: {by: page}, auth: {bearer: %s}}"
                .formatted(server.url(), token))
        .intoDuckDb();
  }

  @Test
  void each_record_is_read_loaded_and_in_the_books_and_what_does_not_fit_is_a_reject() {
    try (ApiServer server = new ApiServer(ApiSourceTest::flights)) {
      Project project = project(TOKEN, server);
      Tidemill.Outcome outcome =
          Tidemill.run(
              "run",
              project.pipeline(),
              "--config",
              SharedCluster.server(project),
              "--until-complete");
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .contains("Every book balances: 4 records read, each accounted for.");
      assertThat(Table.query(project.warehouseUrl(), "SELECT SUM(miles) FROM departures"))
          .containsExactly(List.of(600L));
      assertThat(Rejects.of(project.name()))
          .singleElement()
          .satisfies(
              reject ->
                  assertThat(reject.reason())
                      .startsWith(server.url() + "/flights page 2 #0: ")
                      .contains("delay"));
      assertThat(outcome.out() + outcome.err()).doesNotContain(TOKEN);
    }
  }

  @Test
  void a_refusal_ends_the_run_with_what_was_asked_and_no_secret() {
    try (ApiServer server = new ApiServer(ApiSourceTest::flights)) {
      Project project = project("another-" + TOKEN, server);
      Tidemill.Outcome outcome =
          Tidemill.run(
              "run",
              project.pipeline(),
              "--config",
              SharedCluster.server(project),
              "--until-complete");
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(outcome.err())
          .contains("GET " + server.url() + "/flights page 1: status 401: no; check 'auth'")
          .doesNotContain(TOKEN);
    }
  }

  @Test
  void the_plan_shows_what_is_asked_and_no_secret() {
    try (ApiServer server = new ApiServer(ApiSourceTest::flights)) {
      Project project = project(TOKEN, server);
      for (List<String> form :
          List.of(List.of("plan"), List.of("plan", "--json"), List.of("plan", "--mermaid"))) {
        List<Object> command = new ArrayList<>(form);
        command.add(project.pipeline());
        Tidemill.Outcome plan = Tidemill.run(command.toArray());
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out() + plan.err()).doesNotContain(TOKEN);
        if (!form.contains("--json")) {
          assertThat(plan.out()).contains("GET " + server.url() + "/flights, pages by number");
        }
      }
      assertThat(server.asked()).isEmpty();
    }
  }
}
