package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleOverrideTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Map<String, String> ALL =
      ordered(
          "cron", "30 2 * * *",
          "timezone", "America/New_York",
          "skipped-hour", "skip",
          "repeated-hour", "both",
          "overlap", "cancel-previous",
          "misfire", "all",
          "misfire-cap", "7",
          "timeout", "90s",
          "retries", "0",
          "backoff", "2h",
          "jitter", "1500ms");

  private static Map<String, String> ordered(String... keysAndValues) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      ordered.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return ordered;
  }

  private static ScheduleDefinition written(Map<String, String> values) {
    return ScheduleReader.of(values, BERLIN);
  }

  private static Map<String, String> over(Map<String, String> values, String... keysAndValues) {
    return ScheduleOverride.of(ordered(keysAndValues)).over(written(values)).values();
  }

  @Test
  void the_values_of_a_schedule_are_what_its_definition_could_have_said() {
    assertThat(written(ALL).values()).containsExactlyEntriesOf(ALL);
    assertThat(written(written(Map.of("every", "10m")).values()))
        .isEqualTo(written(Map.of("every", "10m")));
    assertThat(written(Map.of("cron", "@reboot")).values())
        .containsExactlyEntriesOf(
            ordered(
                "cron", "@reboot",
                "overlap", "skip",
                "misfire", "once",
                "misfire-cap", "100",
                "timeout", "none",
                "retries", "3",
                "backoff", "10s",
                "jitter", "0s"));
  }

  @Test
  void every_value_can_be_set_and_the_others_stay() {
    ALL.forEach(
        (key, value) -> {
          Map<String, String> before =
              new LinkedHashMap<>(written(Map.of("cron", "@daily")).values());
          String[] said =
              key.matches("cron|timezone|.*-hour")
                  ? new String[] {"cron", "30 2 * * *", key, value}
                  : new String[] {key, value};
          Map<String, String> after = over(before, said);
          before.putAll(ordered(said));
          assertThat(after).as(key).isEqualTo(before);
        });
  }

  @Test
  void another_cron_has_the_zone_and_the_policy_of_the_definition() {
    assertThat(over(ALL, "schedule", "0 4 * * *"))
        .containsEntry("cron", "0 4 * * *")
        .containsEntry("timezone", "America/New_York")
        .containsEntry("skipped-hour", "skip")
        .containsEntry("repeated-hour", "both")
        .containsEntry("misfire-cap", "7");
    assertThat(over(Map.of("every", "10m"), "schedule", "0 4 * * *"))
        .containsEntry("timezone", "Europe/Berlin");
  }

  @Test
  void the_repeated_hour_is_as_usual_for_the_new_cron_unless_somebody_said_otherwise() {
    assertThat(over(Map.of("cron", "*/5 * * * *"), "schedule", "0 4 * * *"))
        .containsEntry("repeated-hour", "first");
    assertThat(over(Map.of("cron", "0 4 * * *"), "schedule", "@hourly"))
        .containsEntry("repeated-hour", "both");
  }

  @Test
  void a_length_of_time_has_no_zone_any_more() {
    assertThat(over(ALL, "schedule", "10m"))
        .containsEntry("every", "10m")
        .containsEntry("overlap", "cancel-previous")
        .doesNotContainKeys("cron", "timezone", "skipped-hour", "repeated-hour");
  }

  @Test
  void a_timeout_can_be_taken_away() {
    assertThat(ScheduleOverride.of(Map.of("timeout", "none")).over(written(ALL)).policy().timeout())
        .isEmpty();
  }

  @Test
  void never_keeps_the_policy_for_runs_by_hand() {
    ScheduleDefinition never = ScheduleOverride.NEVER.over(written(ALL));
    assertThat(never.inWords()).isEqualTo("never");
    assertThat(never.policy().timeout()).contains(Duration.ofSeconds(90));
  }

  @Test
  void no_variable_of_the_environment_is_read() {
    assertThatThrownBy(() -> ScheduleOverride.of(Map.of("cron", "${env:HOME}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOME")
        .hasMessageNotContaining(System.getProperty("user.home"));
  }

  @Test
  void what_is_no_text_of_yaml_is_a_problem_like_any_other() {
    assertThatThrownBy(() -> ScheduleOverride.of(Map.of("cron", "0 2 \" * *: \n\u0007\u0085")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ScheduleOverride.of(Map.of("x".repeat(5000), "1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ScheduleOverride.of(Map.of("schedule", "10m", "every", "5m")))
        .hasMessage("'schedule' is 'cron' or 'every'; remove one");
  }

  @Test
  void durations_are_written_as_they_are_read() {
    for (String text : new String[] {"0s", "1ms", "90s", "61m", "25h", "366d", "PT0.000001S"}) {
      assertThat(DurationText.text(DurationText.parse(text))).isEqualTo(text);
    }
    assertThat(DurationText.text(Duration.ofMinutes(120))).isEqualTo("2h");
    Duration odd = Duration.ofDays(400).plusMillis(1);
    assertThat(DurationText.parse(DurationText.text(odd))).isEqualTo(odd);
  }
}
