package dev.tidemill.server;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.ScheduleOverride;
import dev.tidemill.extract.SourceCommand;
import dev.tidemill.extract.SourceCommand.Change;
import dev.tidemill.extract.SourceSchedule;
import dev.tidemill.query.QueryProblem;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The schedules of a pipeline's sources: what they are, and what their owners are told to do. */
final class SchedulesApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A command is a record that waits for the owner of the source. */
  private static final int ACCEPTED = 202;

  private static final String BODY =
      "{\"schedule\": \"0 2 * * *\", \"overlap\": \"queue\"}: the keys that 'schedule' of a definition"
          + " has";

  private final PipelineRun run;

  SchedulesApi(PipelineRun run) {
    this.run = run;
  }

  void all(Context context) throws QueryProblem {
    PipelineApi.requirePipeline(run, context);
    Parameters.of(context, Set.of());
    ObjectNode json = JSON.createObjectNode();
    ArrayNode schedules = json.putArray("schedules");
    new TreeMap<>(run.schedules()).values().forEach(each -> schedules.add(each.summary()));
    HttpApi.json(context, json);
  }

  void one(Context context) throws QueryProblem {
    HttpApi.json(context, schedule(context).json());
  }

  void command(Context context, SourceCommand command) throws QueryProblem {
    String source = schedule(context).source();
    run.scheduleCommands().send(source, command);
    ObjectNode json = JSON.createObjectNode();
    json.put("source", source).put("command", command.text());
    HttpApi.json(context.status(ACCEPTED), json);
  }

  /** With the keys of {@link ScheduleOverride#of}. */
  void set(Context context) throws QueryProblem {
    command(context, Change.to(override(context)));
  }

  void delete(Context context) throws QueryProblem {
    command(context, Change.to(ScheduleOverride.NEVER));
  }

  void reset(Context context) throws QueryProblem {
    command(context, Change.back());
  }

  private static ScheduleOverride override(Context context) throws QueryProblem {
    Map<String, String> said = new LinkedHashMap<>();
    try {
      Map<String, JsonNode> given = JSON.readValue(context.bodyAsBytes(), new TypeReference<>() {});
      for (Map.Entry<String, JsonNode> entry : given.entrySet()) {
        if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
          throw bad("the body is not like " + BODY);
        }
        said.put(entry.getKey(), entry.getValue().asText());
      }
    } catch (IOException e) {
      throw bad("the body is not like " + BODY);
    }
    try {
      return ScheduleOverride.of(said);
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage());
    }
  }

  private static QueryProblem bad(String message) {
    return new QueryProblem(QueryProblem.Kind.BAD_QUESTION, message);
  }

  private SourceSchedule schedule(Context context) throws QueryProblem {
    PipelineApi.requirePipeline(run, context);
    Parameters.of(context, Set.of());
    String source = context.pathParam("source");
    Map<String, SourceSchedule> known = run.schedules();
    return Optional.ofNullable(known.get(source))
        .orElseThrow(
            () ->
                new QueryProblem(
                    QueryProblem.Kind.UNKNOWN,
                    known.isEmpty()
                        ? "no source has a schedule, or none was looked at yet"
                        : "source '%s' has no schedule; these have one: %s"
                            .formatted(source, String.join(", ", new TreeMap<>(known).keySet()))));
  }
}
