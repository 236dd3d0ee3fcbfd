package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.Firings;
import dev.tidemill.definition.ScheduleOverride;
import dev.tidemill.extract.SourceCommand.Simple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Where the schedule of a source is: what the next owner has to know.
 *
 * @param firings what is decided
 * @param paused whether nothing is decided until somebody says so
 * @param runs how many runs and skips there were
 * @param running the number of the run under way, if {@code firings} says that there is one
 * @param rowsBefore how many rows were published before it
 * @param commands the offset of the first command that is not obeyed yet
 * @param override of the definition's schedule, until somebody takes it back
 * @param said the definition's schedule that was obeyed last, all its values; empty: not known,
 *     since an earlier release did not keep them
 */
record ScheduleState(
    Firings firings,
    boolean paused,
    long runs,
    long running,
    long rowsBefore,
    long commands,
    Optional<ScheduleOverride> override,
    Map<String, String> said) {

  ScheduleState {
    requireNonNull(firings, "firings");
    requireNonNull(override, "override");
    said = Map.copyOf(said);
  }

  static ScheduleState startingAt(Instant time) {
    return new ScheduleState(Firings.after(time), false, 0, 0, 0, 0, Optional.empty(), Map.of());
  }

  /** A definition is obeyed from now on. */
  ScheduleState saying(Map<String, String> values) {
    return new ScheduleState(
        firings, paused, runs, running, rowsBefore, commands, override, values);
  }

  ScheduleState with(Firings other) {
    return new ScheduleState(other, paused, runs, running, rowsBefore, commands, override, said);
  }

  /** One more run, which is under way. */
  ScheduleState begun(Firings other, long rows) {
    return new ScheduleState(other, paused, runs + 1, runs, rows, commands, override, said);
  }

  /** One more that is not run. */
  ScheduleState skipped() {
    return new ScheduleState(
        firings, paused, runs + 1, running, rowsBefore, commands, override, said);
  }

  /** One more command is obeyed. */
  ScheduleState obeyed(long offset, SourceCommand command, Instant now) {
    return new ScheduleState(
        command == Simple.RUN ? asked(now) : firings,
        command == Simple.PAUSE || paused && command != Simple.RESUME,
        runs,
        running,
        rowsBefore,
        offset + 1,
        command instanceof SourceCommand.Change change ? change.override() : override,
        said);
  }

  private Firings asked(Instant now) {
    List<Instant> waiting = new ArrayList<>(firings.waiting());
    waiting.add(now);
    return new Firings(firings.decided(), waiting, firings.current());
  }

  boolean isUnderWay() {
    return firings.current().filter(run -> run.failedAt().isEmpty()).isPresent();
  }

  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("decided", firings.decided().toString())
            .put("paused", paused)
            .put("runs", runs)
            .put("running", running)
            .put("rowsBefore", rowsBefore)
            .put("commands", commands);
    override.ifPresent(other -> json.set("override", SourceCommand.json(other)));
    json.set("said", SourceCommand.json(said));
    ArrayNode waiting = json.putArray("waiting");
    firings.waiting().forEach(firing -> waiting.add(firing.toString()));
    firings
        .current()
        .ifPresent(
            run -> {
              ObjectNode current = json.putObject("current");
              current.put("firing", run.firing().toString()).put("attempt", run.attempt());
              run.failedAt().ifPresent(at -> current.put("failedAt", at.toString()));
            });
    return json;
  }

  static ScheduleState of(JsonNode json) {
    Firings firings =
        new Firings(
            instant(json.path("decided")),
            StreamSupport.stream(json.path("waiting").spliterator(), false)
                .map(ScheduleState::instant)
                .toList(),
            Optional.ofNullable(json.get("current")).map(ScheduleState::run));
    return new ScheduleState(
        firings,
        json.path("paused").asBoolean(),
        json.path("runs").asLong(),
        json.path("running").asLong(),
        json.path("rowsBefore").asLong(),
        json.path("commands").asLong(),
        Optional.ofNullable(json.get("override")).map(SourceCommand::override),
        SourceCommand.values(json.path("said")));
  }

  private static Firings.Run run(JsonNode json) {
    return new Firings.Run(
        instant(json.path("firing")),
        json.path("attempt").asInt(),
        Optional.ofNullable(json.get("failedAt")).map(ScheduleState::instant));
  }

  private static Instant instant(JsonNode json) {
    return Instant.parse(json.asText());
  }
}
