package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.Topics;
import dev.tidemill.load.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of the whole week is killed with {@code kill -9} and started again. */
final class KillTest {
  private static final UndisturbedWeek UNDISTURBED = UndisturbedWeek.get();

  private static final Topics TOPICS = new Topics("flights-per-origin");

  @TempDir private Path folder;
  private String postgres;
  private Project project;

  @BeforeEach
  void a_project_with_the_whole_week() {
    FlightsWeek.unpack(folder);
    postgres = PostgresServer.newSchema();
    project = Project.in(folder).intoDuckDb().intoPostgres(postgres);
  }

  /**
   * One run after the other on the same folder: each kill has to be survived by all that follow.
   */
  @Test
  void killed_while_it_extracts_while_it_aggregates_and_after_the_first_batch_nothing_differs() {
    killWhen("a part is extracted", () -> project.bytesIn(TOPICS.source("flights")) > 600_000);
    long shuffled = project.bytesIn(TOPICS.shuffle()); // nothing, as a rule

    Tidemill.Outcome second =
        killWhen("partials are shuffled", () -> project.bytesIn(TOPICS.shuffle()) > shuffled);
    assertThat(rowsAtStart(second)).as("not all is extracted").isLessThan(FlightsWeek.FLIGHTS);
    assertThat(loadedDays()).as("nothing is loaded yet").isEmpty();

    killWhen("a batch is loaded", () -> !loadedDays().isEmpty());
    assertThat(loadedDays()).as("not all is loaded").hasSizeBetween(1, FlightsWeek.DAYS - 1);

    assertTheSameAsUndisturbed(runToTheEnd());
  }

  private Tidemill.Outcome killWhen(String what, BooleanSupplier moment) {
    try (ForkedTidemill running = start()) {
      running.await(what, moment);
      running.kill();
      return running.awaitEnd();
    }
  }

  /** Of committed rows; it says nothing if there are none. */
  private static long rowsAtStart(Tidemill.Outcome outcome) {
    Matcher said = Pattern.compile("going on behind ([0-9]+) rows").matcher(outcome.err());
    return said.find() ? Long.parseLong(said.group(1)) : 0;
  }

  private Tidemill.Outcome runToTheEnd() {
    try (ForkedTidemill running = start()) {
      return running.awaitEnd();
    }
  }

  private ForkedTidemill start() {
    return ForkedTidemill.start(
        "run",
        project.pipeline(),
        "--embedded",
        "--data-dir",
        project.dataDir(),
        "--until-complete");
  }

  /** In PostgreSQL: DuckDB's file is to be opened by nobody before the next run. */
  private List<List<Object>> loadedDays() {
    String exists = "SELECT to_regclass('" + Project.TABLE + "') IS NOT NULL";
    return Table.query(postgres, exists).get(0).get(0).equals(true)
        ? Table.query(postgres, "SELECT DISTINCT batch_start FROM " + Project.TABLE)
        : List.of();
  }

  private void assertTheSameAsUndisturbed(Tidemill.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Every book balances: 113,493 records read, each accounted for.");
    List<List<Object>> expected = UNDISTURBED.content();
    assertThat(Table.query(postgres, FlightsWeek.LOADED)).isEqualTo(expected);
    assertThat(Table.query(project.warehouseUrl(), FlightsWeek.LOADED)).isEqualTo(expected);
  }
}
