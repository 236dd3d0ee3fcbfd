package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.Firings.Action;
import dev.tidemill.batch.Firings.Decision;
import dev.tidemill.batch.Firings.Skip;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An owner of a schedule, simulated: runs take and fail as they like, and the clock jumps. */
class FiringsPropertyTest {
  /** In an hour that Berlin repeats two hours later. */
  private static final Instant START = Instant.parse("2026-10-24T23:00:30Z");

  /** What happened in a simulation. */
  private static final class History {
    final List<Instant> started = new ArrayList<>();
    final List<Skip> skipped = new ArrayList<>();
    final List<Action> actions = new ArrayList<>();
    int mostAtOnce;
    Firings last = Firings.after(START);
  }

  @Property(tries = 100)
  void no_firing_starts_twice_whatever_the_clock_does(
      @ForAll("schedules") Schedule schedule,
      @ForAll("policies") FiringPolicy policy,
      @ForAll long seed) {
    History history = simulate(schedule, policy, new Random(seed), true);
    assertThat(history.started).doesNotHaveDuplicates().isSorted();
  }

  @Property(tries = 100)
  void every_firing_starts_waits_or_is_skipped_and_only_once(
      @ForAll("schedules") Schedule schedule,
      @ForAll("policies") FiringPolicy policy,
      @ForAll long seed) {
    History history = simulate(schedule, policy, new Random(seed), true);
    Stream<Instant> skipped =
        history.skipped.stream()
            .flatMap(skip -> schedule.between(skip.first().minusNanos(1), skip.last()));
    assertThat(
            Stream.of(history.started.stream(), history.last.waiting().stream(), skipped)
                .flatMap(firings -> firings))
        .containsExactlyInAnyOrderElementsOf(
            schedule.between(START, history.last.decided()).toList());
  }

  @Property(tries = 100)
  void one_run_at_a_time_and_no_more_attempts_than_allowed(
      @ForAll("schedules") Schedule schedule,
      @ForAll("policies") FiringPolicy policy,
      @ForAll long seed) {
    History history = simulate(schedule, policy, new Random(seed), true);
    assertThat(history.mostAtOnce).isLessThanOrEqualTo(1);
    assertThat(history.last.waiting()).hasSizeLessThanOrEqualTo(policy.misfireCap());
    assertThat(history.actions)
        .allMatch(
            action ->
                !(action instanceof Action.Fire fire) || fire.attempt() <= policy.retries() + 1);
  }

  @Property(tries = 100)
  void on_a_good_day_each_firing_starts(
      @ForAll("schedules") Schedule schedule, @ForAll("policies") FiringPolicy policy) {
    History history = new History();
    Instant end = START.plus(Duration.ofHours(5));
    Instant now = START;
    while (now.isBefore(end)) {
      Decision decision = history.last.decide(schedule, policy, now, Duration.ZERO);
      history.last = decision.next();
      if (decision.action() instanceof Action.Fire fire) {
        history.started.add(fire.firing());
        history.last = history.last.succeeded();
      } else if (decision.action() instanceof Action.Wait wait) {
        assertThat(wait.until().orElse(end)).isAfter(now);
        now = wait.until().orElse(end);
      }
    }
    assertThat(history.started)
        .containsExactlyElementsOf(
            schedule.between(START, end.minus(policy.delay()).minusNanos(1)).toList());
  }

  @Property(tries = 100)
  void until_the_time_to_wait_for_nothing_changes(
      @ForAll("schedules") Schedule schedule,
      @ForAll("policies") FiringPolicy policy,
      @ForAll long seed) {
    Firings firings = simulate(schedule, policy, new Random(seed), false).last;
    Instant now = firings.decided().plus(policy.delay());
    Decision decision = firings.decide(schedule, policy, now, Duration.ZERO);
    if (decision.action() instanceof Action.Wait wait && wait.until().isPresent()) {
      Instant justBefore = wait.until().get().minusMillis(1);
      Decision again =
          decision.next().decide(schedule, policy, justBefore, Duration.between(now, justBefore));
      assertThat(again.next()).isEqualTo(decision.next());
      assertThat(again.skipped()).isEmpty();
    }
  }

  @Property(tries = 100)
  void the_same_seed_makes_the_same_decisions(
      @ForAll("schedules") Schedule schedule,
      @ForAll("policies") FiringPolicy policy,
      @ForAll long seed) {
    assertThat(simulate(schedule, policy, new Random(seed), true).actions)
        .isEqualTo(simulate(schedule, policy, new Random(seed), true).actions);
  }

  private static History simulate(
      Schedule schedule, FiringPolicy policy, Random random, boolean clockJumps) {
    History history = new History();
    Instant now = START;
    Duration elapsed = Duration.ZERO;
    int running = 0;
    for (int i = 0; i < 400; i++) {
      Decision decision = history.last.decide(schedule, policy, now, elapsed);
      history.last = decision.next();
      history.skipped.addAll(decision.skipped());
      history.actions.add(decision.action());
      if (decision.action() instanceof Action.Fire fire) {
        running++;
        elapsed = Duration.ZERO;
        if (fire.attempt() == 1) {
          history.started.add(fire.firing());
        }
      } else if (decision.action() instanceof Action.CancelThenFire fire) {
        history.started.add(fire.firing());
        elapsed = Duration.ZERO;
      } else if (decision.action() instanceof Action.Cancel) {
        running--;
        history.last = history.last.failed(policy, now);
      }
      history.mostAtOnce = Math.max(history.mostAtOnce, running);
      if (running == 1 && random.nextInt(3) > 0) {
        running = 0;
        history.last =
            random.nextInt(3) == 0 ? history.last.failed(policy, now) : history.last.succeeded();
      }
      Duration step = Duration.ofMillis(random.nextInt(120_000));
      elapsed = elapsed.plus(step);
      now = now.plus(step);
      if (clockJumps && random.nextInt(20) == 0) {
        now = random.nextBoolean() ? now.plusSeconds(3600) : now.minusSeconds(3600);
      }
    }
    return history;
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    return Arbitraries.of(
        FixedSchedule.every(Duration.ofSeconds(10)),
        FixedSchedule.every(Duration.ofMinutes(7)),
        new ZonedSchedule(Cron.parse("*/5 * * * *"), berlin),
        new ZonedSchedule(Cron.parse("30 2,3 * * *"), berlin),
        new OnceSchedule(START.plusSeconds(90)));
  }

  @Provide
  Arbitrary<FiringPolicy> policies() {
    return Combinators.combine(
            Arbitraries.of(Overlap.values()),
            Arbitraries.of(Misfire.values()),
            Arbitraries.of(1, 3, 100),
            Arbitraries.of(Optional.<Duration>empty(), Optional.of(Duration.ofMinutes(2))),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(Duration.ZERO, Duration.ofSeconds(40)),
            Arbitraries.longs())
        .as(
            (overlap, misfire, cap, timeout, retries, jitter, seed) ->
                new FiringPolicy(
                    overlap, misfire, cap, timeout, retries, Duration.ofSeconds(10), jitter, seed));
  }
}
