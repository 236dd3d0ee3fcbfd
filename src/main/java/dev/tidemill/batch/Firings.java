package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has become of the firings of one schedule, and what is to be done now. Whoever owns the
 * schedule keeps it, asks {@link #decide} at the time that it was told, and tells it how the runs
 * end. Immutable: each answer holds the next state, which has to be stored before it is acted upon,
 * so that a new owner fires nothing twice.
 *
 * <p>It reads no clock, and trusts the one that it is told little: firings are decided in their
 * order, each once. If the clock jumps ahead, what it jumped over was missed. If it jumps back,
 * nothing is due until it has come again to where it was.
 *
 * @param decided every firing up to here has run, was skipped, or is in {@code waiting} or {@code
 *     current}
 * @param waiting firings that will run, the first one first
 * @param current what runs, or has failed and is tried again
 */
public record Firings(Instant decided, List<Instant> waiting, Optional<Run> current) {

  /** A firing that is later than this was missed, for {@link Misfire#SKIP}. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * A run of a firing.
   *
   * @param attempt from 1 on
   * @param failedAt when this attempt failed; empty: it is under way
   */
  public record Run(Instant firing, int attempt, Optional<Instant> failedAt) {
    public Run {
      requireNonNull(firing, "firing");
      requireNonNull(failedAt, "failedAt");
    }
  }

  /** Why a firing is not run. */
  public enum Reason {
    /** A run was under way. */
    OVERLAP,
    /** It was missed. */
    MISFIRE,
    /** Too many were waiting. */
    CAP
  }

  /** The firings of the schedule from {@code first} to {@code last}, which are not run. */
  public record Skip(Instant first, Instant last, Reason reason) {}

  /** What is to be done. */
  public sealed interface Action {
    /** Start a run. */
    record Fire(Instant firing, int attempt) implements Action {}

    /** Cancel the run under way, which then does not count as failed, and start another. */
    record CancelThenFire(Instant firing) implements Action {}

    /** The run under way has had its time: cancel it, then say that it {@link #failed}. */
    record Cancel() implements Action {}

    /** Nothing, until then, or until the run under way ends; empty: nothing is to come. */
    record Wait(Optional<Instant> until) implements Action {}
  }

  /**
   * @param next the state after this
   * @param skipped since the last decision
   */
  public record Decision(Firings next, List<Skip> skipped, Action action) {}

  public Firings {
    requireNonNull(decided, "decided");
    requireNonNull(current, "current");
    waiting = List.copyOf(waiting);
  }

  /** Of a schedule that begins now: what lies before is none of its business. */
  public static Firings after(Instant start) {
    return new Firings(start, List.of(), Optional.empty());
  }

  /** The run under way has done its work. */
  public Firings succeeded() {
    return new Firings(decided, waiting, Optional.empty());
  }

  /** The run under way has failed, or its owner died; it is tried again while it may be. */
  public Firings failed(FiringPolicy policy, Instant now) {
    return new Firings(
        decided,
        waiting,
        current
            .filter(run -> run.attempt() <= policy.retries())
            .map(run -> new Run(run.firing(), run.attempt(), Optional.of(now))));
  }

  /**
   * @param now by the clock of the wall, which may have jumped
   * @param elapsed since the run under way began, by a clock that does not jump
   */
  public Decision decide(Schedule schedule, FiringPolicy policy, Instant now, Duration elapsed) {
    Instant upTo = now.minus(policy.delay());
    List<Instant> due =
        upTo.isAfter(decided) ? schedule.latest(decided, upTo, policy.misfireCap()) : List.of();
    if (due.isEmpty()) {
      return act(schedule, policy, now, elapsed, List.of());
    }
    List<Instant> kept = kept(policy.misfire(), due, upTo);
    List<Skip> skipped = new ArrayList<>();
    Instant first = schedule.next(decided).orElseThrow();
    Instant last = due.get(due.size() - 1);
    if (kept.isEmpty()) {
      skipped.add(new Skip(first, last, Reason.MISFIRE));
    } else if (first.isBefore(kept.get(0))) {
      skipped.add(
          new Skip(
              first,
              schedule.previous(kept.get(0)).orElseThrow(),
              policy.misfire() == Misfire.ALL ? Reason.CAP : Reason.MISFIRE));
    }
    if (current.isPresent() && !kept.isEmpty()) {
      if (policy.overlap() == Overlap.SKIP) {
        skipped.add(new Skip(kept.get(0), last, Reason.OVERLAP));
        return new Firings(last, waiting, current).act(schedule, policy, now, elapsed, skipped);
      }
      if (policy.overlap() == Overlap.CANCEL_PREVIOUS) {
        Stream.concat(waiting.stream(), kept.stream())
            .filter(firing -> firing.isBefore(last))
            .forEach(firing -> skipped.add(new Skip(firing, firing, Reason.OVERLAP)));
        return new Decision(
            new Firings(last, List.of(), Optional.of(new Run(last, 1, Optional.empty()))),
            List.copyOf(skipped),
            current.get().failedAt().isEmpty()
                ? new Action.CancelThenFire(last)
                : new Action.Fire(last, 1));
      }
    }
    List<Instant> all = Stream.concat(waiting.stream(), kept.stream()).toList();
    int tooMany = Math.max(0, all.size() - policy.misfireCap());
    all.subList(0, tooMany).forEach(firing -> skipped.add(new Skip(firing, firing, Reason.CAP)));
    return new Firings(last, all.subList(tooMany, all.size()), current)
        .act(schedule, policy, now, elapsed, skipped);
  }

  /**
   * Another schedule holds from now on. What was due before and is not decided is not run; what
   * waits is.
   */
  public Decision replaced(Schedule schedule, FiringPolicy policy, Instant now) {
    Instant upTo = now.minus(policy.delay());
    Action nothing = new Action.Wait(Optional.empty());
    if (!upTo.isAfter(decided)) {
      return new Decision(this, List.of(), nothing);
    }
    List<Skip> skipped =
        schedule
            .next(decided)
            .filter(first -> !first.isAfter(upTo))
            .map(first -> new Skip(first, schedule.floor(upTo).orElseThrow(), Reason.MISFIRE))
            .stream()
            .toList();
    return new Decision(new Firings(upTo, waiting, current), skipped, nothing);
  }

  private static List<Instant> kept(Misfire misfire, List<Instant> due, Instant upTo) {
    Instant last = due.get(due.size() - 1);
    return switch (misfire) {
      case ALL -> due;
      case ONCE -> List.of(last);
      case SKIP -> last.isBefore(upTo.minus(PATIENCE)) ? List.of() : List.of(last);
    };
  }

  /** All that is due is decided; what is to be done first? */
  private Decision act(
      Schedule schedule, FiringPolicy policy, Instant now, Duration elapsed, List<Skip> skipped) {
    Optional<Instant> nextDue = schedule.next(decided).map(f -> f.plus(policy.delay()));
    if (current.isEmpty()) {
      return waiting.isEmpty()
          ? new Decision(this, skipped, new Action.Wait(nextDue))
          : start(waiting.get(0), 1, waiting.subList(1, waiting.size()), skipped);
    }
    Run run = current.get();
    if (run.failedAt().isEmpty()) {
      return new Decision(
          this,
          skipped,
          policy.timeout().filter(limit -> elapsed.compareTo(limit) >= 0).isPresent()
              ? new Action.Cancel()
              : new Action.Wait(
                  earlier(nextDue, policy.timeout().map(limit -> now.plus(limit.minus(elapsed))))));
    }
    Instant failedAt = run.failedAt().get();
    Instant retry = failedAt.plus(policy.backOff(run.firing(), run.attempt()));
    return now.isBefore(retry) && !now.isBefore(failedAt)
        ? new Decision(this, skipped, new Action.Wait(earlier(nextDue, Optional.of(retry))))
        : start(run.firing(), run.attempt() + 1, waiting, skipped);
  }

  private Decision start(Instant firing, int attempt, List<Instant> rest, List<Skip> skipped) {
    return new Decision(
        new Firings(decided, rest, Optional.of(new Run(firing, attempt, Optional.empty()))),
        List.copyOf(skipped),
        new Action.Fire(firing, attempt));
  }

  private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
    return Stream.concat(a.stream(), b.stream()).min(Instant::compareTo);
  }
}
