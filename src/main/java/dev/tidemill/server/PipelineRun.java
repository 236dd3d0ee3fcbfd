package dev.tidemill.server;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Pause;
import dev.tidemill.definition.ListenerSettings;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.events.Span;
import dev.tidemill.extract.Backlog;
import dev.tidemill.extract.Extraction;
import dev.tidemill.extract.ExtractorProgress;
import dev.tidemill.extract.Extractors;
import dev.tidemill.extract.ScheduleCommands;
import dev.tidemill.extract.SourceSchedule;
import dev.tidemill.load.AcksRead;
import dev.tidemill.load.Cleanup;
import dev.tidemill.load.Loader;
import dev.tidemill.load.LoaderCodecs;
import dev.tidemill.load.LoaderProgress;
import dev.tidemill.load.Pauses;
import dev.tidemill.load.Target;
import dev.tidemill.load.Targets;
import dev.tidemill.query.LedgerView;
import dev.tidemill.query.RejectsView;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RegistryUnavailableException;
import dev.tidemill.schema.TopicSchemas;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Output;
import dev.tidemill.topology.PipelineStreams;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipeline, running in this process: extractors, topology, loaders and clean-up. Everything
 * that can be checked is checked before the first record. One thread starts, watches and closes it;
 * {@link #topology}, {@link #latest} and {@link #whyNotReady} are for any.
 */
public final class PipelineRun implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PipelineRun.class);

  private static final Duration LEDGER_WAIT = Duration.ofMinutes(1);

  private final CompiledPipeline pipeline;
  private final ServerSettings server;
  private final Registry registry;
  private final Clock clock;
  private final Events events;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Extractors extractors;
  private final List<Loader> loaders = new ArrayList<>();
  private volatile Optional<PipelineStreams> streams = Optional.empty();
  private volatile Optional<RunProgress> latest = Optional.empty();
  private volatile boolean ledgerIsRead;
  private Optional<LedgerView> ledger = Optional.empty();
  private Optional<RunStart> before = Optional.empty();
  private Optional<AcksRead> acksRead = Optional.empty();
  private boolean releasesAreKnown;
  private boolean pauseIsTold;
  private Optional<Span> span = Optional.empty();

  public PipelineRun(
      CompiledPipeline pipeline, ServerSettings server, Registry registry, Clock clock) {
    this.pipeline = pipeline;
    this.server = server;
    this.registry = registry;
    this.clock = clock;
    PipelineDefinition definition = pipeline.definition();
    this.events = new Events(Map.of("pipeline", definition.name()), clock);
    events.subscribe("listener", new ListenerLog());
    for (ListenerSettings listener : server.listeners()) {
      events.subscribe(listener.name(), listener.events(), listener.listener());
    }
    this.extractors =
        new Extractors(
            new Extraction(
                definition.topics(),
                definition.targets().stream().map(TargetDefinition::name).toList(),
                server,
                registry,
                events),
            extracted(definition.relations()).toList(),
            clock);
  }

  /** Of each source that has a schedule and was looked at, by name; a snapshot, never blocks. */
  Map<String, SourceSchedule> schedules() {
    return extractors.schedules();
  }

  /** For the owners of the sources, wherever they are. */
  ScheduleCommands scheduleCommands() {
    return new ScheduleCommands(pipeline.definition().topics(), server, clock);
  }

  /** What it tells of itself; closed with it. */
  public Events events() {
    return events;
  }

  private static <R extends RelationDefinition> Stream<R> extracted(List<R> relations) {
    return relations.stream().filter(source -> source.origin() instanceof Origin.Extracted);
  }

  /** Starts everything, without answering queries. */
  public void start() {
    start(Optional.empty());
  }

  /**
   * Starts everything; what was started stops again if a later part can not.
   *
   * @param advertised {@code host:port} where this process answers queries; empty if it does not
   * @throws Unavailable if something that the pipeline needs is not there
   */
  public void start(Optional<String> advertised) {
    span = Optional.of(events.event(EventType.PIPELINE_RUN).start());
    try {
      startAll(advertised);
    } catch (RegistryUnavailableException e) {
      failed(e);
      throw new Unavailable(
          e.getMessage()
              + " Start the registry, or correct 'registry' (TIDEMILL_REGISTRY) in the server"
              + " settings.",
          e);
    } catch (RuntimeException e) {
      failed(e);
      throw e;
    }
  }

  private void failed(RuntimeException why) {
    span.ifPresent(run -> run.failed(why));
    close();
  }

  private void startAll(Optional<String> advertised) {
    PipelineDefinition definition = pipeline.definition();
    PipelineStreams.requireBroker(server);
    for (RelationDefinition source : definition.relations()) {
      if (source.origin() instanceof Origin.Topic topic && topic.format() == Origin.Format.AVRO) {
        TopicSchemas.check(registry, topic.topic(), source.schema());
      }
    }
    extractors.check();
    PipelineStreams topology =
        new PipelineStreams(pipeline, registry, server, clock, advertised, events);
    running.push(topology);
    streams = Optional.of(topology);
    LedgerView view = new LedgerView(definition.topics(), registry, server);
    running.push(view);
    ledger = Optional.of(view);
    before = Optional.of(before(view));
    AcksRead acks = new AcksRead(server, definition.topics());
    running.push(acks);
    acksRead = Optional.of(acks);
    loaders.addAll(loaders(definition.targets()));
    extractors.start();
    running.push(extractors);
    topology.start(this::tablesAreRead);
    loaders.forEach(
        loader -> {
          loader.start();
          running.push(loader);
        });
    Cleanup cleanup =
        new Cleanup(
            server,
            definition.topics(),
            definition.targets().stream().map(TargetDefinition::name).toList(),
            definition.batch().keep(),
            clock,
            Cleanup.INTERVAL);
    cleanup.start();
    running.push(cleanup);
  }

  /** While nothing of it runs here. */
  private RunStart before(LedgerView view) {
    view.pollToEnd(LEDGER_WAIT);
    try (RejectsView rejects = new RejectsView(pipeline.definition().topics(), registry, server)) {
      return new RunStart(
          view.accountedFor(),
          RunProgress.rejected(view.entries(), view.withoutBatch()),
          rejects.end());
    }
  }

  /** Those that are read by each start, by this one. */
  private boolean tablesAreRead() {
    return extracted(pipeline.definition().tables())
        .filter(table -> ((Origin.Extracted) table.origin()).ends())
        .allMatch(table -> extractors.progress(table.name()).ended());
  }

  /** All targets are checked, so that all that is wrong is known at once. */
  private List<Loader> loaders(List<TargetDefinition> targets) {
    List<Loader> checked = new ArrayList<>();
    List<Unavailable> problems = new ArrayList<>();
    for (TargetDefinition target : targets) {
      try {
        checked.add(loader(target));
      } catch (Unavailable e) {
        problems.add(e);
      }
    }
    if (!problems.isEmpty()) {
      throw new Unavailable(
          String.join("\n", problems.stream().map(Unavailable::getMessage).toList()),
          problems.get(0));
    }
    return checked;
  }

  private Loader loader(TargetDefinition definition) {
    Output output = pipeline.output(definition);
    Target target = Targets.open(pipeline.definition().name(), definition, output.schema(), clock);
    Loader loader =
        new Loader(server, pipeline.definition().topics(), target, codecs(output), clock, events);
    loader.check();
    return loader;
  }

  /** New for each loader: they are used by its thread. */
  private LoaderCodecs codecs(Output output) {
    return LoaderCodecs.register(
        registry, pipeline.definition().topics(), pipeline.query().resultSchema(), output);
  }

  /**
   * Brings the picture up to date, waiting for news at most so long.
   *
   * @throws Unavailable if a part has stopped for good
   */
  public RunProgress progress(Duration atMost) {
    try {
      return current(atMost);
    } catch (RuntimeException e) {
      span.ifPresent(run -> run.failed(e));
      throw e;
    }
  }

  private RunProgress current(Duration atMost) {
    ledger.orElseThrow().poll(atMost);
    extractors
        .failure()
        .ifPresent(
            cause -> {
              throw cause instanceof Unavailable unavailable
                  ? unavailable
                  : new IllegalStateException("an extractor failed: " + cause, cause);
            });
    PipelineStreams topology = streams.orElseThrow();
    Optional<Pause> pause = topology.pause();
    if (pause.isPresent() && !pauseIsTold) {
      Pauses.tell(pause.get(), pipeline.definition().topics(), server, registry);
      pauseIsTold = true;
    }
    if (topology.failure().isCompletedExceptionally() && pause.isEmpty()) {
      try {
        topology.failure().join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
    LedgerView view = ledger.orElseThrow();
    RunProgress progress =
        new RunProgress(
            progress(pipeline.definition().sources()),
            progress(pipeline.definition().tables()),
            List.copyOf(view.entries()),
            view.accountedFor(),
            view.withoutBatch(),
            List.copyOf(view.reads()),
            different(),
            loaders.stream().map(Loader::progress).toList(),
            releasesPending(view.entries()),
            pause,
            before.orElseThrow());
    latest = Optional.of(progress);
    ledgerIsRead = view.isCaughtUp();
    return progress;
  }

  /** Whom the extractor of a source waits for; empty if it does not, or not in this process. */
  Optional<Backlog> waitsFor(String source) {
    return extractors.progress(source).waitsFor();
  }

  private List<ExtractorProgress> progress(List<? extends RelationDefinition> relations) {
    return extracted(relations).map(source -> extractors.progress(source.name())).toList();
  }

  private Map<String, List<String>> different() {
    return extracted(pipeline.definition().sources())
        .collect(
            Collectors.toMap(
                source -> pipeline.definition().topics().source(source.name()),
                source -> extractors.progress(source.name()).different()));
  }

  /** Somebody may have released a batch while nothing ran. */
  private boolean releasesPending(Collection<LedgerEntry> entries) {
    if (entries.stream().noneMatch(entry -> entry.state() == BatchState.QUARANTINED)) {
      return false;
    }
    boolean known = releasesAreKnown; // from before the ledger was looked at
    releasesAreKnown = acksRead.orElseThrow().all();
    return !known;
  }

  /** How far a source of ours is, as far as it is known here. For any thread. */
  ExtractorProgress extracted(String source) {
    return extractors.progress(source);
  }

  /** What keeps a source from being read here; empty if nothing does. For any thread. */
  Optional<String> trouble(String source) {
    return extractors.progress(source).lastError();
  }

  public CompiledPipeline pipeline() {
    return pipeline;
  }

  Registry registry() {
    return registry;
  }

  /** Present once it is made. */
  Optional<PipelineStreams> topology() {
    return streams;
  }

  /** The progress as it was last asked for; present once the ledger has been read. */
  Optional<RunProgress> latest() {
    return ledgerIsRead ? latest : Optional.empty();
  }

  /** What keeps it from its work, for people; empty if nothing does. */
  List<String> whyNotReady() {
    List<String> reasons = new ArrayList<>();
    Optional<PipelineStreams> topology = streams;
    if (topology.isEmpty()) {
      reasons.add("the pipeline is starting");
    } else if (topology.get().pause().isPresent()) {
      reasons.add(topology.get().pause().get().summary());
    } else if (topology.get().failure().isCompletedExceptionally()) {
      reasons.add("the topology has failed");
    } else if (topology.get().isWaitingForTables()) {
      reasons.add("tables are being published");
    } else if (topology.get().state() != KafkaStreams.State.RUNNING) {
      reasons.add(
          topology.get().state() == KafkaStreams.State.REBALANCING
              ? "shares are moving or being restored"
              : "the topology is " + topology.get().state());
    }
    if (!ledgerIsRead) {
      reasons.add("the ledger is being read");
    }
    latest.stream()
        .flatMap(progress -> progress.loaders().stream())
        .filter(loader -> loader.state() == LoaderProgress.State.STOPPED)
        .forEach(loader -> reasons.add("the loader of " + loader.target() + " has stopped"));
    return reasons;
  }

  /** Also ends the events: what was told before is given to their listeners, for 2 s at most. */
  @Override
  public void close() {
    // In reverse: what feeds stops last, so that nothing waits for a reader that is gone.
    while (!running.isEmpty()) {
      AutoCloseable part = running.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("Could not close {}", part, e);
      }
    }
    span.ifPresent(Span::stop);
    events.close();
  }
}
