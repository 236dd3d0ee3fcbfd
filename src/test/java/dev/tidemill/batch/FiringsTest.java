package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.Firings.Action;
import dev.tidemill.batch.Firings.Decision;
import dev.tidemill.batch.Firings.Reason;
import dev.tidemill.batch.Firings.Run;
import dev.tidemill.batch.Firings.Skip;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each policy by name, with a firing every ten minutes. */
class FiringsTest {
  private static final Schedule SCHEDULE = FixedSchedule.every(Duration.ofMinutes(10));
  private static final FiringPolicy POLICY = FiringPolicy.DEFAULT;

  @Test
  void waits_for_the_first_firing_after_its_start() {
    assertThat(decide(Firings.after(at("10:00")), POLICY, "10:03").action())
        .isEqualTo(new Action.Wait(Optional.of(at("10:10"))));
  }

  @Test
  void fires_what_is_due() {
    assertThat(decide(Firings.after(at("10:00")), POLICY, "10:10").action())
        .isEqualTo(new Action.Fire(at("10:10"), 1));
  }

  @Test
  void misfire_once_runs_the_latest_in_the_place_of_all() {
    Decision decision = decide(Firings.after(at("10:00")), POLICY, "10:35");
    assertThat(decision.action()).isEqualTo(new Action.Fire(at("10:30"), 1));
    assertThat(decision.skipped())
        .containsExactly(new Skip(at("10:10"), at("10:20"), Reason.MISFIRE));
  }

  @ParameterizedTest
  @CsvSource({"10:30:20, 10:20", "10:35, 10:30"})
  void misfire_skip_runs_only_what_is_due_now(String now, String lastSkipped) {
    Decision decision = decide(Firings.after(at("10:00")), policy(Overlap.SKIP, Misfire.SKIP), now);
    assertThat(decision.skipped())
        .containsExactly(new Skip(at("10:10"), at(lastSkipped), Reason.MISFIRE));
    assertThat(decision.action() instanceof Action.Fire).isEqualTo(lastSkipped.equals("10:20"));
  }

  @Test
  void misfire_all_runs_the_latest_ones_up_to_the_cap() {
    Decision decision =
        decide(Firings.after(at("10:00")), policy(Overlap.SKIP, Misfire.ALL), "11:05");
    assertThat(decision.action()).isEqualTo(new Action.Fire(at("10:40"), 1));
    assertThat(decision.next().waiting()).containsExactly(at("10:50"), at("11:00"));
    assertThat(decision.skipped()).containsExactly(new Skip(at("10:10"), at("10:30"), Reason.CAP));
  }

  @Test
  void overlap_skip_does_not_run_what_is_due_during_a_run() {
    Decision decision = decide(running("10:10"), POLICY, "10:20");
    assertThat(decision.skipped())
        .containsExactly(new Skip(at("10:20"), at("10:20"), Reason.OVERLAP));
    assertThat(decision.action()).isEqualTo(new Action.Wait(Optional.of(at("10:30"))));
  }

  @Test
  void overlap_queue_runs_it_afterwards() {
    FiringPolicy policy = policy(Overlap.QUEUE, Misfire.ONCE);
    Firings queued = decide(running("10:10"), policy, "10:20").next();
    assertThat(decide(queued.succeeded(), policy, "10:25").action())
        .isEqualTo(new Action.Fire(at("10:20"), 1));
  }

  @Test
  void a_queue_is_no_longer_than_the_cap() {
    FiringPolicy policy = policy(Overlap.QUEUE, Misfire.ONCE);
    Firings full =
        new Firings(
            at("10:40"),
            List.of(at("10:20"), at("10:30"), at("10:40")),
            running("10:10").current());
    Decision decision = decide(full, policy, "10:50");
    assertThat(decision.next().waiting()).containsExactly(at("10:30"), at("10:40"), at("10:50"));
    assertThat(decision.skipped()).containsExactly(new Skip(at("10:20"), at("10:20"), Reason.CAP));
  }

  @Test
  void overlap_cancel_previous_replaces_the_run() {
    Decision decision =
        decide(running("10:10"), policy(Overlap.CANCEL_PREVIOUS, Misfire.ONCE), "10:20");
    assertThat(decision.action()).isEqualTo(new Action.CancelThenFire(at("10:20")));
  }

  @Test
  void a_run_that_takes_too_long_is_cancelled() {
    FiringPolicy policy = withTimeout(Duration.ofMinutes(5));
    Firings running = running("10:10");
    assertThat(running.decide(SCHEDULE, policy, at("10:12"), Duration.ofMinutes(2)).action())
        .isEqualTo(new Action.Wait(Optional.of(at("10:15"))));
    assertThat(running.decide(SCHEDULE, policy, at("10:15"), Duration.ofMinutes(5)).action())
        .isEqualTo(new Action.Cancel());
  }

