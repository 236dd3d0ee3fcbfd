package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of a firing of a source's schedule.
 *
 * @param number counts the runs of the source, from 0 on
 * @param firing the nominal instant; of several that were skipped together, the first one
 * @param until of these, the last one
 * @param attempt from 1 on; 0 if it was skipped
 * @param rows published by this attempt
 * @param error why it failed, was cancelled or skipped
 */
public record ScheduledRun(
    long number,
    Instant firing,
    Instant until,
    int attempt,
    Instant started,
    Optional<Instant> ended,
    long rows,
    Outcome outcome,
    Optional<String> error) {

  /** What became of it. */
  public enum Outcome {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED,
    SKIPPED
  }

  public ScheduledRun {
    requireNonNull(firing, "firing");
    requireNonNull(until, "until");
    requireNonNull(started, "started");
    requireNonNull(ended, "ended");
    requireNonNull(outcome, "outcome");
    requireNonNull(error, "error");
  }

  static ScheduledRun started(long number, Instant firing, int attempt, Instant now) {
    return new ScheduledRun(
        number,
        firing,
        firing,
        attempt,
        now,
        Optional.empty(),
        0,
        Outcome.RUNNING,
        Optional.empty());
  }

  static ScheduledRun skipped(long number, Instant first, Instant last, Instant now, String why) {
    return new ScheduledRun(
        number, first, last, 0, now, Optional.of(now), 0, Outcome.SKIPPED, Optional.of(why));
  }

  ScheduledRun ended(Instant now, long published, Outcome how, Optional<String> why) {
    return new ScheduledRun(
        number, firing, until, attempt, started, Optional.of(now), published, how, why);
  }

  /** As it is in the {@link PositionTopic}, and for people who read it by a machine. */
  public ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("number", number)
            .put("firing", firing.toString())
            .put("until", until.toString())
            .put("attempt", attempt)
            .put("started", started.toString());
    ended.ifPresent(at -> json.put("ended", at.toString()));
    json.put("rows", rows).put("outcome", outcome.name());
    error.ifPresent(why -> json.put("error", why));
    return json;
  }

  static ScheduledRun of(JsonNode json) {
    return new ScheduledRun(
        json.path("number").asLong(),
        Instant.parse(json.path("firing").asText()),
        Instant.parse(json.path("until").asText()),
        json.path("attempt").asInt(),
        Instant.parse(json.path("started").asText()),
        Optional.ofNullable(json.get("ended")).map(at -> Instant.parse(at.asText())),
        json.path("rows").asLong(),
        Outcome.valueOf(json.path("outcome").asText()),
        Optional.ofNullable(json.get("error")).map(JsonNode::asText));
  }
}
