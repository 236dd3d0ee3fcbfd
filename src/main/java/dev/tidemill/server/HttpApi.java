package dev.tidemill.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.extract.SourceCommand.Simple;
import dev.tidemill.query.QueryProblem;
import dev.tidemill.schema.RegistryUnavailableException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked, by whom, and how much at once. */
final class HttpApi {
  private static final Logger log = LoggerFactory.getLogger(HttpApi.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Questions that are answered at once. Others are told to come again. */
  private static final int AT_ONCE = 16;

  private static final String SCHEDULE = "/api/pipelines/{pipeline}/schedules/{source}";

  private static final String RATE = "/api/pipelines/{pipeline}/sources/{source}/rate";

  private final PipelineRun run;
  private final PipelineApi pipeline;
  private final SchedulesApi schedules;
  private final RatesApi rates;
  private final Optional<String> token;
  private final Metrics metrics;
  private final Semaphore asked = new Semaphore(AT_ONCE);

  /** Apart from {@link #asked}: two instances that wait for each other would wait for ever. */
  private final Semaphore passedOn = new Semaphore(AT_ONCE);

  /**
   * @param self as this instance is known to the others
   */
  HttpApi(
      PipelineRun run,
      RecentEvents recent,
      Supplier<String> self,
      Optional<String> token,
      Metrics metrics) {
    this.run = run;
    this.pipeline = new PipelineApi(run, recent, self, new HttpPeers(name(run), token));
    this.schedules = new SchedulesApi(run);
    this.rates = new RatesApi(run);
    this.token = token;
    this.metrics = metrics;
  }

  private static String name(PipelineRun run) {
    return run.pipeline().definition().name();
  }

  void addTo(RoutesConfig routes) {
    routes.before("/api/*", this::authorize);
    routes.before("/metrics", this::authorize);
    routes.get(
        "/health/live", context -> json(context, JSON.createObjectNode().put("status", "live")));
    routes.get("/health/ready", this::ready);
    routes.get("/metrics", metrics::write);
    routes.get("/api/pipelines", pipeline::pipelines);
    routes.get("/api/pipelines/{pipeline}/batches", pipeline::batches);
    routes.get("/api/pipelines/{pipeline}/batches/{batch}", pipeline::batch);
    routes.get("/api/pipelines/{pipeline}/sources", pipeline::sources);
    routes.get("/api/pipelines/{pipeline}/events", pipeline::events);
    routes.get(
        "/api/pipelines/{pipeline}/batches/{batch}/results",
        context -> bounded(asked, () -> pipeline.results(context)));
    routes.get("/api/pipelines/{pipeline}/schedules", schedules::all);
    routes.get(SCHEDULE, schedules::one);
    for (Simple command : Simple.values()) {
      routes.post(
          SCHEDULE + "/" + command.name().toLowerCase(Locale.ROOT),
          context -> change(() -> schedules.command(context, command)));
    }
    routes.put(SCHEDULE, context -> change(() -> schedules.set(context)));
    routes.delete(SCHEDULE, context -> change(() -> schedules.delete(context)));
    routes.post(SCHEDULE + "/reset", context -> change(() -> schedules.reset(context)));
    routes.get(RATE, context -> ask(() -> rates.one(context)));
    routes.put(RATE, context -> change(() -> rates.set(context)));
    routes.delete(RATE, context -> change(() -> rates.reset(context)));
    routes.post(HttpPeers.PATH, context -> bounded(passedOn, () -> pipeline.share(context)));
    routes.exception(QueryProblem.class, (problem, context) -> Problems.write(problem, context));
    routes.exception(
        RegistryUnavailableException.class,
        (e, context) ->
            Problems.write(
                new QueryProblem(QueryProblem.Kind.UNAVAILABLE, e.getMessage()), context));
    routes.exception(
        HttpResponseException.class,
        (e, context) ->
            Problems.write(
                e.getStatus(),
                e.getStatus() == 404
                    ? "there is no " + context.path() + "; see docs/http.md"
                    : e.getMessage(),
                context));
    routes.exception(
        Exception.class,
        (e, context) -> {
          log.error("Could not answer {}", context.path(), e);
          Problems.write(500, "this is a bug, see the log: " + e.getMessage(), context);
        });
  }

  private void authorize(Context context) {
    if (token.isPresent()) {
      String header = Optional.ofNullable(context.header("Authorization")).orElse("");
      byte[] expected = ("Bearer " + token.get()).getBytes(UTF_8);
      if (!MessageDigest.isEqual(expected, header.getBytes(UTF_8))) {
        context.header("WWW-Authenticate", "Bearer");
        throw new HttpResponseException(
            401, "give the server's token: Authorization: Bearer <http.token>");
      }
    }
  }

  /** Else any page that a browser on this machine shows could change something. */
  private void change(Question change) throws QueryProblem, IOException {
    if (token.isEmpty()) {
      throw new HttpResponseException(
          403,
          "nothing can be changed over HTTP while the server has no token; set 'http.token'"
              + " (TIDEMILL_HTTP_TOKEN), or use the command line");
    }
    ask(change);
  }

  /** Something of Kafka. */
  private void ask(Question question) throws QueryProblem, IOException {
    try {
      bounded(asked, question);
    } catch (Unavailable e) {
      throw new QueryProblem(QueryProblem.Kind.UNAVAILABLE, e.getMessage());
    }
  }

  private interface Question {
    void answer() throws QueryProblem, IOException;
  }

  private static void bounded(Semaphore permits, Question question)
      throws QueryProblem, IOException {
    if (!permits.tryAcquire()) {
      throw new QueryProblem(
          QueryProblem.Kind.UNAVAILABLE,
          AT_ONCE + " questions are being answered already; ask again");
    }
    try {
      question.answer();
    } finally {
      permits.release();
    }
  }

  private void ready(Context context) {
    List<String> reasons = run.whyNotReady();
    ObjectNode json = JSON.createObjectNode();
    json.put("status", reasons.isEmpty() ? "ready" : "not ready");
    ArrayNode why = json.putArray("reasons");
    reasons.forEach(why::add);
    ArrayNode loaders = json.putArray("loaders");
    run.latest().map(RunProgress::loaders).orElse(List.of()).stream()
        .forEach(
            loader ->
                loaders
                    .addObject()
                    .put("target", loader.target())
                    .put("state", loader.state().name())
                    .put("lastError", loader.lastError().orElse(null)));
    json(context.status(reasons.isEmpty() ? 200 : 503), json);
    if (!reasons.isEmpty()) {
      context.header("Retry-After", Problems.RETRY_AFTER_SECONDS);
    }
  }

  static void json(Context context, ObjectNode json) {
    context.contentType("application/json").result(json.toString());
  }
}
