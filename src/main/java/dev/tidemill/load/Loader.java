package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.load.LoaderProgress.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one target of one pipeline, if it is elected among the loaders of this target in the
 * cluster; otherwise it stands by. Trouble of any kind is tried again for as long as it takes, each
 * time from the positions that the target has.
 *
 * <p>One thread of its own does everything; {@link #start}, {@link #close} and {@link #progress}
 * may be called by any.
 */
public final class Loader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
  private static final Duration STAND_BY = Duration.ofMillis(200);
  private static final Duration LAST_WORK = Duration.ofSeconds(30);

  /** What exists while this loader is elected and nothing is wrong. */
  private record Session(
      int term, Loading loading, ResultsReader results, Acks acks, StagedOffsets offsets) {}

  private final Topics topics;
  private final Target target;
  private final LoaderCodecs codecs;
  private final Clock clock;
  private final Events events;
  private final LoaderClients clients;
  private final LoaderBooks books;
  private final BackOff backOff;
  private final Thread thread;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private Optional<Session> session = Optional.empty();

  /**
   * @param target used by this loader's thread from {@link #start} on, and closed by it
   */
  public Loader(
      ServerSettings settings,
      Topics topics,
      Target target,
      LoaderCodecs codecs,
      Clock clock,
      Events events) {
    this.topics = requireNonNull(topics, "topics");
    this.target = requireNonNull(target, "target");
    this.codecs = requireNonNull(codecs, "codecs");
    this.clock = requireNonNull(clock, "clock");
    this.events = requireNonNull(events, "events");
    this.clients = new LoaderClients(settings, topics.loaderGroup(target.name()));
    this.books = new LoaderBooks(target.name());
    this.backOff = new BackOff(clock);
    this.thread = new Thread(this::run, topics.loaderGroup(target.name()));
    this.thread.setDaemon(true);
  }

  /**
   * Connects to the target once and checks its table, so that what is wrong is known before the
   * first record. To be called before {@link #start}, if at all.
   *
   * @throws dev.tidemill.definition.Unavailable as {@link Target#prepare}
   */
  public void check() {
    try (Admin admin = clients.admin()) {
      if (clients.isLoading(admin)) {
        return;
      }
      target.prepare(ResultsTopic.describe(admin, topics.results()).id());
    } finally {
      target.close();
    }
  }

  /**
   * Says what {@link #check} would, and changes nothing.
   *
   * @throws dev.tidemill.definition.Unavailable as {@link Target#prepare}
   */
  public static void look(ServerSettings settings, Topics topics, Target target) {
    LoaderClients clients = new LoaderClients(settings, topics.loaderGroup(target.name()));
    try (Admin admin = clients.admin()) {
      if (!clients.isLoading(admin)) {
        target.rehearse(
            ResultsTopic.find(admin, topics.results()).map(ResultsTopic::id).orElse("to be made"));
      }
    }
  }

  public void start() {
    thread.start();
  }

  public LoaderProgress progress() {
    return books.progress();
  }

  /**
   * Stops after the transaction that is under way, and waits for that, 30 s at most. A loader that
   * is still busy then does no harm: the next one's first transaction fences it.
   */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(LAST_WORK.toMillis());
      if (thread.isAlive()) {
        LOG.warn("{}: a transaction is still under way; not waiting longer", target.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (Admin admin = clients.admin();
        LedgerReader ledger =
            new LedgerReader(
                clients.ledger(), topics.ledger(), codecs.ledger(), codecs.output().name())) {
      while (stopping.getCount() > 0) {
        turn(ledger, admin);
      }
      leave(); // Before the group is left: who is elected next finds the target free.
    } catch (RuntimeException | Error e) {
      LOG.error("{}: the loader has ended", target.name(), e);
      books.retrying(describe(e));
      leave();
    } finally {
      books.enter(State.STOPPED);
    }
  }

  private void turn(LedgerReader ledger, Admin admin) {
    try {
      Set<Instant> news = ledger.poll(session.isPresent() ? Duration.ZERO : STAND_BY);
      Optional<Integer> term = ledger.term();
      if (session.isPresent() && !session.map(Session::term).equals(term)) {
        LOG.info("{}: no longer elected", target.name());
        events.event(EventType.LOAD_DEPOSED).with("target", target.name()).emit();
        leave();
      }
      if (term.isEmpty()) {
        books.enter(State.STANDBY);
        books.settled(ledger.knowsTheElected());
      } else if (backOff.isOver()) {
        load(ledger, admin, term.get(), news);
      }
    } catch (TargetException | RuntimeException e) {
      leave();
      backOff.failed(describe(e), e);
      events.event(EventType.LOAD_RETRYING).with("target", target.name()).because(e).emit();
      books.retrying(describe(e));
      breathe();
    }
  }

  /** The ledger is polled during a back-off too, and may be what fails, at once each time. */
  private void breathe() {
    try {
      stopping.await(STAND_BY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void load(LedgerReader ledger, Admin admin, int term, Set<Instant> news)
      throws TargetException {
    if (session.isEmpty()) {
      session = Optional.of(open(ledger, admin, term));
    }
    Loading loading = session.get().loading();
    loading.due(news);
    loading.step(ledger.caughtUp());
    session.get().offsets().moved(loading.staged());
    books.enter(State.LOADING);
    books.settled(loading.isSettled());
    if (loading.hasCaughtUp()) {
      backOff.worked();
    }
  }

  private Session open(LedgerReader ledger, Admin admin, int term) throws TargetException {
    ResultsTopic topic = ResultsTopic.describe(admin, topics.results());
    target.prepare(topic.id());
    Map<Integer, Long> positions = target.positions();
    LOG.info("{}: elected, loading from the offsets {}", target.name(), positions);
    events.event(EventType.LOAD_ELECTED).with("target", target.name()).emit();
    ResultsReader results = new ResultsReader(clients.results(), codecs, topic, positions);
    StagedOffsets offsets = new StagedOffsets(ledger.member(), topics.results(), clock);
    offsets.begin(results::next);
    Acks acks = new Acks(clients.acks(), topics.acks(), codecs.acks());
    WaitingBatches waiting = new WaitingBatches(() -> topic.bounds(admin));
    Loading loading =
        new Loading(
            target, results, positions, ledger.ready(), waiting, acks, books, clock, events);
    return new Session(term, loading, results, acks, offsets);
  }

  private void leave() {
    session.ifPresent(
        open -> {
          open.results().close();
          open.acks().close();
        });
    session = Optional.empty();
    target.close();
  }

  private String describe(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.startsWith(target.name()) ? message : target.name() + ": " + message;
  }
}
