package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.ScheduleOverride;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the owner of a source is told to do with its schedule; a record of its control topic. */
public sealed interface SourceCommand {
  /** As it is in the topic. */
  String text();

  /** What is told in a word. */
  enum Simple implements SourceCommand {
    /** One run, now or behind those that wait. */
    RUN,
    /** No firing is run from now on. */
    PAUSE,
    /** Firings are run again; those meanwhile were missed. */
    RESUME;

    @Override
    public String text() {
      return name();
    }
  }

  /**
   * Another schedule from now on; what was due before is run.
   *
   * @param override empty: the definition's
   */
  record Change(Optional<ScheduleOverride> override) implements SourceCommand {
    private static final String SET = "SET ";
    private static final String DELETE = "DELETE";
    private static final String RESET = "RESET";

    public Change {
      requireNonNull(override, "override");
    }

    public static Change to(ScheduleOverride override) {
      return new Change(Optional.of(override));
    }

    public static Change back() {
      return new Change(Optional.empty());
    }

    @Override
    public String text() {
      return override
          .map(other -> other.equals(ScheduleOverride.NEVER) ? DELETE : SET + json(other))
          .orElse(RESET);
    }
  }

  /**
   * @throws IllegalArgumentException if it is none
   */
  static SourceCommand parse(String text) {
    if (text.equals(Change.DELETE)) {
      return Change.to(ScheduleOverride.NEVER);
    }
    if (text.equals(Change.RESET)) {
      return Change.back();
    }
    if (!text.startsWith(Change.SET)) {
      return Stream.of(Simple.values())
          .filter(known -> known.name().equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("it may be of a later release"));
    }
    try {
      return Change.to(override(new ObjectMapper().readTree(text.substring(Change.SET.length()))));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** As it is kept; of one that is never read, nothing is. */
  static ObjectNode json(ScheduleOverride override) {
    return json(override.written().orElse(Map.of()));
  }

  static ObjectNode json(Map<String, String> values) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    values.forEach(json::put);
    return json;
  }

  /**
   * @throws IllegalArgumentException if it means nothing
   */
  static ScheduleOverride override(JsonNode json) {
    return json.isEmpty() ? ScheduleOverride.NEVER : ScheduleOverride.of(values(json));
  }

  static Map<String, String> values(JsonNode json) {
    Map<String, String> values = new LinkedHashMap<>();
    json.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    return values;
  }
}
