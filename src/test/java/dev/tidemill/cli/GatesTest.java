package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.load.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates as a person meets them: a batch is held, looked at, and let go. */
final class GatesTest {
  private static final String SECOND = "2001-01-02T05:00:00Z";
  private static final String MILES = "SELECT origin, miles FROM departures ORDER BY batch_start";
  private static final List<List<Object>> WITHOUT_SECOND =
      List.of(List.of("JFK", 100L), List.of("ATL", 50L));
  private static final List<List<Object>> ALL =
      List.of(List.of("JFK", 100L), List.of("BOS", -300L), List.of("ATL", 50L));

  @TempDir private Path folder;

  private static Tidemill.Outcome batches(Project project, Object... arguments) {
    Object[] all = new Object[arguments.length + 5];
    all[0] = "batches";
    all[1] = project.name();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    all[arguments.length + 2] = "--embedded";
    all[arguments.length + 3] = "--data-dir";
    all[arguments.length + 4] = project.dataDir();
    return Tidemill.run(all);
  }

  private static Tidemill.Outcome run(Project project) {
    return Tidemill.run(
        "run",
        project.pipeline(),
        "--embedded",
        "--data-dir",
        project.dataDir(),
        "--until-complete");
  }

  @Test
  void a_batch_that_breaks_a_gate_is_in_no_table_until_a_person_releases_it() {
    String postgres = PostgresServer.newSchema();
    Project project =
        Project.in(folder)
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 08:00,10,100,JFK,BOS\n"
                    + "2001/01/02 08:00,-5,-300,BOS,JFK\n"
                    + "2001/01/03 08:00,0,50,ATL,JFK\n")
            .require(
                "no-negative-miles", "{sql: SELECT COUNT(*) FROM result WHERE miles < 0, is: 0}")
            .require("not-empty", "rows > 0")
            .intoDuckDb()
            .intoPostgres(postgres);

    Tidemill.Outcome held = run(project);
    assertThat(held.exitCode()).as(held.err()).isEqualTo(1);
    assertThat(held.out())
        .contains(
            SECOND
                + ": did not pass no-negative-miles: (SELECT COUNT(*) FROM result WHERE miles < 0)"
                + " = 0 (SELECT COUNT(*) FROM result WHERE miles < 0 = 1)")
        .contains("{\"origin\":\"BOS\",")
        .contains("tidemill batches flights-per-origin release " + SECOND);
    assertThat(Table.query(project.warehouseUrl(), MILES)).isEqualTo(WITHOUT_SECOND);
    assertThat(Table.query(postgres, MILES)).isEqualTo(WITHOUT_SECOND);
    assertThat(batches(project).out()).contains("QUARANTINED");
    assertThat(batches(project, "--json").out()).contains("\"gate\":\"no-negative-miles\"");

    Tidemill.Outcome loaded = batches(project, "release", "2001-01-01T05:00:00Z");
    assertThat(loaded.exitCode()).isEqualTo(1);
    assertThat(loaded.err()).contains("is LOADED, not QUARANTINED: there is nothing to release");
    Tidemill.Outcome unknown = batches(project, "release", "2001-02-01T05:00:00Z");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("has no batch 2001-02-01T05:00:00Z");

    Tidemill.Outcome release =
        batches(project, "release", SECOND, "--by", "ann", "--reason", "a refund");
    assertThat(release.exitCode()).as(release.err()).isZero();
    assertThat(release.out()).contains("will be released as soon as the pipeline runs");

    Tidemill.Outcome released = run(project);
    assertThat(released.exitCode()).as(released.out() + released.err()).isZero();
    assertThat(released.out()).contains(SECOND + ": released by ann at ").contains("a refund");
    assertThat(Table.query(project.warehouseUrl(), MILES)).isEqualTo(ALL);
    assertThat(Table.query(postgres, MILES)).isEqualTo(ALL);

    Tidemill.Outcome again = batches(project, "release", SECOND);
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("was released by ann").contains("it is LOADED");
  }

  @Test
  void a_process_that_dies_anywhere_leaves_the_verdict_as_it_is() {
    FlightsWeek.unpack(folder);
    Project project =
        Project.in(folder)
            .require("no-long-delay", "(SELECT COUNT(*) FROM result WHERE worst_delay > 1100) = 0")
            .intoDuckDb();
    Project other = Project.in(folder.resolve("undisturbed"));
    FlightsWeek.unpack(folder.resolve("undisturbed"));
    other
        .require("no-long-delay", "(SELECT COUNT(*) FROM result WHERE worst_delay > 1100) = 0")
        .intoDuckDb();
    for (String point :
        List.of(
            CrashPoint.AFTER_PARTIALS + ":2",
            CrashPoint.AFTER_STORE_FLUSH + ":3",
            CrashPoint.BEFORE_KAFKA_COMMIT + ":4",
            CrashPoint.AFTER_KAFKA_COMMIT + ":5")) {
      try (ForkedTidemill dying =
          ForkedTidemill.start(
              List.of("-D" + CrashPoint.PROPERTY + "=" + point),
              "run",
              project.pipeline(),
              "--embedded",
              "--data-dir",
              project.dataDir(),
              "--until-complete")) {
        assertThat(dying.awaitEnd().exitCode()).as(point).isEqualTo(CrashPoint.EXIT_CODE);
      }
    }
    List<String> verdicts = verdicts(run(project));
    assertThat(verdicts).isNotEmpty().isEqualTo(verdicts(run(other)));
    assertThat(Table.query(project.warehouseUrl(), FlightsWeek.LOADED))
        .isNotEmpty()
        .isEqualTo(Table.query(other.warehouseUrl(), FlightsWeek.LOADED));
  }

  private static List<String> verdicts(Tidemill.Outcome outcome) {
    return outcome
        .out()
        .lines()
        .filter(line -> line.contains("did not pass") || line.startsWith("    {"))
        .toList();
  }
}
