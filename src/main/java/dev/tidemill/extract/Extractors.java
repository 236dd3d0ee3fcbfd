package dev.tidemill.extract;

import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extractors of a pipeline on this instance. Each source is extracted by one instance of the
 * cluster, its owner; the others stand by, and know how far it is. If an owner ends, leaves or is
 * silent for the server's session timeout, another one goes on behind the last commit.
 *
 * <p>One thread takes part in the election of owners, and each extractor has its own. Thread-safe.
 */
public final class Extractors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Extractors.class);
  private static final Duration ASK = Duration.ofMillis(200);
  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long one that was fenced waits to hear that it is not the owner any more. */
  private static final long FENCED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Topics topics;
  private final ServerSettings server;
  private final Map<String, Owned> sources = new TreeMap<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile Optional<FollowedPositions> followed = Optional.empty();
  private volatile Optional<Throwable> failure = Optional.empty();

  /** Why this instance does not take part now; empty while it does. */
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * @param sources those that something of ours publishes
   * @param clock of schedules
   */
  public Extractors(
      Extraction extraction, List<? extends RelationDefinition> sources, Clock clock) {
    this(
        extraction.topics(),
        sources,
        extraction.server(),
        extractors(extraction, Tuning.usual().withTiming(Timing.startingNow(clock))));
  }

  private static Function<RelationDefinition, Extractor> extractors(
      Extraction extraction, Tuning tuning) {
    Tuning together =
        tuning.withShared(
            extraction.server().extract().rate().map(rate -> new Pace(rate, System.nanoTime())));
    return source -> new Extractor(extraction, source, together);
  }

  Extractors(
      Topics topics,
      List<? extends RelationDefinition> sources,
      ServerSettings server,
      Function<RelationDefinition, Extractor> extractors) {
    this.topics = topics;
    this.server = server;
    for (RelationDefinition source : sources) {
      this.sources.put(source.name(), new Owned(source.name(), () -> extractors.apply(source)));
    }
    this.thread = new Thread(this::work, topics.extractGroup());
    this.thread.setDaemon(true);
  }

  /**
   * Checks everything that can be checked and makes the topics.
   *
   * @throws Unavailable as {@link Extractor#check}
   * @throws dev.tidemill.schema.RegistryUnavailableException as {@link Extractor#check}
   */
  public void check() {
    sources.values().forEach(source -> source.extractor.check());
  }

  /** Begins to take part. To be called after {@link #check}. */
  public void start() {
    if (!sources.isEmpty()) {
      thread.start();
    }
  }

  private void work() {
    try {
      while (!isStopping()) {
        takePart();
      }
    } catch (RuntimeException | Error e) {
      failure =
          Optional.of(
              e instanceof KafkaException
                  ? new Unavailable(
                      "This instance can not take part in " + topics.extractGroup() + ": " + e, e)
                  : e);
    }
  }

  /** Until it is to stop, or the broker does not answer: then it is to be called again. */
  private void takePart() {
    // Followed first: what it hears of then is of after this instance has joined.
    try (FollowedPositions positions =
            new FollowedPositions(topics.positions(), sources.keySet(), server);
        Ownership ownership = new Ownership(topics, sources.keySet(), server, new Changes())) {
      followed = Optional.of(positions);
      trouble.ifPresent(was -> LOG.info("Taking part in {} again", topics.extractGroup()));
      trouble = Optional.empty();
      while (!isStopping()) {
        ownership.poll(ASK);
        positions.poll();
        sources.values().stream().filter(Owned::goesOn).forEach(s -> ownership.rewind(s.name));
      }
    } catch (RuntimeException e) {
      if (!Failures.mayPass(e)) {
        throw e;
      }
      waitFor(e);
    } finally {
      release(sources.keySet());
    }
  }

  /** Said once, until the broker has answered again. */
  private void waitFor(RuntimeException away) {
    if (isStopping()) {
      return;
    }
    if (trouble.isEmpty()) {
      LOG.warn(
          "Waiting for the broker at {} to take part in {}: {}; what is extracted here goes on from"
              + " the last commit then",
          server.brokers(),
          topics.extractGroup(),
          away.toString());
    }
    trouble =
        Optional.of(
            "The broker at "
                + server.brokers()
                + " does not answer "
                + topics.extractGroup()
                + ": "
                + away);
    try {
      stopping.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** All at once: each may have to finish a transaction. */
  private void release(Set<String> names) {
    List<Owned> released = names.stream().map(sources::get).toList();
    released.forEach(Owned::stop);
    released.forEach(Owned::awaitEnd);
  }

  private final class Changes implements Ownership.Listener {
    @Override
    public void acquired(Set<String> names) {
      names.stream().map(sources::get).forEach(Owned::begin);
    }

    @Override
    public void released(Set<String> names) {
      release(names);
    }

    @Override
    public void commanded(String name, ToldCommand command) {
      sources.get(name).extractor.command(command);
    }

    @Override
    public void caughtUp(String name) {
      sources.get(name).extractor.waitForCommands(false);
    }

    @Override
    public void limited(String name, Optional<RateOverride> rate) {
      sources.get(name).extractor.keep(rate);
    }

    @Override
    public void rebalanced() {
      sources.values().forEach(source -> source.isToTell = true);
    }
  }

  /** One source, as this instance sees it. Used by one thread, but for what is volatile. */
  private static final class Owned {
    private final String name;
    private final Supplier<Extractor> another;
    private volatile boolean isOwner;
    private boolean isStarted;
    private long fencedAt;

    /** Who has joined waits for news of the end of a source that may have ended long ago. */
    private boolean isToTell;

    /** The one that works, or has worked last. */
    private volatile Extractor extractor;

    private Owned(String name, Supplier<Extractor> extractors) {
      this.name = name;
      this.another = extractors;
      this.extractor = extractors.get();
    }

    private void begin() {
      LOG.info("Source {}: this instance extracts it", name);
      isOwner = true;
      start();
    }

    private void start() {
      isToTell = false;
      fencedAt = 0;
      if (isStarted) {
        extractor = another.get();
        extractor.waitForCommands(true);
        extractor.takeOver();
      } else {
        isStarted = true;
        extractor.waitForCommands(true);
        extractor.start();
      }
    }

    /** Whether another extractor had to be started. */
    private boolean goesOn() {
      if (!isOwner) {
        return false;
      }
      if (isToTell && extractor.isFinished()) {
        start();
        return true;
      }
      if (extractor.isFenced()) {
        long now = System.nanoTime();
        fencedAt = fencedAt == 0 ? now : fencedAt;
        if (now - fencedAt >= FENCED_NANOS) {
          LOG.info("Source {}: fenced by another instance, but still its owner; going on", name);
          start();
          return true;
        }
      }
      return false;
    }

    private void stop() {
      if (isOwner) {
        extractor.stop();
      }
    }

    private void awaitEnd() {
      if (isOwner) {
        extractor.close();
        isOwner = false;
        LOG.info("Source {}: this instance does not extract it any more", name);
      }
    }
  }

  /** Of a source; a snapshot, never blocks. */
  public ExtractorProgress progress(String source) {
    ExtractorProgress known = known(source);
    return trouble.map(known::retrying).orElse(known);
  }

  private ExtractorProgress known(String source) {
    Owned asked = sources.get(source);
    ExtractorProgress others =
        followed.map(positions -> positions.progress().get(source)).orElse(ExtractorProgress.NONE);
    if (!asked.isOwner) {
      return others;
    }
    ExtractorProgress own = asked.extractor.progress();
    return own.equals(ExtractorProgress.NONE) ? others.notEnded() : own;
  }

  /** Of each source that has a schedule and was looked at; a snapshot, never blocks. */
  public Map<String, SourceSchedule> schedules() {
    return followed.map(FollowedPositions::schedules).orElse(Map.of());
  }

  /** Why extraction has ended early on this instance; empty while it works or stands by. */
  public Optional<Throwable> failure() {
    return Stream.concat(
            failure.stream(),
            sources.values().stream()
                .map(source -> source.extractor)
                .filter(extractor -> !extractor.isFenced())
                .flatMap(extractor -> extractor.failure().stream()))
        .findFirst();
  }

  /** Commits what was read and leaves it to the others, within seconds. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
