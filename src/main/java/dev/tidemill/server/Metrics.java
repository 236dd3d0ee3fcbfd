package dev.tidemill.server;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.events.Subscription;
import dev.tidemill.extract.Backlog;
import dev.tidemill.load.LoaderProgress;
import dev.tidemill.topology.PipelineStreams;
import io.javalin.http.Context;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Figures for Prometheus: our own, from the ledger as it is known here, those of Kafka Streams, and
 * those of the JVM. Thread-safe.
 */
final class Metrics implements AutoCloseable {
  private final PipelineRun run;
  private final Tags tags;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Subscription events;
  private Optional<KafkaStreamsMetrics> streams = Optional.empty();

  Metrics(PipelineRun run) {
    this.run = run;
    this.tags = Tags.of("pipeline", run.pipeline().definition().name());
    records("read", Books::read);
    records("accepted", Books::accepted);
    records("filtered", Books::filtered);
    records("rejected", Books::rejected);
    records("duplicate", Books::duplicate);
    records("late", Books::late);
    records("amended", Books::amended);
    records("carried", Books::carried);
    FunctionCounter.builder(
            "tidemill.records.without.batch", run, r -> of(RunProgress::withoutBatch))
        .description("Records that belong to no batch; all but deletions are in the rejects")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("tidemill.records.warned", run, r -> of(Metrics::warned))
        .description("How often records broke a rule that only warns")
        .tags(tags)
        .register(registry);
    run.pipeline().query().joins().stream().distinct().forEach(this::join);
    gauge("tidemill.batches.open", "Batches that are not closed", this::open);
    gauge(
        "tidemill.batches.early",
        "Batches that are open and have an early result",
        p -> p.entries().stream().filter(entry -> entry.earlyAttempt().isPresent()).count());
    gauge(
        "tidemill.batches.failed",
        "Batches that can not be published",
        p -> in(p, BatchState.FAILED));
    gauge(
        "tidemill.batches.quarantined",
        "Batches that did not pass a gate, and that nobody has released",
        p -> in(p, BatchState.QUARANTINED));
    gauge("tidemill.batches.loaded", "Batches that every target has", RunProgress::loadedBatches);
    gauge(
        "tidemill.batches.oldest.open.age.seconds",
        "Wall clock since the start of the oldest batch that is not closed; 0 if all are",
        Metrics::oldestAge);
    run.pipeline().definition().targets().forEach(this::loader);
    run.pipeline().definition().relations().stream()
        .filter(source -> source.origin() instanceof Origin.Extracted)
        .forEach(source -> extractor(source.name()));
    run.pipeline().definition().relations().stream()
        .filter(
            source ->
                source.origin() instanceof Origin.Files files && files.manifests().isPresent())
        .forEach(source -> manifests(source.name()));
    run.pipeline().definition().sources().forEach(this::backlog);
    Gauge.builder("tidemill.ready", run, r -> r.whyNotReady().isEmpty() ? 1 : 0)
        .description("1 if /health/ready says so")
        .tags(tags)
        .register(registry);
    Gauge.builder(
            "tidemill.paused",
            run,
            r -> r.topology().flatMap(PipelineStreams::pause).isPresent() ? 1 : 0)
        .description("1 if it stands still because too many records were rejected")
        .tags(tags)
        .register(registry);
    Gauge.builder(
            "tidemill.hidden.records",
            run,
            r -> r.topology().map(PipelineStreams::hiddenRecords).orElse(0L))
        .description("Offsets that can not be read, behind a transaction that does not end")
        .tags(tags)
        .register(registry);
    Gauge.builder(
            "tidemill.table.records.unreadable",
            run,
            r -> r.topology().map(PipelineStreams::unreadableTableRecords).orElse(0L))
        .description("Records of tables that could not be read and are left out")
        .tags(tags)
        .register(registry);
    run.pipeline().definition().tables().forEach(table -> rows(table.name()));
    Gauge.builder(
            "tidemill.table.versions.missed",
            run,
            r -> r.topology().map(PipelineStreams::missedTableVersions).orElse(0L))
        .description("Versions of tables that came when records did not wait for them any longer")
        .tags(tags)
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gc.bindTo(registry);
    run.events().subscriptions().forEach(this::listener);
    events = run.events().subscribe("", new EventMetrics(registry));
  }

  private void records(String verdict, ToLongFunction<Books> count) {
    FunctionCounter.builder(
            "tidemill.records." + verdict,
            run,
            r -> of(p -> p.entries().stream().map(LedgerEntry::books).mapToLong(count).sum()))
        .description("Records " + verdict + ", in the books of all batches")
        .tags(tags)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<RunProgress> value) {
    Gauge.builder(name, run, r -> of(value)).description(description).tags(tags).register(registry);
  }

  private double of(ToDoubleFunction<RunProgress> value) {
    return run.latest().map(value::applyAsDouble).orElse(0.0);
  }

