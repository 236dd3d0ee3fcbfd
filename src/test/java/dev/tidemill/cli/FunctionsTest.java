package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of users, as the manual shows them, in a jar of their own. */
final class FunctionsTest {
  @TempDir private Path folder;

  @Test
  void a_function_from_a_jar_is_called_and_what_it_throws_rejects_the_record() throws Exception {
    ManualClasses.jar("sql.md", folder);
    Project project =
        Project.in(folder)
            .withOwnName()
            .functions(
                "haversine: {class: com.acme.Haversine, jar: lib/acme.jar}\n"
                    + "spread: {class: com.acme.Spread, jar: lib/acme.jar}")
            .expect("in-reach", "haversine(0, 0, 0, delay) < 15000")
            .sql(
                "SELECT origin, CAST(SUM(haversine(distance, 0, 0, 0)) AS INTEGER) AS km,"
                    + " spread(delay) AS delays FROM flights GROUP BY origin")
            .intoDuckDb()
            .data(
                "flights.csv",
                Project.HEADER
                    + "2001/01/01 08:00,10,90,JFK,BOS\n"
                    + "2001/01/01 08:10,10,91,JFK,BOS\n"
                    + "2001/01/01 08:20,179,90,JFK,BOS\n"
                    + "2001/01/01 08:30,30,45,JFK,BOS\n");
    Tidemill.Outcome run =
        Tidemill.run(
            "run",
            project.pipeline(),
            "--config",
            SharedCluster.server(project),
            "--until-complete");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("Every book balances: 4 records read");
    assertThat(Table.query(project.warehouseUrl(), "SELECT origin, km, delays FROM departures"))
        .containsExactly(List.of("JFK", 15_011L, 20L));
    assertThat(Rejects.of(project.name()))
        .extracting(reject -> reject.step() + ": " + reject.reason())
        .containsExactlyInAnyOrder(
            "sql: haversine(distance, 0, 0, 0): java.lang.IllegalArgumentException: no such"
                + " latitude: 91.0, 0.0",
            "expect: in-reach");
  }

  @Test
  void validate_says_what_is_wrong_with_a_function_and_where() throws Exception {
    ManualClasses.jar("sql.md", folder);
    Project project =
        Project.in(folder)
            .functions(
                """
                haversine: {class: com.acme.Haversin, jar: lib/acme.jar}
                lower: {class: com.acme.Haversine, jar: lib/acme.jar}
                """)
            .intoDuckDb()
            .data("flights.csv", Project.HEADER);
    Tidemill.Outcome validate = Tidemill.run("validate", project.pipeline());
    assertThat(validate.exitCode()).isEqualTo(1);
    assertThat(validate.out() + validate.err())
        .containsPattern(
            "pipeline.yaml:\\d+:22: there is no class 'com.acme.Haversin' in .*lib/acme.jar")
        .containsPattern("pipeline.yaml:\\d+:3: 'lower' has a meaning in SQL already")
        .contains("2 problems");
  }
}
