package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.ScheduleOverride;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What the cluster knows of the schedule of a source; a snapshot.
 *
 * @param words when it is, for people
 * @param values all that is in force, as a definition would say it
 * @param override what was set while the pipeline ran
 * @param definition what the definition says, if something else was set
 * @param next the first five firings, in UTC, behind what is decided
 * @param paused whether no firing is run until somebody says so
 * @param runs the latest hundred runs and skips, the first one first
 */
public record SourceSchedule(
    String source,
    String words,
    Map<String, String> values,
    Optional<ScheduleOverride> override,
    Optional<String> definition,
    List<String> next,
    boolean paused,
    List<ScheduledRun> runs) {
  public SourceSchedule {
    requireNonNull(source, "source");
    requireNonNull(words, "words");
    requireNonNull(override, "override");
    requireNonNull(definition, "definition");
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    next = List.copyOf(next);
    runs = List.copyOf(runs);
  }

  /** For people who read it by a machine. */
  public ObjectNode json() {
    ObjectNode json = head();
    ArrayNode array = json.putArray("runs");
    runs.forEach(run -> array.add(run.json()));
    return json;
  }

  /** As {@link #json}, but only the last run, if there was any. */
  public ObjectNode summary() {
    ObjectNode json = head();
    last().ifPresent(run -> json.set("last", run.json()));
    return json;
  }

  private ObjectNode head() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("source", source).put("words", words);
    json.set("values", SourceCommand.json(values));
    override.ifPresent(other -> json.set("set", SourceCommand.json(other)));
    definition.ifPresent(said -> json.put("definition", said));
    json.put("paused", paused);
    ArrayNode array = json.putArray("next");
    next.forEach(array::add);
    return json;
  }

  /** The last run or skip. */
  public Optional<ScheduledRun> last() {
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
  }

  /** Empty if the source has no schedule, or it was never looked at. */
  static Optional<SourceSchedule> of(String source, Map<String, JsonNode> notes) {
    return Optional.ofNullable(notes.get(Runs.STATE)).map(state -> of(source, state, notes));
  }

  private static SourceSchedule of(String source, JsonNode json, Map<String, JsonNode> notes) {
    ScheduleState state = ScheduleState.of(json);
    return new SourceSchedule(
        source,
        json.path("words").asText(),
        SourceCommand.values(json.path("values")),
        state.override(),
        Optional.ofNullable(json.get("definition")).map(JsonNode::asText),
        StreamSupport.stream(json.path("next").spliterator(), false).map(JsonNode::asText).toList(),
        state.paused(),
        notes.entrySet().stream()
            .flatMap(note -> Runs.run(note.getKey(), note.getValue()).stream())
            .sorted(Comparator.comparingLong(ScheduledRun::number))
            .toList());
  }
}