  @Test
  void a_failed_run_is_tried_again_after_ten_twenty_and_forty_seconds_and_then_no_more() {
    Firings firings = running("10:10");
    Instant now = at("10:10:05");
    for (int retry = 1; retry <= 3; retry++) {
      firings = firings.failed(POLICY, now);
      Instant again = now.plusSeconds(5L << retry);
      assertThat(firings.decide(SCHEDULE, POLICY, now, Duration.ZERO).action())
          .isEqualTo(new Action.Wait(Optional.of(again)));
      Decision decision = firings.decide(SCHEDULE, POLICY, again, Duration.ZERO);
      assertThat(decision.action()).isEqualTo(new Action.Fire(at("10:10"), retry + 1));
      firings = decision.next();
      now = again.plusSeconds(5);
    }
    assertThat(firings.failed(POLICY, now).current()).isEmpty();
  }

  @Test
  void a_retry_does_not_wait_for_a_clock_that_jumped_back() {
    Firings failed = running("10:10").failed(POLICY, at("10:10:05"));
    assertThat(decide(failed, POLICY, "09:10:06").action())
        .isEqualTo(new Action.Fire(at("10:10"), 2));
  }

  @Test
  void a_clock_that_jumped_back_fires_nothing_again() {
    Firings done = running("10:10").succeeded();
    assertThat(decide(done, POLICY, "09:10").action())
        .isEqualTo(new Action.Wait(Optional.of(at("10:20"))));
  }

  @Test
  void a_clock_that_jumped_ahead_has_missed_an_hour_and_runs_once() {
    Firings done = running("10:10").succeeded();
    Decision decision = decide(done, POLICY, "11:11");
    assertThat(decision.action()).isEqualTo(new Action.Fire(at("11:10"), 1));
    assertThat(decision.next().waiting()).isEmpty();
  }

  @Test
  void jitter_is_the_same_delay_for_every_firing() {
    FiringPolicy policy = jittered();
    Duration delay = policy.delay();
    assertThat(delay).isBetween(Duration.ofMillis(1), Duration.ofMinutes(5));
    Firings firings = Firings.after(at("10:00"));
    assertThat(decide(firings, policy, "10:10").action())
        .isEqualTo(new Action.Wait(Optional.of(at("10:10").plus(delay))));
    assertThat(firings.decide(SCHEDULE, policy, at("10:10").plus(delay), Duration.ZERO).action())
        .isEqualTo(new Action.Fire(at("10:10"), 1));
  }

  @Test
  void another_schedule_begins_where_it_was_set_and_runs_what_waits() {
    Firings former = new Firings(at("10:10"), List.of(at("10:10")), Optional.empty());
    Decision decision = former.replaced(SCHEDULE, POLICY, at("10:35"));
    assertThat(decision.skipped())
        .containsExactly(new Skip(at("10:20"), at("10:30"), Reason.MISFIRE));
    assertThat(decision.next())
        .isEqualTo(new Firings(at("10:35"), List.of(at("10:10")), Optional.empty()));
    assertThat(former.replaced(SCHEDULE, POLICY, at("10:05")).next()).isEqualTo(former);
  }

  @Test
  void without_a_schedule_nothing_is_due() {
    Decision decision =
        Firings.after(at("10:00")).decide(new NoSchedule(), POLICY, at("11:00"), Duration.ZERO);
    assertThat(decision.action()).isEqualTo(new Action.Wait(Optional.empty()));
    assertThat(decision.skipped()).isEmpty();
  }

  private static Decision decide(Firings firings, FiringPolicy policy, String now) {
    return firings.decide(SCHEDULE, policy, at(now), Duration.ZERO);
  }

  private static Firings running(String firing) {
    return new Firings(
        at(firing), List.of(), Optional.of(new Run(at(firing), 1, Optional.empty())));
  }

  private static FiringPolicy policy(Overlap overlap, Misfire misfire) {
    return new FiringPolicy(
        overlap, misfire, 3, Optional.empty(), 3, Duration.ofSeconds(10), Duration.ZERO, 0);
  }

  private static FiringPolicy withTimeout(Duration timeout) {
    return new FiringPolicy(
        Overlap.SKIP,
        Misfire.ONCE,
        3,
        Optional.of(timeout),
        3,
        Duration.ofSeconds(10),
        Duration.ZERO,
        0);
  }

  private static FiringPolicy jittered() {
    return new FiringPolicy(
        Overlap.SKIP,
        Misfire.ONCE,
        3,
        Optional.empty(),
        3,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        42);
  }

  private static Instant at(String time) {
    return Instant.parse("2026-11-26T" + time + (time.length() == 5 ? ":00Z" : "Z"));
  }
}
