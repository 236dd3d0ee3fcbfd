package dev.tidemill.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.batch.Batch;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.query.LedgerPages;
import dev.tidemill.query.QueryProblem;
import dev.tidemill.query.ResultQuery;
import dev.tidemill.query.Shares;
import dev.tidemill.schema.JsonRow;
import dev.tidemill.sql.Output;
import dev.tidemill.topology.PipelineStreams;
import dev.tidemill.topology.ShareReads.Portion;
import dev.tidemill.topology.ShareSlice;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;

/** Questions about the pipeline of this process. */
final class PipelineApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCHES = 100; // unless 'limit' says otherwise
  private static final int MOST_BATCHES = 1_000;
  private static final int EVENTS = 100;
  private static final int ROWS = 1_000;
  private static final int MOST_ROWS = 10_000;

  private final PipelineRun run;
  private final RecentEvents recent;
  private final Supplier<String> self;
  private final HttpPeers peers;
  private final Map<Output, JsonRow> rows;

  /**
   * @param self as this instance is known to the others
   */
  PipelineApi(PipelineRun run, RecentEvents recent, Supplier<String> self, HttpPeers peers) {
    this.run = run;
    this.recent = recent;
    this.self = self;
    this.peers = peers;
    this.rows =
        run.pipeline().query().outputs().stream()
            .collect(Collectors.toMap(output -> output, output -> new JsonRow(output.schema())));
  }

  void pipelines(Context context) throws QueryProblem {
    Parameters.of(context, Set.of());
    ObjectNode json = JSON.createObjectNode();
    json.putArray("pipelines").add(PipelineJson.of(run.pipeline()));
    HttpApi.json(context, json);
  }

  void batches(Context context) throws QueryProblem {
    requirePipeline(run, context);
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
    SourcesJson sources = SourcesJson.of(progress());
    page.entries()
        .forEach(
            entry -> {
              ObjectNode summary = LedgerJson.summary(entry);
              sources.putHeldBack(summary, entry);
              batches.add(summary);
            });
    page.next().ifPresent(next -> json.put("next", next.toString()));
    HttpApi.json(context, json);
  }

  void batch(Context context) throws QueryProblem {
    requirePipeline(run, context);
    Parameters.of(context, Set.of());
    LedgerEntry entry = entry(context);
    SourcesJson sources = SourcesJson.of(progress());
    ObjectNode json = LedgerJson.whole(entry);
    sources.putHeldBack(json, entry);
    sources.put(json, entry);
    HttpApi.json(context, json);
  }

  void sources(Context context) throws QueryProblem {
    requirePipeline(run, context);
    Parameters.of(context, Set.of());
    ObjectNode json = JSON.createObjectNode();
    SourcesJson.of(progress()).put(json);
    HttpApi.json(context, json);
  }

  /** Of this process. */
  void events(Context context) throws QueryProblem {
    requirePipeline(run, context);
    Parameters parameters = Parameters.of(context, Set.of("prefix", "limit"));
    ObjectNode json = JSON.createObjectNode();
    ArrayNode events = json.putArray("events");
    recent
        .under(
            parameters.eventPrefix("prefix"), parameters.number("limit", EVENTS, RecentEvents.MOST))
        .forEach(event -> events.add(EventJson.of(event)));
    HttpApi.json(context, json);
  }

  void results(Context context) throws QueryProblem {
    requirePipeline(run, context);
    Parameters parameters =
        Parameters.of(context, Set.of("key", "null", "limit", "page", "partial", "query"), "key.");
    Optional<Output> only = output(parameters);
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
    if (entry.state() == BatchState.QUARANTINED) {
      QuarantineJson.put(json, entry);
    }
    if (!answer.provisional()) {
      json.put("attempt", entry.attempt());
    }
    json.put("partial", answer.partial());
    if (answer.partial()) {
      ArrayNode missing = json.putArray("missingShares");
      answer.missing().forEach(missing::add);
    }
    ArrayNode array = json.putArray("rows");
    answer.rows().stream()
        .filter(row -> only.isEmpty() || only.get().has(row))
        .forEach(row -> array.add(json(row)));
    answer.next().ifPresent(next -> json.put("next", next));
    HttpApi.json(context, json);
  }

  /** The statement that is asked for; empty for all. */
  private Optional<Output> output(Parameters parameters) throws QueryProblem {
    Optional<String> name = parameters.text("query");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    List<Output> outputs = run.pipeline().query().outputs();
    Optional<Output> found =
        outputs.stream().filter(output -> output.name().equals(name.get())).findFirst();
    if (found.isEmpty()) {
      List<String> names =
          outputs.stream().map(Output::name).filter(known -> !known.isEmpty()).toList();
      throw new QueryProblem(
          QueryProblem.Kind.BAD_QUESTION,
          names.isEmpty()
              ? "the pipeline has one statement, without a name; ask without 'query'"
              : "there is no query '%s'; there are: %s"
                  .formatted(name.get(), String.join(", ", names)));
    }
    return found;
  }

  /** With the name of its statement, if there are several. */
  private ObjectNode json(Object[] row) {
    Output output =
        rows.keySet().stream().filter(known -> known.has(row)).findFirst().orElseThrow();
    ObjectNode own = rows.get(output).of(output.of(row));
    if (rows.size() == 1) {
      return own;
    }
    ObjectNode named = JSON.createObjectNode();
    named.put("query", output.name());
    named.setAll(own);
    return named;
  }

  /** For another instance: what this one has itself, or 503. Nothing is passed on from here. */
  void share(Context context) throws QueryProblem, IOException {
    requirePipeline(run, context);
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
    PipelineStreams topology = run.topology().orElseThrow(PipelineApi::starting);
    return new Shares(topology.reads(), HostInfo.buildFromEndpoint(self.get()), peers);
  }

  private List<LedgerEntry> entries() throws QueryProblem {
    return progress().entries();
  }

  private RunProgress progress() throws QueryProblem {
    return run.latest().orElseThrow(PipelineApi::starting);
  }

  private static QueryProblem starting() {
    return new QueryProblem(
        QueryProblem.Kind.UNAVAILABLE,
        "the pipeline is starting; /health/ready tells when it is ready");
  }

  static void requirePipeline(PipelineRun run, Context context) throws QueryProblem {
    String asked = context.pathParam("pipeline");
    if (!asked.equals(run.pipeline().definition().name())) {
      throw new QueryProblem(
          QueryProblem.Kind.UNKNOWN,
          "there is no pipeline '%s' here, but '%s'"
              .formatted(asked, run.pipeline().definition().name()));
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
}
