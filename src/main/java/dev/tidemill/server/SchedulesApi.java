package dev.tidemill.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.extract.ScheduleCommands.Command;
import dev.tidemill.extract.SourceSchedule;
import dev.tidemill.query.QueryProblem;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The schedules of a pipeline's sources: what they are, and what their owners are told to do. */
final class SchedulesApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A command is a record that waits for the owner of the source. */
  private static final int ACCEPTED = 202;

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

  void command(Context context, Command command) throws QueryProblem {
    String source = schedule(context).source();
    run.scheduleCommands().send(source, command);
    ObjectNode json = JSON.createObjectNode();
    json.put("source", source).put("command", command.name());
    HttpApi.json(context.status(ACCEPTED), json);
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
