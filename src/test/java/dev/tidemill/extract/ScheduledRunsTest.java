package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.Schedule;
import dev.tidemill.batch.TestClock;
import dev.tidemill.cli.Await;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.ScheduleOverride;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.extract.ScheduledRun.Outcome;
import dev.tidemill.extract.SourceCommand.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** How runs of a schedule begin and end that do not simply read all there is. */
@Timeout(60)
final class ScheduledRunsTest {
  private static final Instant START = Instant.parse("2026-03-01T00:30:00Z");
  private static final Instant FIRST = Instant.parse("2026-03-01T01:00:00Z");
  private static final Instant SECOND = Instant.parse("2026-03-01T02:00:00Z");
  private static final String SOURCE = "numbers";
  private static final Schedule HOURLY = FixedSchedule.every(Duration.ofHours(1));

  /** Nobody publishes them all. */
  private static final int ENDLESS = Integer.MAX_VALUE;

  private static EmbeddedBroker broker;

  private final TestClock clock = new TestClock(START);
  private volatile long nanos;
  private volatile int available;
  private Numbers numbers;
  private ScheduleCommands commands;
  private Extractor extractor;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.temporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void name(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    numbers = new Numbers(name, broker.bootstrapServers(), Duration.ofSeconds(6));
    commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
  }

  @AfterEach
  void close() {
    extractor.close();
  }

  private void start(Optional<Schedule> schedule, FiringPolicy policy) {
    start(schedule, "by test", policy);
  }

  private void start(Optional<Schedule> schedule, String every, FiringPolicy policy) {
    SourceDefinition source =
        Numbers.source(
            SOURCE,
            Optional.empty(),
            Optional.of(new ScheduleDefinition(every, schedule, ZoneOffset.UTC, policy)));
    Timing timing = Timing.startingNow(clock).withNanos(() -> nanos);
    extractor = numbers.extractor(source, new NumbersFeed(() -> available, row -> {}), timing);
    extractor.start();
  }

  private static FiringPolicy policy(Overlap overlap, Optional<Duration> timeout) {
    return new FiringPolicy(
        overlap, Misfire.ONCE, 1, timeout, 1, Duration.ofSeconds(10), Duration.ZERO, 0);
  }

  private List<ScheduledRun> runs() {
    return commands.schedules().stream().flatMap(known -> known.runs().stream()).toList();
  }

  private void await(String what, BooleanSupplier condition) {
    Await.until(
        what,
        Duration.ofSeconds(20),
        () -> {
          assertThat(extractor.failure()).isEmpty();
          return condition.getAsBoolean();
        });
  }

  private void awaitRun(int number, Outcome outcome) {
    await(
        "run " + number + " is " + outcome,
        () -> runs().size() > number && runs().get(number).outcome() == outcome);
  }

  private void assertEachNumberOnce() {
    List<Integer> published = numbers.published(SOURCE);
    assertThat(published).isEqualTo(Numbers.upTo(published.size()));
    assertThat(runs().stream().mapToLong(ScheduledRun::rows).sum()).isEqualTo(published.size());
  }

  @Test
  void what_can_not_go_on_after_a_run_has_failed_ends_with_the_reason() {
    SourceDefinition source =
        Numbers.source(
            SOURCE,
            Optional.empty(),
            Optional.of(
                new ScheduleDefinition(
                    "by test",
                    Optional.of(HOURLY),
                    ZoneOffset.UTC,
                    policy(Overlap.SKIP, Optional.empty()))));
    Feed feed =
        new NumbersFeed(
            1,
            row -> {
              throw new IllegalStateException("no rows today");
            }) {
          private boolean isRestored;

          @Override
          public void restore(Positions committed) {
            if (isRestored) {
              throw new Unavailable("what is committed is of another list");
            }
            isRestored = true;
          }
        };
    extractor = numbers.extractor(source, feed, Timing.startingNow(clock));
    extractor.start();
    clock.set(FIRST);
    assertThatThrownBy(() -> extractor.await(Duration.ofSeconds(20)))
        .isInstanceOf(Unavailable.class)
        .hasMessage("what is committed is of another list");
  }

  @Test
  void a_run_that_is_over_its_timeout_has_failed_and_is_tried_again_behind_its_last_row() {
    available = ENDLESS;
    start(Optional.of(HOURLY), policy(Overlap.SKIP, Optional.of(Duration.ofMinutes(5))));
    clock.set(FIRST);
    await("the run is under way", () -> extractor.progress().rows() > 10);
    nanos += Duration.ofMinutes(5).toNanos();
    awaitRun(0, Outcome.FAILED);
    available = 0; // nothing more
    clock.move(Duration.ofSeconds(10));
    awaitRun(1, Outcome.DONE);
    assertThat(runs())
        .extracting(ScheduledRun::firing, ScheduledRun::attempt, ScheduledRun::error)
        .containsExactly(
            tuple(FIRST, 1, Optional.of("it took longer than PT5M")),
            tuple(FIRST, 2, Optional.empty()));
    assertEachNumberOnce();
  }

  @Test
  void who_sets_a_timeout_during_a_run_that_hangs_ends_it() {
    available = ENDLESS;
    start(Optional.of(HOURLY), policy(Overlap.SKIP, Optional.empty()));
    clock.set(FIRST);
    await("the run is under way", () -> extractor.progress().rows() > 10);
    nanos += Duration.ofMinutes(5).toNanos();
    extractor.command(
        new ToldCommand(
            0, clock.instant(), Change.to(ScheduleOverride.of(Map.of("timeout", "5m")))));
    awaitRun(0, Outcome.FAILED);
    available = 0;
    clock.move(Duration.ofSeconds(10));
    awaitRun(1, Outcome.DONE);
    assertThat(runs().get(0).error()).contains("it took longer than PT5M");
    assertThat(commands.schedules().get(0).values()).containsEntry("timeout", "5m");
    assertEachNumberOnce();
  }

