package dev.tidemill.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.Firings;
import dev.tidemill.batch.Firings.Action;
import dev.tidemill.batch.NoSchedule;
import dev.tidemill.batch.Schedule;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.events.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a source's schedule while this instance is its owner. What is decided, and what
 * becomes of each run, changes in the same transactions as the rows: a run is decided before its
 * first row, and has ended with its last one. A run that an owner has left under way is the next
 * owner's to end: it goes on behind the last commit, as the same attempt.
 *
 * <p>Not thread-safe, except for {@link #command} and {@link #waitForCommands}.
 */
final class Runs {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  /** How many runs of a source are kept, the latest ones. */
  static final int KEPT = 100;

  /** Names among the notes of a source: one, and as many as are kept. */
  static final String STATE = "schedule";

  private static final String RUN = "run/";
  private static final int NEXT = 5;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String source;
  private final ScheduleDefinition definition;
  private final Instant start;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Events events;

  private final Queue<ToldCommand> asked = new ConcurrentLinkedQueue<>();

  private volatile boolean waitsForCommands;

  /** The definition's schedule that is obeyed: another one's, until this one is followed. */
  private ScheduleDefinition said;

  /** What holds: the definition's, or what somebody has put in its place. */
  private ScheduleDefinition inForce;

  private Schedule schedule;
  private FiringPolicy policy;
  private Publication out;
  private Positions positions;
  private ScheduleState state;
  private Optional<ScheduledRun> running = Optional.empty();
  private Optional<Span> span = Optional.empty();
  private long beganNanos;
  private long lookedNanos;
  private Optional<String> cancelled = Optional.empty();

  /** What is decided as soon as the run under way has ended for it. */
  private Optional<Firings.Decision> replacement = Optional.empty();

  private final ScheduleChanges changes;

  /**
   * @param timing what lies before its start is none of the schedule's business, if it has never
   *     run
   */
  Runs(String source, ScheduleDefinition definition, Timing timing, Events events) {
    this.source = source;
    this.definition = definition;
    this.start = timing.start();
    this.clock = timing.clock();
    this.nanos = timing.nanos();
    this.events = events;
    this.changes = new ScheduleChanges(source, events);
    this.said = definition;
    putInForce(definition);
  }

  private void putInForce(ScheduleDefinition other) {
    inForce = other;
    schedule = other.schedule(start);
    policy = other.policy().seeded(source.hashCode());
  }

  /**
   * Takes up what is committed.
   *
   * @param failure why the run under way has failed here; empty: it goes on
   */
  void restore(Positions committed, Publication to, Optional<String> failure) {
    positions = committed;
    out = to;
    state =
        committed
            .note(STATE)
            .map(ScheduleState::of)
            .orElseGet(() -> ScheduleState.startingAt(start.minusMillis(1)));
    long obeyed = state.commands(); // what was obeyed without a commit is obeyed again
    asked.removeIf(before -> before.offset() < obeyed);
    said = ScheduleChanges.former(state.said(), definition);
    if (said == definition) {
      state = state.saying(definition.values());
    }
    useOverride();
    running =
        state.isUnderWay()
            ? committed.note(RUN + state.running() % KEPT).map(ScheduledRun::of)
            : Optional.empty();
    begin();
    running.ifPresent(this::openSpan);
    if (!committed.note(STATE).equals(Optional.of(json()))) {
      noteState();
      out.commitAtOnce();
    }
    if (failure.isPresent() && running.isPresent()) {
      failed(failure.get());
      out.commitAtOnce();
    }
  }

  private void begin() {
    beganNanos = nanos.getAsLong();
    cancelled = Optional.empty();
    replacement = Optional.empty();
  }

  private void useOverride() {
    ScheduleDefinition other = state.override().map(change -> change.over(said)).orElse(said);
    if (!other.equals(inForce)) {
      putInForce(other);
      if (state.override().isPresent()) {
        LOG.warn(
            "Source {}: read {}, as was set while it ran ({}); its definition says {} and holds"
                + " again after 'tidemill schedule reset'",
            source,
            inForce.inWords(),
            state.override().get().inWords(),
            said.inWords());
      } else {
        LOG.info("Source {}: read {}, as its definition says", source, inForce.inWords());
      }
    }
  }

  /** Decides what is due. Whether a run is under way then; its beginning is committed. */
  boolean isUnderWay() {
    if (running.isEmpty() && !waitsForCommands) {
      ScheduleState before = state;
      obey();
      follow();
      fire(clock.instant());
      if (!before.equals(state)) {
        out.commitAtOnce();
      }
    }
    return running.isPresent();
  }

  private void fire(Instant now) {
    if (running.isEmpty() && !state.paused()) {
      Firings.Decision decision = decide(schedule, now);
      take(decision);
      if (decision.action() instanceof Action.Fire fire) {
        started(fire.firing(), fire.attempt());
      }
    }
  }

  /** Whether the run under way has to end early. To be asked before each row: it costs little. */
  boolean isCancelled() {
    long now = System.nanoTime();
    if (running.isPresent() && cancelled.isEmpty() && now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      obey();
      follow();
      Firings.Decision decision =
          decide(state.paused() ? new NoSchedule() : schedule, clock.instant());
      if (decision.action() instanceof Action.CancelThenFire fire) {
        cancelled = Optional.of("for the run of " + fire.firing());
        replacement = Optional.of(decision);
      } else {
        take(decision);
      }
      if (decision.action() instanceof Action.Cancel) {
        cancelled = Optional.of("it took longer than " + policy.timeout().orElseThrow());
      }
    }
    return cancelled.isPresent();
  }

  /** Whether the run under way was told to end early. */
  boolean wasCancelled() {
    return cancelled.isPresent();
  }

  private Firings.Decision decide(Schedule by, Instant now) {
    Duration elapsed = Duration.ofNanos(nanos.getAsLong() - beganNanos);
    return state.firings().decide(by, policy, now, elapsed);
  }

  private void take(Firings.Decision decision) {
    ScheduleState before = state;
    state = state.with(decision.next());
    decision.skipped().forEach(this::skipped);
    if (!before.equals(state)) {
      noteState();
    }
  }

  private void skipped(Firings.Skip skip) {
    String why = skip.reason().name().toLowerCase(Locale.ROOT);
    LOG.info("Source {}: not run, {}: {} to {}", source, why, skip.first(), skip.last());
    events
        .event(EventType.SCHEDULE_SKIPPED)
        .with("source", source)
        .with("reason", why)
        .with("first", skip.first().toString())
        .with("last", skip.last().toString())
        .emit();
    note(ScheduledRun.skipped(state.runs(), skip.first(), skip.last(), clock.instant(), why));
    state = state.skipped();
  }

  private void started(Instant firing, int attempt) {
    LOG.info("Source {}: run of {}, attempt {}", source, firing, attempt);
    ScheduledRun run = ScheduledRun.started(state.runs(), firing, attempt, clock.instant());
    state = state.begun(state.firings(), positions.rows());
    running = Optional.of(run);
    openSpan(run);
    begin();
    note(run);
    noteState();
  }

  /** The run under way has done what it could, and is committed with its end. */
  void ended() {
    if (cancelled.isEmpty()) {
      end(ScheduledRun.Outcome.DONE, Optional.empty());
      state = state.with(state.firings().succeeded());
    } else if (replacement.isPresent()) {
      end(ScheduledRun.Outcome.CANCELLED, cancelled);
      take(replacement.get());
      Firings.Run next = state.firings().current().orElseThrow();
      started(next.firing(), next.attempt());
    } else {
      failed(cancelled.get());
    }
    noteState();
    out.commitAtOnce();
  }

  private void failed(String why) {
    LOG.warn("Source {}: the run of {} has failed: {}", source, running.get().firing(), why);
    end(ScheduledRun.Outcome.FAILED, Optional.of(why));
    state = state.with(state.firings().failed(policy, clock.instant()));
    noteState();
  }

  private void end(ScheduledRun.Outcome outcome, Optional<String> why) {
    long rows = positions.rows() - state.rowsBefore();
    note(running.orElseThrow().ended(clock.instant(), rows, outcome, why));
    running = Optional.empty();
    span.ifPresent(
        run ->
            run.with("outcome", outcome.name().toLowerCase(Locale.ROOT)).with("rows", rows).stop());
    span = Optional.empty();
  }

  /** That a run is under way here, unless that is said already. */
  private void openSpan(ScheduledRun run) {
    if (span.isEmpty()) {
      span =
          Optional.of(
              events
                  .event(EventType.SCHEDULE_RUN)
                  .with("source", source)
                  .with("firing", run.firing().toString())
                  .with("attempt", String.valueOf(run.attempt()))
                  .start());
    }
  }

  private void note(ScheduledRun run) {
    out.note(RUN + run.number() % KEPT, run.json());
  }

  private void noteState() {
    out.note(STATE, json());
  }

  private JsonNode json() {
    ObjectNode json = state.json().put("words", inForce.inWords());
    json.set("values", SourceCommand.json(inForce.values()));
    if (state.override().isPresent()) {
      json.put("definition", said.inWords());
    }
    ArrayNode next = json.putArray("next");
    schedule
        .after(state.firings().decided())
        .limit(NEXT)
        .forEach(firing -> next.add(firing.toString()));
    return json;
  }

  /** May be called by any thread; a command that was obeyed before is not obeyed again. */
  void command(ToldCommand command) {
    asked.add(command);
  }

  /**
   * May be called by any thread.
   *
   * @param waits else a run could begin that somebody has forbidden while there was no owner
   */
  void waitForCommands(boolean waits) {
    waitsForCommands = waits;
  }

  private void obey() {
    for (ToldCommand next : asked) {
      if (next.offset() >= state.commands()) {
        LOG.info("Source {}: told to {}", source, next.command().text());
        Instant now = clock.instant();
        Instant at = next.at().isBefore(now) ? next.at() : now;
        String before = inForce();
        if (next.command() instanceof SourceCommand.Change) {
          settle(at);
        }
        state = state.obeyed(next.offset(), next.command(), at);
        useOverride();
        noteState();
        changes.obeyed(next, before, inForce());
      }
    }
  }

  /** What was due before a change is the former schedule's. */
  private void settle(Instant at) {
    if (state.firings().current().isEmpty()) {
      fire(at);
    } else if (!state.paused()) {
      Firings.Decision decision = decide(schedule, at);
      if (decision.action() instanceof Action.Wait) { // else it is the new schedule's to decide
        take(decision);
      }
    }
    take(state.firings().replaced(schedule, policy, at));
  }

  /**
   * A definition with another schedule than the last one holds from the start of this process on,
   * and behind the commands that were given before.
   */
  private void follow() {
    if (said != definition && !waitsForCommands) {
      String before = inForce();
      ScheduleDefinition other =
          state.override().map(change -> change.over(definition)).orElse(definition);
      if (!other.values().equals(inForce.values())) {
        settle(start.minusMillis(1)); // the start itself is what @reboot means
      }
      said = definition;
      state = state.saying(definition.values());
      useOverride();
      noteState();
      changes.followed(start, before, inForce());
    }
  }

  private String inForce() {
    return ScheduleChanges.inWords(inForce, state.paused());
  }

  /** Whether a note is one of a run. */
  static Optional<ScheduledRun> run(String name, JsonNode note) {
    return name.startsWith(RUN) ? Optional.of(ScheduledRun.of(note)) : Optional.empty();
  }
}