  private static double warned(RunProgress progress) {
    return progress.entries().stream()
        .flatMap(entry -> entry.warned().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private void rows(String table) {
    Gauge.builder(
            "tidemill.table.rows",
            run,
            r -> r.topology().map(topology -> topology.tableRows(table)).orElse(0L))
        .description("Rows of a table that this instance holds, for each reading of it")
        .tags(tags.and("table", table))
        .register(registry);
  }

  private void listener(Subscription listener) {
    listener("delivered", "Events that a listener has taken", listener, Subscription::delivered);
    listener("failed", "Events at which a listener has failed", listener, Subscription::failed);
    listener("lost", "Events that a listener was not told of", listener, Subscription::lost);
  }

  private void listener(
      String which, String what, Subscription listener, ToDoubleFunction<Subscription> count) {
    FunctionCounter.builder("tidemill.listener.events." + which, listener, count)
        .description(what)
        .tags(tags.and("listener", listener.name()))
        .register(registry);
  }

  private void join(String name) {
    join(name, "hits", "found a partner in the join", JoinCount::hits);
    join(name, "misses", "found no partner in the join", JoinCount::misses);
    join(
        name,
        "waited.out",
        "looked in the join before the table knew their time: 'wait' was over",
        JoinCount::waitedOut);
  }

  private void join(String name, String which, String what, ToLongFunction<JoinCount> count) {
    FunctionCounter.builder(
            "tidemill.join." + which,
            run,
            r ->
                of(
                    p ->
                        p.entries().stream()
                            .map(entry -> entry.joins().getOrDefault(name, JoinCount.NONE))
                            .mapToLong(count)
                            .sum()))
        .description("Rows that " + what + ", in the books of all batches")
        .tags(tags.and("join", name))
        .register(registry);
  }

  private double open(RunProgress progress) {
    return in(progress, BatchState.OPEN) + in(progress, BatchState.CLOSING);
  }

  private static double in(RunProgress progress, BatchState state) {
    return progress.entries().stream().filter(entry -> entry.state() == state).count();
  }

  private static double oldestAge(RunProgress progress) {
    return progress.entries().stream()
        .filter(e -> e.state() == BatchState.OPEN || e.state() == BatchState.CLOSING)
        .findFirst()
        .map(e -> Duration.between(e.batch().start(), Instant.now()).toMillis() / 1000.0)
        .orElse(0.0);
  }

  private void loader(TargetDefinition target) {
    Tags ofTarget = tags.and(Tag.of("target", target.name()));
    for (LoaderProgress.State state : LoaderProgress.State.values()) {
      Gauge.builder(
              "tidemill.loader.state", run, r -> is(target, loader -> loader.state() == state))
          .description("1 for the state that the loader is in")
          .tags(ofTarget.and("state", state.name()))
          .register(registry);
    }
    Gauge.builder(
            "tidemill.loader.trouble",
            run,
            r -> is(target, loader -> loader.lastError().isPresent()))
        .description("1 while something keeps the loader from loading; /health/ready says what")
        .tags(ofTarget)
        .register(registry);
  }

  private void extractor(String source) {
    Gauge.builder("tidemill.extractor.trouble", run, r -> r.trouble(source).isPresent() ? 1 : 0)
        .description("1 while a source does not answer, and is asked again and again; the log says")
        .tags(tags.and("source", source))
        .register(registry);
  }

  private void manifests(String source) {
    Tags ofSource = tags.and("source", source);
    Gauge.builder(
            "tidemill.extract.files.different", run, r -> r.extracted(source).different().size())
        .description("Files that do not have the rows of their manifest; batches are held back")
        .tags(ofSource)
        .register(registry);
    Gauge.builder("tidemill.extract.files.awaited", run, r -> r.extracted(source).awaited())
        .description("Files that wait for their manifest, or are waited for by one")
        .tags(ofSource)
        .register(registry);
  }

  private void backlog(SourceDefinition source) {
    if (!(source.origin() instanceof Origin.Extracted extracted)
        || extracted.publishing().demand().isEmpty()) {
      return;
    }
    Stream.concat(
            Stream.of(Backlog.PIPELINE),
            run.pipeline().definition().targets().stream().map(TargetDefinition::name))
        .forEach(
            holder ->
                Gauge.builder(
                        "tidemill.extract.behind.records",
                        run,
                        r ->
                            r.waitsFor(source.name())
                                .filter(backlog -> backlog.holder().equals(holder))
                                .map(Backlog::records)
                                .orElse(0L))
                    .description("How far that is behind which this process's extractor waits for")
                    .tags(tags.and("source", source.name(), "holder", holder))
                    .register(registry));
  }

  private double is(TargetDefinition target, java.util.function.Predicate<LoaderProgress> holds) {
    List<LoaderProgress> loaders = run.latest().map(RunProgress::loaders).orElse(List.of());
    return loaders.stream().anyMatch(l -> l.target().equals(target.name()) && holds.test(l))
        ? 1
        : 0;
  }

  void write(Context context) {
    bindStreams();
    context
        .contentType("text/plain; version=0.0.4; charset=utf-8")
        .result(registry.scrape("text/plain; version=0.0.4; charset=utf-8"));
  }

  private synchronized void bindStreams() {
    Optional<PipelineStreams> topology = run.topology();
    if (streams.isEmpty() && topology.isPresent()) {
      KafkaStreamsMetrics binder = new KafkaStreamsMetrics(topology.get().streams(), tags);
      binder.bindTo(registry);
      streams = Optional.of(binder);
    }
  }

  @Override
  public synchronized void close() {
    events.close();
    streams.ifPresent(KafkaStreamsMetrics::close);
    gc.close();
    registry.close();
  }
}
