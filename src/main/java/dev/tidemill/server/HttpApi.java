package dev.tidemill.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.Batch;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.query.LedgerPages;
import dev.tidemill.query.QueryProblem;
import dev.tidemill.query.ResultQuery;
import dev.tidemill.query.Shares;
import dev.tidemill.schema.JsonRow;
import dev.tidemill.schema.RegistryUnavailableException;
import dev.tidemill.topology.PipelineStreams;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked, and how answers look. */
final class HttpApi {
  private static final Logger log = LoggerFactory.getLogger(HttpApi.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCHES = 100; // unless 'limit' says otherwise
  private static final int MOST_BATCHES = 1_000;
  private static final int ROWS = 1_000;
  private static final int MOST_ROWS = 10_000;

  /** Questions that are answered at once. Others are told to come again. */
  private static final int AT_ONCE = 16;

  private final PipelineRun run;
  private final Supplier<String> self;
  private final Optional<String> token;
  private final Metrics metrics;
  private final HttpPeers peers;
  private final JsonRow rows;
  private final Semaphore asked = new Semaphore(AT_ONCE);

  /** Apart from {@link #asked}: two instances that wait for each other would wait for ever. */
  private final Semaphore passedOn = new Semaphore(AT_ONCE);

  /**
   * @param self as this instance is known to the others
   */
  HttpApi(PipelineRun run, Supplier<String> self, Optional<String> token, Metrics metrics) {
    this.run = run;
    this.self = self;
    this.token = token;
    this.metrics = metrics;
    this.peers = new HttpPeers(name(run), token);
    this.rows = new JsonRow(run.pipeline().query().resultSchema());
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
    routes.get("/api/pipelines", this::pipelines);
    routes.get("/api/pipelines/{pipeline}/batches", this::batches);
    routes.get("/api/pipelines/{pipeline}/batches/{batch}", this::batch);
    routes.get(
        "/api/pipelines/{pipeline}/batches/{batch}/results",
        context -> bounded(asked, () -> results(context)));
    routes.post(HttpPeers.PATH, context -> bounded(passedOn, () -> share(context)));
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

  private void pipelines(Context context) throws QueryProblem {
    Parameters.of(context, Set.of());
    ObjectNode json = JSON.createObjectNode();
    json.putArray("pipelines").add(PipelineJson.of(run.pipeline()));
    json(context, json);
  }

  private void batches(Context context) throws QueryProblem {
    requirePipeline(context);
    Parameters parameters = Parameters.of(context, Set.of("from", "to", "state", "limit", "page"));
    LedgerPages.Selection selection =
        new LedgerPages.Selection(
            parameters.instant("from"), parameters.instant("to"), parameters.states("state"));
    LedgerPages.Entries page =
        LedgerPages.page(
            entries(),
            selection,
            parameters.instant("page"),
            parameters.number("limit", BATCHES, MOST_BATCHES));
    ObjectNode json = JSON.createObjectNode();
    ArrayNode batches = json.putArray("batches");
    page.entries().forEach(entry -> batches.add(LedgerJson.summary(entry)));
    page.next().ifPresent(next -> json.put("next", next.toString()));
    json(context, json);
  }

  private void batch(Context context) throws QueryProblem {
    requirePipeline(context);
    Parameters.of(context, Set.of());
    json(context, LedgerJson.whole(entry(context)));
  }

  private void results(Context context) throws QueryProblem {
    requirePipeline(context);
    Parameters parameters =
        Parameters.of(context, Set.of("key", "null", "limit", "page", "partial"), "key.");
    LedgerEntry entry = entry(context);
    ResultQuery query = new ResultQuery(run.pipeline(), run.registry(), shares());
    ResultQuery.Answer answer =
        parameters.group().isPresent()
            ? query.group(entry, parameters.group().get())
            : query.all(
                entry,
                parameters.number("limit", ROWS, MOST_ROWS),
                parameters.text("page"),
                parameters.flag("partial"));
    ObjectNode json = LedgerJson.head(entry);
    json.put("provisional", answer.provisional());
    if (!answer.provisional()) {
      json.put("attempt", entry.attempt());
    }
    json.put("partial", answer.partial());
    if (answer.partial()) {
      ArrayNode missing = json.putArray("missingShares");
      answer.missing().forEach(missing::add);
    }
    ArrayNode array = json.putArray("rows");
    answer.rows().forEach(row -> array.add(rows.of(row)));
    answer.next().ifPresent(next -> json.put("next", next));
    json(context, json);
  }

  /** For another instance: what this one has itself, or 503. Nothing is passed on from here. */
  private void share(Context context) throws QueryProblem, IOException {
    requirePipeline(context);
    if (context.header(HttpPeers.FORWARDED) == null) {
      throw new QueryProblem(
          QueryProblem.Kind.BAD_QUESTION,
          "this is how instances ask each other; ask for …/results instead");
    }
    Batch batch = known(start(context));
    int share = Parameters.number("share", context.pathParam("share"), Integer.MAX_VALUE);
    Portion portion;
    try {
      portion = Portion.read(new DataInputStream(new ByteArrayInputStream(context.bodyAsBytes())));
    } catch (IOException e) {
      throw new QueryProblem(
          QueryProblem.Kind.BAD_QUESTION, "the body is not a question of this version: " + e);
    }
    ShareSlice slice = shares().readHere(share, batch, portion);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    slice.write(new DataOutputStream(bytes));
    context.contentType(HttpPeers.CONTENT_TYPE).result(bytes.toByteArray());
  }

  private Shares shares() throws QueryProblem {
    PipelineStreams topology = run.topology().orElseThrow(HttpApi::starting);
    return new Shares(topology.reads(), HostInfo.buildFromEndpoint(self.get()), peers);
  }

  private List<LedgerEntry> entries() throws QueryProblem {
    return run.latest().orElseThrow(HttpApi::starting).entries();
  }

  private static QueryProblem starting() {
    return new QueryProblem(
        QueryProblem.Kind.UNAVAILABLE,
        "the pipeline is starting; /health/ready tells when it is ready");
  }

  private void requirePipeline(Context context) throws QueryProblem {
    String asked = context.pathParam("pipeline");
    if (!asked.equals(name(run))) {
      throw new QueryProblem(
          QueryProblem.Kind.UNKNOWN,
          "there is no pipeline '%s' here, but '%s'".formatted(asked, name(run)));
    }
  }

  private LedgerEntry entry(Context context) throws QueryProblem {
    Batch batch = known(start(context));
    return LedgerPages.find(entries(), batch.start())
        .orElseThrow(
            () ->
                new QueryProblem(
                    QueryProblem.Kind.UNKNOWN,
                    "the ledger has no batch "
                        + batch.id()
                        + " (yet); …/batches lists those that it has"));
  }

  private static Instant start(Context context) throws QueryProblem {
    return Parameters.instant("the batch", context.pathParam("batch"));
  }

  private Batch known(Instant start) throws QueryProblem {
    Batch batch = run.pipeline().definition().batch().calendar().batchOf(start);
    if (!batch.start().equals(start)) {
      throw new QueryProblem(
          QueryProblem.Kind.UNKNOWN,
          "no batch starts at %s; the one that holds it is %s".formatted(start, batch.id()));
    }
    return batch;
  }

  private static void json(Context context, ObjectNode json) {
    context.contentType("application/json").result(json.toString());
  }
}
