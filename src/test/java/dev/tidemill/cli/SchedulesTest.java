package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say of schedules. */
class SchedulesTest {
  private static final Path PIPELINE = Path.of("src/test/resources/definitions/good/schedule.yaml");
  private static final Pattern LINE =
      Pattern.compile("flights is read every weekday at 06:30, Europe/Berlin; next: (.+)");

  @ParameterizedTest
  @ValueSource(strings = {"validate", "plan"})
  void the_words_of_a_schedule_and_its_next_five_firings(String command) {
    Tidemill.Outcome outcome = Tidemill.run(command, PIPELINE);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<String> lists =
        LINE.matcher(outcome.out()).results().map(found -> found.group(1)).toList();
    assertThat(lists).hasSize(1);
    assertNextFive(Stream.of(lists.get(0).split(", ")).map(OffsetDateTime::parse).toList());
  }

  @Test
  void the_words_of_a_cron_by_which_batches_begin() {
    Tidemill.Outcome outcome =
        Tidemill.run("validate", "src/test/resources/definitions/good/smallest.yaml");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .containsPattern(
            "batches begin every day at 00:00, 06:00, 12:00 and 18:00, UTC; next: \\S+T\\d\\d:00Z, ");
  }

  @Test
  void the_same_in_the_json_of_the_plan() throws IOException {
    JsonNode schedules =
        new ObjectMapper()
            .readTree(Tidemill.run("plan", "--json", PIPELINE).out())
            .get("schedules");
    assertThat(schedules).hasSize(1);
    assertThat(schedules.at("/0/source").asText()).isEqualTo("flights");
    assertThat(schedules.at("/0/words").asText())
        .isEqualTo("every weekday at 06:30, Europe/Berlin");
    assertNextFive(texts(schedules.at("/0/next")));
  }

  private static List<OffsetDateTime> texts(JsonNode array) {
    return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
        .map(i -> OffsetDateTime.parse(array.get(i).asText()))
        .toList();
  }

  private static void assertNextFive(List<OffsetDateTime> next) {
    assertThat(next).hasSize(5).isSorted().doesNotHaveDuplicates();
    assertThat(next)
        .allSatisfy(
            firing -> {
              assertThat(firing.getDayOfWeek()).isLessThanOrEqualTo(DayOfWeek.FRIDAY);
              assertThat(firing.toLocalTime()).hasToString("06:30");
            });
  }
}