  @Test
  void cancel_previous_ends_a_run_for_the_next_firing_which_goes_on_behind_it() {
    available = ENDLESS;
    start(Optional.of(HOURLY), policy(Overlap.CANCEL_PREVIOUS, Optional.empty()));
    clock.set(FIRST);
    await("the run is under way", () -> extractor.progress().rows() > 10);
    clock.set(SECOND);
    awaitRun(1, Outcome.RUNNING);
    long rows = runs().get(0).rows();
    await("it goes on", () -> extractor.progress().rows() > rows + 10);
    available = 0;
    awaitRun(1, Outcome.DONE);
    assertThat(runs())
        .extracting(ScheduledRun::firing, ScheduledRun::outcome, ScheduledRun::error)
        .containsExactly(
            tuple(FIRST, Outcome.CANCELLED, Optional.of("for the run of 2026-03-01T02:00:00Z")),
            tuple(SECOND, Outcome.DONE, Optional.empty()));
    assertEachNumberOnce();
  }

  /** Not only between two runs, of which the first may be endless. */
  @Test
  void who_pauses_during_a_run_keeps_the_next_firing_from_cancelling_it() {
    available = ENDLESS;
    start(Optional.of(HOURLY), policy(Overlap.CANCEL_PREVIOUS, Optional.empty()));
    clock.set(FIRST);
    await("the run is under way", () -> extractor.progress().rows() > 10);
    extractor.command(new ToldCommand(0, clock.instant(), SourceCommand.Simple.PAUSE));
    await("it is paused", () -> commands.schedules().get(0).paused());
    clock.set(SECOND);
    long rows = extractor.progress().rows();
    await("it goes on", () -> extractor.progress().rows() > rows + 50);
    available = 0;
    awaitRun(0, Outcome.DONE);
    extractor.command(new ToldCommand(1, clock.instant(), SourceCommand.Simple.RESUME));
    awaitRun(1, Outcome.DONE);
    assertThat(runs()).extracting(ScheduledRun::firing).containsExactly(FIRST, SECOND);
    assertEachNumberOnce();
  }

  @Test
  void at_reboot_is_once_for_each_start() {
    available = 4;
    start(Optional.empty(), FiringPolicy.DEFAULT);
    awaitRun(0, Outcome.DONE);
    clock.set(FIRST);
    available = 6;
    extractor.close();
    start(Optional.empty(), FiringPolicy.DEFAULT);
    awaitRun(1, Outcome.DONE);
    assertThat(runs())
        .extracting(ScheduledRun::firing, ScheduledRun::rows)
        .containsExactly(tuple(START, 4L), tuple(FIRST, 2L));
    assertEachNumberOnce();
  }

  @Test
  void a_definition_that_has_become_at_reboot_fires_at_that_start() {
    available = 4;
    Schedule yearly = FixedSchedule.every(Duration.ofDays(366));
    start(Optional.of(yearly), "366d", FiringPolicy.DEFAULT);
    await("it is known", () -> commands.schedules().size() == 1);
    clock.set(FIRST);
    extractor.close();
    start(Optional.empty(), FiringPolicy.DEFAULT);
    awaitRun(0, Outcome.DONE);
    assertThat(runs()).extracting(ScheduledRun::firing).containsExactly(FIRST);
  }

  @Test
  void what_was_due_during_a_run_before_the_definition_changed_is_queued_as_the_former_said() {
    available = ENDLESS;
    FiringPolicy queue = policy(Overlap.QUEUE, Optional.empty());
    start(Optional.of(HOURLY), "1h", queue);
    clock.set(FIRST);
    await("the run is under way", () -> extractor.progress().rows() > 10);
    extractor.close();
    clock.set(SECOND.plusSeconds(1)); // nobody was there
    start(Optional.of(FixedSchedule.every(Duration.ofDays(100))), "100d", queue);
    await("it goes on", () -> extractor.progress().rows() > 20);
    await("it is as defined", () -> commands.schedules().get(0).words().equals("every 100d"));
    available = 0;
    awaitRun(1, Outcome.DONE);
    assertThat(runs())
        .extracting(ScheduledRun::firing, ScheduledRun::outcome)
        .containsExactly(tuple(FIRST, Outcome.DONE), tuple(SECOND, Outcome.DONE));
    assertEachNumberOnce();
  }

  /** A run that hangs, for which the definition was given a timeout, is ended by it. */
  @Test
  void a_definition_with_a_timeout_ends_the_run_that_was_left_under_way() {
    available = ENDLESS;
    start(Optional.of(HOURLY), "1h", policy(Overlap.SKIP, Optional.empty()));
    clock.set(FIRST);
    await("the run is under way", () -> extractor.progress().rows() > 10);
    extractor.close();
    start(Optional.of(HOURLY), "1h", policy(Overlap.SKIP, Optional.of(Duration.ofMinutes(5))));
    await("it goes on", () -> runs().size() == 1 && extractor.progress().rows() > 20);
    nanos += Duration.ofMinutes(5).toNanos();
    awaitRun(0, Outcome.FAILED);
    assertThat(runs().get(0).error()).contains("it took longer than PT5M");
    available = 0;
  }
}
