package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What the cluster knows of the schedule of a source; a snapshot.
 *
 * @param words when it is, for people
 * @param next the first five firings, in UTC, behind what is decided
 * @param paused whether no firing is run until somebody says so
 * @param runs the latest hundred runs and skips, the first one first
 */
public record SourceSchedule(
    String source, String words, List<String> next, boolean paused, List<ScheduledRun> runs) {
  public SourceSchedule {
    requireNonNull(source, "source");
    requireNonNull(words, "words");
    next = List.copyOf(next);
    runs = List.copyOf(runs);
  }

  /** Empty if the source has no schedule, or it was never looked at. */
  static Optional<SourceSchedule> of(String source, Map<String, JsonNode> notes) {
    return Optional.ofNullable(notes.get(Runs.STATE))
        .map(
            state ->
                new SourceSchedule(
                    source,
                    state.path("words").asText(),
                    StreamSupport.stream(state.path("next").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList(),
                    ScheduleState.of(state).paused(),
                    notes.entrySet().stream()
                        .flatMap(note -> Runs.run(note.getKey(), note.getValue()).stream())
                        .sorted(Comparator.comparingLong(ScheduledRun::number))
                        .toList()));
  }
}
