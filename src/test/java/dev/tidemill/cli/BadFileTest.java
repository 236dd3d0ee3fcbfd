package dev.tidemill.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not there, are there no more, or are not what they were. */
final class BadFileTest {
  private static final String CHANGED_HEADER = "date,delay,miles,origin,destination\n";

  @TempDir private Path folder;
  private Project project;

  @BeforeEach
  void a_project() {
    project = Project.in(folder).withOwnName().intoDuckDb().data("flights.csv", FewFlights.CSV);
  }

  @Test
  void no_file_is_a_problem_of_the_definition_with_its_place() throws IOException {
    Path pipeline = project.pipeline();
    Files.delete(folder.resolve("data/flights.csv"));
    Tidemill.Outcome outcome = run();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains(pipeline + ":11:18: ", "no file matches 'data/*.csv'");
  }

  @Test
  void packed_files_that_the_path_does_not_mean_are_named_with_the_path_that_does()
      throws Exception {
    Path plain = folder.resolve("data/flights.csv");
    gzip(FewFlights.CSV, "flights.csv.gz");
    Files.move(plain, folder.resolve("flights.csv"));
    assertThat(run().err())
        .contains(
            "no file matches 'data/*.csv'; flights.csv.gz is packed, and not meant by '*.csv'; to"
                + " read such files, end 'path' with \"*.csv{,.gz}\"");
    Files.move(folder.resolve("flights.csv"), plain);
    gzip(Project.HEADER + "2001/01/03 08:00,1,100,ATL,BOS\n", "more.csv.gz");
    Tidemill.Outcome first = run();
    FewFlights.assertLoaded(first, project.warehouseUrl());
    assertThat(first.err())
        .as("a copy of a file that is read is not missed")
        .containsOnlyOnce("Not read: more.csv.gz is packed, and not meant by '*.csv'; ");

    project.from("file: {path: \"data/m*.csv{,.gz}\", format: csv}");
    assertThat(run()).extracting(Tidemill.Outcome::exitCode).isEqualTo(0);
    assertThat(loaded("SELECT SUM(departures) FROM departures")).containsExactly(List.of(4L));
  }

  private void gzip(String text, String name) throws IOException {
    try (OutputStream packed =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("data").resolve(name)))) {
      packed.write(text.getBytes(UTF_8));
    }
  }

  @Test
  void a_file_that_was_packed_after_it_was_read_is_not_missed() throws IOException {
    FewFlights.assertLoaded(run(), project.warehouseUrl());
    Files.delete(folder.resolve("data/flights.csv"));
    gzip(FewFlights.CSV, "flights.csv.gz");
    project.data("more.csv", Project.HEADER + "2001/01/03 08:00,1,100,ATL,BOS\n");
    Tidemill.Outcome second = run();
    assertThat(second.exitCode()).isZero();
    assertThat(second.err()).doesNotContain("packed");
  }

  @Test
  void a_header_without_a_column_of_the_schema_is_refused_before_the_first_record() {
    Path file = folder.resolve("data/flights.csv");
    project.data("flights.csv", FewFlights.CSV.replace(Project.HEADER, CHANGED_HEADER));
    FewFlights.assertUnavailable(run(), file + ":1: ", "distance", "correct the file");
    assertThat(project.warehouse()).doesNotExist();
    project.data("flights.csv", FewFlights.CSV);
    FewFlights.assertLoaded(run(), project.warehouseUrl());
  }

  @Test
  void a_file_that_changed_after_it_was_published_is_refused_until_it_is_put_back() {
    FewFlights.assertLoaded(run(), project.warehouseUrl());
    project.data("flights.csv", FewFlights.CSV.replace("JFK", "LGA"));
    project.data("more.csv", Project.HEADER + "2001/01/03 08:00,1,100,ATL,BOS\n");
    FewFlights.assertUnavailable(
        run(), folder.resolve("data/flights.csv").toString(), "is not the file any more", "3 rows");
    project.data("flights.csv", FewFlights.CSV);
    assertThat(run().exitCode()).isZero();
    assertThat(loaded("SELECT SUM(departures) FROM departures")).containsExactly(List.of(4L));
  }

  @Test
  void files_whose_names_are_not_told_apart_by_the_locale_are_refused() throws Exception {
    String twoNamesInLatin1 = "cp flights.csv $'M\\xe4rz.csv'; mv flights.csv $'M\\xfcrz.csv'";
    Process bash =
        new ProcessBuilder("bash", "-c", twoNamesInLatin1)
            .directory(folder.resolve("data").toFile())
            .start();
    assertThat(bash.waitFor()).isZero();
    FewFlights.assertUnavailable(run(), "two files look like", "LC_ALL=C.UTF-8");
  }

  @Test
  void a_file_that_was_published_may_go_and_its_rows_stay() throws IOException {
    FewFlights.assertLoaded(run(), project.warehouseUrl());
    Files.delete(folder.resolve("data/flights.csv"));
    project.data("more.csv", Project.HEADER + "2001/01/03 08:00,1,100,ATL,BOS\n");
    assertThat(run().exitCode()).isZero();
    assertThat(loaded("SELECT SUM(departures) FROM departures")).containsExactly(List.of(4L));
  }

  @Test
  void a_second_run_with_nothing_new_ends_at_once_and_changes_nothing() {
    FewFlights.assertLoaded(run(), project.warehouseUrl());
    FewFlights.assertLoaded(run(), project.warehouseUrl());
    assertThat(loaded("SELECT DISTINCT attempt FROM departures")).containsExactly(List.of(1L));
  }

  private List<List<Object>> loaded(String sql) {
    return Table.query(project.warehouseUrl(), sql);
  }

  private Tidemill.Outcome run() {
    return Tidemill.run(
        "run", project.pipeline(), "--config", SharedCluster.server(project), "--until-complete");
  }
}
