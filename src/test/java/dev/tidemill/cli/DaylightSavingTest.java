package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The days on which the clocks of New York change: one has 23 hours, one has 25. */
final class DaylightSavingTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm");
  private static final Duration BETWEEN_FLIGHTS = Duration.ofMinutes(10);

  @TempDir private static Path folder;
  private static Project project;
  private static Tidemill.Outcome outcome;

  @BeforeAll
  static void flights_around_both_changes_are_run_through() {
    project =
        Project.in(folder)
            .intoDuckDb()
            .data("spring.csv", flights(LocalDate.of(2001, 3, 31), LocalDate.of(2001, 4, 3)))
            .data("winter.csv", flights(LocalDate.of(2001, 10, 27), LocalDate.of(2001, 10, 30)));
    outcome = Tidemill.run("run", project.pipeline(), "--embedded", "--until-complete");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  /** One every ten minutes that really pass, as the clocks on the wall show it. */
  private static String flights(LocalDate from, LocalDate until) {
    StringBuilder csv = new StringBuilder(Project.HEADER);
    ZonedDateTime end = until.atStartOfDay(NEW_YORK);
    for (ZonedDateTime time = from.atStartOfDay(NEW_YORK);
        time.isBefore(end);
        time = time.plus(BETWEEN_FLIGHTS)) {
      csv.append(time.format(LOCAL)).append(",0,100,JFK,BOS\n");
    }
    return csv.toString();
  }

  @Test
  void the_batch_of_the_spring_change_has_23_hours_and_their_flights() {
    assertThat(batch(LocalDate.of(2001, 4, 1)))
        .containsExactly(
            Instant.parse("2001-04-01T05:00:00Z"), Instant.parse("2001-04-02T04:00:00Z"), 23L * 6);
  }

  @Test
  void the_batch_of_the_autumn_change_has_25_hours_and_their_flights() {
    assertThat(batch(LocalDate.of(2001, 10, 28)))
        .containsExactly(
            Instant.parse("2001-10-28T04:00:00Z"), Instant.parse("2001-10-29T05:00:00Z"), 25L * 6);
  }

  @Test
  void the_days_before_and_after_have_24_hours_and_their_flights() {
    for (String day : List.of("2001-03-31", "2001-04-02", "2001-10-27", "2001-10-29")) {
      LocalDate date = LocalDate.parse(day);
      assertThat(batch(date))
          .containsExactly(
              date.atStartOfDay(NEW_YORK).toInstant(),
              date.plusDays(1).atStartOfDay(NEW_YORK).toInstant(),
              24L * 6);
    }
  }

  @Test
  void every_batch_holds_as_many_flights_as_duckdb_finds_between_its_start_and_its_end() {
    List<List<Object>> unlike =
        Table.query(
            project.warehouseUrl(),
            """
            SELECT batch_start, departures, (
                SELECT COUNT(*) FROM read_csv('%s/data/*.csv', types = {'date': 'VARCHAR'}) f
                WHERE timezone('America/New_York', strptime(f.date, '%%Y/%%m/%%d %%H:%%M'))
                      >= batch_start
                  AND timezone('America/New_York', strptime(f.date, '%%Y/%%m/%%d %%H:%%M'))
                      < batch_end) AS found
            FROM departures WHERE departures <> found
            """
                .formatted(folder));
    assertThat(unlike).isEmpty();
  }

  @Test
  void the_ledger_shows_the_lengths_and_the_empty_days_before() {
    assertThat(outcome.out())
        .containsPattern("2001-10-28 00:00 +25 h")
        .containsPattern("2001-10-04 00:00 +24 h");
  }

  private static List<Object> batch(LocalDate day) {
    Instant start = day.atStartOfDay(NEW_YORK).toInstant();
    List<List<Object>> found =
        Table.query(
            project.warehouseUrl(),
            "SELECT batch_start, batch_end, departures FROM departures WHERE batch_start = '"
                + start
                + "'");
    assertThat(found).as("rows of %s", day).hasSize(1);
    return found.get(0);
  }
}
