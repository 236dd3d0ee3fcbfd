package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Cron;
import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.OnceSchedule;
import dev.tidemill.batch.ZonedSchedule;
import dev.tidemill.batch.ZonedSchedule.RepeatedHour;
import dev.tidemill.batch.ZonedSchedule.SkippedHour;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleDefinitionTest {
  private static final Instant NOVEMBER = Instant.parse("2026-11-26T12:00:00Z");

  @Test
  void a_cron_is_in_the_zone_of_the_batches_and_has_the_usual_policy() {
    ScheduleDefinition schedule = schedule("schedule");
    assertThat(schedule.timezone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(schedule.policy()).isEqualTo(FiringPolicy.DEFAULT);
  }

  @Test
  void it_says_in_words_what_it_means_and_when_it_is_next() {
    ScheduleDefinition schedule = schedule("schedule");
    assertThat(schedule.inWords()).isEqualTo("every weekday at 06:30, Europe/Berlin");
    assertThat(schedule.next(NOVEMBER, 2))
        .containsExactly(
            OffsetDateTime.parse("2026-11-27T06:30+01:00"),
            OffsetDateTime.parse("2026-11-30T06:30+01:00"));
  }

  @Test
  void every_policy_can_be_written() {
    ScheduleDefinition schedule = schedule("schedule-with-policies");
    assertThat(schedule.policy())
        .isEqualTo(
            new FiringPolicy(
                Overlap.QUEUE,
                Misfire.ALL,
                5,
                Optional.of(Duration.ofMinutes(10)),
                0,
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                0));
    ZonedSchedule zoned = (ZonedSchedule) schedule.schedule(NOVEMBER);
    assertThat(zoned.zone()).isEqualTo(ZoneId.of("America/New_York"));
    assertThat(zoned.skipped()).isEqualTo(SkippedHour.SKIP);
    assertThat(zoned.repeated()).isEqualTo(RepeatedHour.SECOND);
    assertThat(zoned.next(NOVEMBER))
        .isEqualTo(
            new ZonedSchedule(Cron.parse("30 2 30 11 *"), ZoneId.of("America/New_York"))
                .next(NOVEMBER));
  }

  @Test
  void a_length_of_time_is_counted_from_1970() {
    ScheduleDefinition schedule = schedule("schedule-by-length");
    assertThat(schedule.schedule(NOVEMBER)).isEqualTo(FixedSchedule.every(Duration.ofSeconds(90)));
    assertThat(schedule.inWords()).isEqualTo("every 90s");
  }

  @Test
  void reboot_is_the_start() {
    ScheduleDefinition schedule = schedule("schedule-reboot");
    assertThat(schedule.schedule(NOVEMBER)).isEqualTo(new OnceSchedule(NOVEMBER));
    assertThat(schedule.inWords()).isEqualTo("once, at the start");
    assertThat(schedule.next(NOVEMBER, 5)).isEmpty();
  }

  @Test
  void what_is_read_once_has_no_schedule() {
    assertThat(publishing(definition("schedule").once()).schedule()).isEmpty();
  }

  private static ScheduleDefinition schedule(String name) {
    return publishing(definition(name)).schedule().orElseThrow();
  }

  private static Publishing publishing(PipelineDefinition definition) {
    return ((Origin.Extracted) definition.sources().get(0).origin()).publishing();
  }

  private static PipelineDefinition definition(String name) {
    return DefinitionReader.read(Examples.GOOD.resolve(name + ".yaml"), Examples.ENVIRONMENT)
        .definition()
        .orElseThrow();
  }
}
