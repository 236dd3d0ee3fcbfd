package dev.tidemill.server;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Rate;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.extract.RateOverride;
import dev.tidemill.query.QueryProblem;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** How fast the sources of a pipeline are published: by their definition, and as was set. */
final class RatesApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A command is a record that waits for the owner of the source. */
  private static final int ACCEPTED = 202;

  private static final String BODY = "{\"rate\": \"5000/s\"}";

  private final PipelineRun run;

  RatesApi(PipelineRun run) {
    this.run = run;
  }

  void one(Context context) throws QueryProblem {
    Source source = source(context);
    Optional<RateOverride> set = run.scheduleCommands().rate(source.name());
    ObjectNode json = JSON.createObjectNode();
    json.put("source", source.name());
    json.put("rate", set.orElse(source.definition()).toString());
    if (set.isPresent()) {
      json.put("definition", source.definition().toString());
    }
    HttpApi.json(context, json);
  }

  void set(Context context) throws QueryProblem {
    Source source = source(context);
    change(context, source, Optional.of(override(context)));
  }

  void reset(Context context) throws QueryProblem {
    change(context, source(context), Optional.empty());
  }

  private void change(Context context, Source source, Optional<RateOverride> override) {
    run.scheduleCommands().setRate(source.name(), override);
    ObjectNode json = JSON.createObjectNode();
    json.put("source", source.name());
    json.put("rate", override.orElse(source.definition()).toString());
    HttpApi.json(context.status(ACCEPTED), json);
  }

  private static RateOverride override(Context context) throws QueryProblem {
    Map<String, String> given;
    try {
      given = JSON.readValue(context.bodyAsBytes(), new TypeReference<Map<String, String>>() {});
    } catch (IOException e) {
      throw bad("the body is not like " + BODY);
    }
    if (given == null || given.size() != 1 || given.get("rate") == null) {
      throw bad("the body has other keys than " + BODY);
    }
    try {
      return RateOverride.parse(given.get("rate"));
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage());
    }
  }

  private static QueryProblem bad(String message) {
    return new QueryProblem(QueryProblem.Kind.BAD_QUESTION, message);
  }

  private record Source(String name, RateOverride definition) {}

  private Source source(Context context) throws QueryProblem {
    PipelineApi.requirePipeline(run, context);
    Parameters.of(context, Set.of());
    String name = context.pathParam("source");
    Map<String, Optional<Rate>> extracted = new TreeMap<>();
    for (RelationDefinition relation : run.pipeline().definition().relations()) {
      if (relation.origin() instanceof Origin.Extracted origin) {
        extracted.put(relation.name(), origin.publishing().rate());
      }
    }
    return Optional.ofNullable(extracted.get(name))
        .map(rate -> new Source(name, new RateOverride(rate)))
        .orElseThrow(
            () ->
                new QueryProblem(
                    QueryProblem.Kind.UNKNOWN,
                    extracted.isEmpty()
                        ? "no source is extracted; others write the topics"
                        : "source '%s' is not extracted; these are: %s"
                            .formatted(name, String.join(", ", extracted.keySet()))));
  }
}
