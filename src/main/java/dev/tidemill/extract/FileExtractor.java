package dev.tidemill.extract;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the files of one source to its topic, each row exactly once, over any number of starts.
 * Then it announces the end of the input to every partition, and is finished; if the files are
 * watched, it looks for more of them instead, until it is closed.
 *
 * <p>Of several extractors of one source, the one that was started last works; the others fail. A
 * file may grow at its end between two starts. If it is not watched, a matching file has to be
 * complete, so write it under another name and rename it. Thread-safe.
 */
public final class FileExtractor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileExtractor.class);
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration ASK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Topics topics;
  private final RelationDefinition source;
  private final Origin.Files origin;
  private final ServerSettings server;
  private final Registry registry;
  private final RowParsers parsers;
  private final Transaction.Limit limit;

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private final Thread thread;
  private List<InputFile> files = List.of();
  private RowRecords records;
  private volatile ExtractorProgress progress = ExtractorProgress.NONE;

  /**
   * @throws IllegalArgumentException if the source's records do not come from files
   */
  public FileExtractor(
      Topics topics, RelationDefinition source, ServerSettings server, Registry registry) {
    this(
        topics,
        source,
        server,
        registry,
        SchemaParsers.of(source, files(source)),
        Transaction.Limit.DEFAULT);
  }

  FileExtractor(
      Topics topics,
      RelationDefinition source,
      ServerSettings server,
      Registry registry,
      RowParsers parsers,
      Transaction.Limit limit) {
    this.topics = topics;
    this.source = source;
    this.origin = files(source);
    this.server = server;
    this.registry = registry;
    this.parsers = parsers;
    this.limit = limit;
    this.thread = new Thread(this::work, "extract-" + source.name());
  }

  private static Origin.Files files(RelationDefinition source) {
    if (source.origin() instanceof Origin.Files files) {
      return files;
    }
    throw new IllegalArgumentException("source " + source.name() + " does not come from files");
  }

  /**
   * Checks everything that can be checked and makes the topics.
   *
   * @throws Unavailable if no file matches, a header lacks a column, the broker does not answer, or
   *     the topic has another number of partitions; nothing is published then
   * @throws dev.tidemill.schema.RegistryUnavailableException if the registry does not answer
   */
  public void check() {
    List<InputFile> files = files();
    requireHeaders(files);
    new ExtractorTopics(topics, server).require(source, origin);
    String topic = topics.source(source.name());
    RowEncoder encoder =
        RowEncoder.register(registry, Schemas.valueSubject(topic), source.schema());
    records = new RowRecords(topic, origin.partitions(), source, encoder);
    this.files = files;
  }

  private List<InputFile> files() {
    return origin
        .watch()
        .map(interval -> InputFile.growing(origin.path(), interval))
        .orElseGet(() -> InputFile.matching(origin.path()));
  }

  /** Begins to publish, after {@link #check} if that was not called yet. */
  public void start() {
    if (records == null) {
      check();
    }
    thread.start();
  }

  private void requireHeaders(List<InputFile> files) {
    for (InputFile file : files) {
      if (!file.whole()) {
        continue; // its header may not be there yet
      }
      try {
        FileRows.open(file, Place.START, origin, parsers).close();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }

  private Unavailable unreadable(IOException e) {
    return new Unavailable(
        "A file of source "
            + source.name()
            + " can not be read ("
            + e
            + "); put it back or check its rights, and start again: nothing is lost",
        e);
  }

  private void work() {
    try {
      while (!isStopped() && !pass()) {
        stop.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
      }
      result.complete(null);
    } catch (Throwable e) {
      if (isStopped()) {
        result.complete(null); // an interrupted client, most likely: it was told to end
      } else {
        result.completeExceptionally(e);
      }
    }
  }

  /** Whether that was all; false: to be tried again from the committed positions. */
  private boolean pass() {
    String id = topics.applicationId() + ".extract." + source.name();
    PositionTopic topic = new PositionTopic(topics.positions(), source.name());
    try (Transaction transaction = new Transaction(id, server, limit, Clock.systemUTC());
        Gates gate = gate()) {
      Positions positions = topic.read(server);
      positions.requireAll(files, origin.path());
      if (positions.rows() > 0) {
        LOG.info("Source {}: going on behind {} rows", source.name(), positions.rows());
      }
      do {
        new Extraction(
                origin,
                files,
                parsers,
                records,
                topic,
                positions,
                transaction,
                gate,
                snapshot -> progress = snapshot)
            .run(this::isStopped);
      } while (isThereMore(positions));
      return true;
    } catch (IOException e) {
      throw unreadable(e);
    } catch (RuntimeException e) {
      if (!Failures.mayPass(e)) {
        throw Failures.explained(e, source.name());
      }
      LOG.warn(
          "Source {}: {}; going on from the last commit, {} rows",
          source.name(),
          e.toString(),
          progress.rows());
      return false;
    }
  }

  /** Looks again after a while, if files are watched; false: that was all. */
  private boolean isThereMore(Positions positions) {
    if (origin.watch().isEmpty() || isStopped()) {
      return false;
    }
    pause(origin.watch().get());
    files = files();
    positions.requireAll(files, origin.path());
    return !isStopped();
  }

  private void pause(Duration atMost) {
    try {
      stop.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Gates gate() {
    return new Gates(
        origin
            .demand()
            .map(
                demand ->
                    new DemandGate(server, topics, source.name(), origin.partitions(), demand)));
  }

  /** Open if nobody has asked for one. */
  private final class Gates implements Extraction.Gate, AutoCloseable {
    private final Optional<DemandGate> demand;

    private Gates(Optional<DemandGate> demand) {
      this.demand = demand;
    }

    @Override
    public void await(Runnable closed) {
      while (demand.isPresent() && !isStopped() && !demand.get().isOpen()) {
        closed.run();
        pause(ASK);
      }
    }

    @Override
    public void close() {
      demand.ifPresent(DemandGate::close);
    }
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

  /** Commits what was read and ends, within seconds. The next start goes on behind it. */
  @Override
  public void close() {
    stop.countDown();
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
