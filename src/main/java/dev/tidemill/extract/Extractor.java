package dev.tidemill.extract;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.Rate;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.events.Span;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the rows of one source to its topic, each exactly once, over any number of starts. Then
 * it announces the end of the input to every partition, and is finished; if there may be more later
 * on, it looks again instead, when its schedule says so, until it is closed.
 *
 * <p>Of several extractors of one source, the one that was started last works; the others fail.
 * {@link Extractors} sees to it that there is one in the cluster. Thread-safe.
 */
public final class Extractor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Extractor.class);

  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration ASK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Topics topics;
  private final List<String> targets;
  private final RelationDefinition source;
  private final Publishing publishing;
  private final ServerSettings server;
  private final Registry registry;
  private final Feed feed;
  private final Clock clock = Clock.systemUTC();
  private final Transaction.Limit limit;
  private volatile Optional<Rate> rate;
  private final Optional<Pace> shared;
  private final Events events;
  private final ExponentialBackoff backoff;
  private final Optional<Runs> runs;

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private final Thread thread;
  private int failures;
  private Duration untilNext = Duration.ZERO;
  private long committed;
  private Optional<String> runFailure = Optional.empty();
  private RowRecords records;
  private volatile ExtractorProgress progress = ExtractorProgress.NONE;

  /**
   * @throws IllegalArgumentException if nothing of ours publishes the source's records
   */
  public Extractor(Extraction extraction, RelationDefinition source) {
    this(extraction, source, Tuning.usual());
  }

  Extractor(Extraction extraction, RelationDefinition source, Tuning tuning) {
    this(extraction, source, feed(source, extraction, tuning.timing()), tuning);
  }

  Extractor(Extraction extraction, RelationDefinition source, Feed feed, Tuning tuning) {
    this.topics = extraction.topics();
    this.targets = extraction.targets();
    this.source = source;
    this.publishing = extracted(source).publishing();
    this.server = extraction.server();
    this.registry = extraction.registry();
    this.feed = feed;
    this.limit = tuning.limit();
    this.rate = publishing.rate();
    this.shared = tuning.shared();
    this.events = extraction.events();
    this.backoff = tuning.backoff();
    this.runs =
        publishing
            .schedule()
            .map(schedule -> new Runs(source.name(), schedule, tuning.timing(), events));
    this.thread = new Thread(this::work, "extract-" + source.name());
  }

  private static Feed feed(RelationDefinition source, Extraction extraction, Timing timing) {
    Origin.Extracted origin = extracted(source);
    if (origin instanceof Origin.Files files) {
      return FileFeed.of(source, files, extraction.server().extract());
    }
    if (origin instanceof Origin.Jdbc jdbc) {
      return new JdbcFeed(source, jdbc, timing, published(source, jdbc, extraction));
    }
    if (origin instanceof Origin.Api api) {
      return new ApiFeed(source, api, Clock.systemUTC());
    }
    throw new IllegalArgumentException("nothing reads " + origin);
  }

  private static Optional<PublishedRows> published(
      RelationDefinition source, Origin.Jdbc origin, Extraction extraction) {
    return source instanceof TableDefinition table && origin.again()
        ? Optional.of(
            new PublishedRows(
                table.name(),
                extraction.topics().source(table.name()),
                origin.publishing().partitions(),
                extraction.server(),
                table.eventTime().isEmpty()))
        : Optional.empty();
  }

  private static Origin.Extracted extracted(RelationDefinition source) {
    if (source.origin() instanceof Origin.Extracted extracted) {
      return extracted;
    }
    throw new IllegalArgumentException("source " + source.name() + " is published by others");
  }

  /**
   * Checks everything that can be checked and makes the topics.
   *
   * @throws Unavailable if the feed finds something missing, the broker does not answer, or the
   *     topic has another number of partitions; nothing is published then
   * @throws dev.tidemill.schema.RegistryUnavailableException if the registry does not answer
   */
  public void check() {
    feed.check();
    new ExtractorTopics(topics, server).require(source, publishing.partitions());
    records = records();
  }

  private RowRecords records() {
    String topic = topics.source(source.name());
    RowEncoder encoder =
        RowEncoder.register(registry, Schemas.valueSubject(topic), source.schema());
    return new RowRecords(topic, publishing.partitions(), source, encoder);
  }

  /**
   * What {@link #check} says of the feed and the topic, but nothing is made; a topic that is
   * missing would be.
   *
   * @throws Unavailable if the feed finds something missing, the broker does not answer, or the
   *     topic has another number of partitions
   */
  public void look() {
    feed.check();
    new ExtractorTopics(topics, server).requireFitting(source, publishing.partitions());
  }

  /** Begins to publish, after {@link #check} if that was not called yet. */
  public void start() {
    if (records == null) {
      check();
    }
    thread.start();
  }

  /** Begins to publish where another extractor of the source was, which has checked everything. */
  void takeOver() {
    thread.start();
  }

  private void work() {
    Span span = events.event(EventType.EXTRACT_RUN).with("source", source.name()).start();
    try {
      while (!isStopped() && !passes()) {
        pause(untilNext);
      }
      ended(span);
      result.complete(null);
    } catch (Throwable e) {
      if (isStopped()) {
        ended(span);
        result.complete(null); // an interrupted client, most likely: it was told to end
      } else {
        span.failed(e);
        result.completeExceptionally(e);
      }
    }
  }

  private void ended(Span span) {
    ExtractorProgress end = progress;
    span.with("rows", end.rows()).with("unreadable", end.unreadable()).stop();
  }

  /** Whether that was all; false: to be tried again from the committed positions. */
  private boolean passes() {
    String id = topics.extractGroup() + "." + source.name();
    PositionTopic topic = new PositionTopic(topics.positions(), source.name());
    Optional<String> failed = runFailure; // of a run that its schedule has not been told of yet
    runFailure = Optional.empty();
    try (Transaction transaction = new Transaction(id, server, this::limit, clock);
        Gates gate = gate()) {
      if (records == null) {
        records = records();
      }
      Positions positions = topic.read(server);
      feed.restore(positions);
      committed = positions.rows();
      if (positions.rows() > 0) {
        LOG.info("Source {}: going on behind {} rows", source.name(), positions.rows());
      }
      Publication out =
          new Publication(
              records,
              topic,
              positions,
              transaction,
              gate,
              this::hasToEnd,
              (unreadable, waitsFor) -> report(positions, unreadable, waitsFor),
              events,
              source.name());
      if (runs.isPresent()) {
        runs.get().restore(positions, out, failed);
        failed = Optional.empty();
        runAsScheduled(runs.get(), out);
        return true;
      }
      out.awaitDemand();
      do {
        pass(out);
        failures = 0;
      } while (isThereMore());
      return true;
    } catch (IOException e) {
      if (runFailure.isPresent()) {
        return leftToSchedule();
      }
      throw new Unavailable(
          "Source "
              + source.name()
              + " can not be read ("
              + e
              + "); put it back or check its rights, and start again: nothing is lost",
          e);
    } catch (RuntimeException e) {
      if (runFailure.isPresent()) {
        return leftToSchedule();
      }
      runFailure = failed;
      if (!Failures.mayPass(e)) {
        throw Failures.explained(e, source.name());
      }
      if (progress.rows() > committed) {
        failures = 0; // it comes further
      }
      progress = progress.retrying("Source " + source.name() + ": " + Failures.inWords(e));
      Duration backOff = Duration.ofMillis(backoff.backoff(failures++));
      Duration asked = e instanceof TransientException busy ? busy.atLeast() : Duration.ZERO;
      untilNext = backOff.compareTo(asked) < 0 ? asked : backOff;
      LOG.warn(
          "Source {}: {}; going on from the last commit, {} rows",
          source.name(),
          Failures.inWords(e),
          progress.rows());
      events.event(EventType.EXTRACT_RETRYING).with("source", source.name()).because(e).emit();
      return false;
    }
  }

  /** A run has failed; its schedule says when it is tried again. */
  private boolean leftToSchedule() {
    untilNext = Duration.ZERO;
    return false;
  }

  private void pass(Publication out) throws IOException {
    Instant began = clock.instant();
    try {
      feed.pass(out);
      if (isStopped()) {
        out.commit();
      } else if (feed.again().isEmpty() || isTable() && !out.isEndTold()) {
        out.end();
      } else {
        publishing.completeAfter().ifPresent(after -> out.completeTo(start(began).minus(after)));
        out.tellCounts();
        out.commit();
      }
    } catch (IOException | RuntimeException e) {
      out.failed(e);
      throw e;
    }
  }

  private Instant start(Instant called) {
    return feed.began().filter(called::isAfter).orElse(called);
  }

  /** Streams wait for a whole table: each look at it is told to be its end. */
  private boolean isTable() {
    return source instanceof TableDefinition;
  }

  private void runAsScheduled(Runs scheduled, Publication out) throws IOException {
    boolean atStart = publishing.schedule().orElseThrow().times().isEmpty();
    if (isTable() && !atStart && !out.positions().wasEnded()) {
      pass(out); // what was never read is not left to the first firing
    }
    report(out.positions(), 0, Optional.empty());
    while (!isStopped()) {
      if (scheduled.isUnderWay()) {
        run(scheduled, out);
        failures = 0;
      } else {
        pause(TICK);
      }
    }
  }

  private void run(Runs scheduled, Publication out) throws IOException {
    Instant began = clock.instant();
    try {
      out.awaitDemand(); // else each try would publish something, whatever is behind
      feed.pass(out);
    } catch (IOException | RuntimeException e) {
      if (!isStopped() && !Failures.isOfKafka(e)) {
        runFailure = Optional.of(String.valueOf(e.getMessage()));
      }
      out.failed(e);
      throw e;
    }
    if (isStopped()) {
      out.commit(); // the next owner goes on with this run
      return;
    }
    if (!scheduled.wasCancelled()) { // else there is more than what was read
      if (isTable()) {
        out.announceEnd();
      }
      publishing.completeAfter().ifPresent(after -> out.completeTo(start(began).minus(after)));
      out.tellCounts();
    }
    scheduled.ended();
  }

  private void report(Positions positions, long unreadable, Optional<Backlog> waitsFor) {
    FeedProgress read = feed.progress();
    progress =
        new ExtractorProgress(
            positions.rows(),
            unreadable,
            read.filesDone(),
            read.files(),
            read.bytes(),
            read.bytesTotal(),
            positions.ended(),
            waitsFor,
            Optional.empty(),
            positions.counts().isPresent(),
            positions.expected(),
            read.different(),
            read.awaited());
  }

  /** Waits for the next pass; false: that was all. */
  private boolean isThereMore() {
    feed.again().ifPresent(this::pause);
    return feed.again().isPresent() && !isStopped();
  }

  private void pause(Duration atMost) {
    try {
      stop.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * A second's worth at most, so that rates can be kept between transactions. Asked at each row.
   */
  private Transaction.Limit limit() {
    Optional<Rate> own = rate;
    Transaction.Limit least = limit;
    if (own.isPresent()) {
      least = least.ofRows(own.get().rowsInASecond());
    }
    if (shared.isPresent()) {
      least = least.ofRows(shared.get().rate().rowsInASecond());
    }
    return least;
  }

  private Gates gate() {
    return new Gates(
        publishing
            .demand()
            .map(
                demand ->
                    new DemandGate(
                        server, topics, targets, source.name(), publishing.partitions(), demand)));
  }

  /** Open if nobody has asked for one. */
  private final class Gates implements Publication.Gate, AutoCloseable {
    private final Optional<DemandGate> demand;
    private Optional<Rate> kept = Optional.empty();
    private Optional<Pace> pace = Optional.empty();

    private Gates(Optional<DemandGate> demand) {
      this.demand = demand;
    }

    @Override
    public void await(long rows, Consumer<Backlog> closed) {
      keepRates(rows);
      long since = System.nanoTime();
      while (demand.isPresent() && !hasToEnd()) {
        Optional<Backlog> closedBy = demand.get().closedBy();
        if (closedBy.isEmpty()) {
          return;
        }
        closed.accept(closedBy.get());
        demand.get().requirePatience(Duration.ofNanos(System.nanoTime() - since), closedBy.get());
        pause(ASK);
      }
    }

    /** Another rate begins at once, without what was published before. */
    private void keepRates(long rows) {
      long now = System.nanoTime();
      if (!kept.equals(rate)) {
        kept = rate;
        pace = kept.map(asked -> new Pace(asked, now));
      }
      long own = pace.map(asked -> asked.published(rows, now)).orElse(0L);
      long until = now + Math.max(own, shared.map(all -> all.published(rows, now)).orElse(0L));
      for (long left = until - now;
          left > 0 && !hasToEnd() && kept.equals(rate);
          left = until - System.nanoTime()) {
        pause(Duration.ofNanos(Math.min(left, ASK.toNanos())));
      }
    }

    @Override
    public void close() {
      demand.ifPresent(DemandGate::close);
    }
  }

  private boolean hasToEnd() {
    return isStopped() || runs.filter(Runs::isCancelled).isPresent();
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  /** A snapshot; never blocks. */
  public ExtractorProgress progress() {
    return progress;
  }

  /** Why it ended early; empty while it works, and after a good end. */
  public Optional<Throwable> failure() {
    return result.isCompletedExceptionally()
        ? Optional.of(result.handle((nothing, thrown) -> thrown).join())
        : Optional.empty();
  }

  /**
   * Waits until everything is published, or {@link #close()} was called.
   *
   * @return false if the time is over
   * @throws Unavailable and other runtime exceptions: why it ended early
   */
  public boolean await(Duration atMost) throws InterruptedException {
    try {
      result.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * How fast it may be from now on, whatever the definition says.
   *
   * @param override empty: what the definition says
   */
  void keep(Optional<RateOverride> override) {
    Optional<Rate> other = override.map(RateOverride::rate).orElse(publishing.rate());
    if (!other.equals(rate)) {
      LOG.info(
          "Source {}: told to publish {}",
          source.name(),
          other.map(Rate::toString).orElse("as fast as it can"));
      rate = other;
    }
  }

  /** What somebody asks of the source's schedule; nothing happens if it has none. */
  void command(ToldCommand command) {
    runs.ifPresent(scheduled -> scheduled.command(command));
  }

  /** While it does, its schedule begins no run. */
  void waitForCommands(boolean waits) {
    runs.ifPresent(scheduled -> scheduled.waitForCommands(waits));
  }

  /** Whether another extractor of the source was started meanwhile. */
  boolean isFenced() {
    return failure().filter(Failures::isFenced).isPresent();
  }

  /** Whether everything is published, or {@link #close} was called. */
  boolean isFinished() {
    return result.isDone() && !result.isCompletedExceptionally();
  }

  /** Tells it to end, as {@link #close} does, and does not wait. */
  void stop() {
    stop.countDown();
  }

  /** Commits what was read and ends, within seconds. The next start goes on behind it. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(PATIENCE.toMillis());
      thread.interrupt();
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.interrupt();
    }
  }
}
