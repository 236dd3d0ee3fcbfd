package dev.tidemill.load;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One go at loading a target, from the target's positions until something fails or another loader
 * is elected. It keeps nothing that the next go would miss. Not thread-safe.
 */
final class Loading {
  private static final Logger LOG = LoggerFactory.getLogger(Loading.class);
  private static final int MOST_ROWS = 10_000;
  private static final long MOST_BYTES = 16 << 20; // of results, as they are in their topic
  private static final int MOST_BATCHES = 100; // between two looks at the election
  private static final Duration MOST_WAIT = Duration.ofMillis(250);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Target target;
  private final ResultsReader results;
  private final ReadyBatches ready;
  private final WaitingBatches waiting;
  private final Acks acks;
  private final LoaderBooks books;
  private final Clock clock;
  private final Events events;
  private final Map<Integer, Long> positions;
  private final TreeSet<Instant> due;
  private final List<Instant> acknowledging = new ArrayList<>();

  /** Attempts that the target holds, refuses or can not have, as far as this go has found out. */
  private final Map<Instant, Integer> decided = new HashMap<>();

  private boolean began;
  private Chunk chunk = new Chunk();
  private long chunkBytes;
  private Instant chunkSince = Instant.EPOCH;

  /**
   * @param positions where {@code results} starts
   */
  Loading(
      Target target,
      ResultsReader results,
      Map<Integer, Long> positions,
      ReadyBatches ready,
      WaitingBatches waiting,
      Acks acks,
      LoaderBooks books,
      Clock clock,
      Events events) {
    this.target = target;
    this.results = results;
    this.positions = new HashMap<>(positions);
    this.ready = ready;
    this.waiting = waiting;
    this.acks = acks;
    this.books = books;
    this.clock = clock;
    this.events = events;
    this.due = new TreeSet<>();
  }

  /** The ledger has news of these batches. */
  void due(Collection<Instant> batches) {
    due.addAll(batches);
  }

  /**
   * Reads and stages what there is, for 250 ms at most, then publishes if told to.
   *
   * @param publish whether the ledger has been read to where it ended at the election
   */
  void step(boolean publish) throws TargetException {
    if (publish && !began) {
      // Those that the target holds already are acknowledged again: the last ack may be lost.
      due.addAll(ready.batches());
      began = true;
    }
    boolean idle = read() == 0;
    if (!chunk.advances().isEmpty() && (idle || isFull())) {
      stage();
    }
    if (publish) {
      publishDue();
    }
  }

  /** Whether everything that was read and told has been tried. */
  boolean hasCaughtUp() {
    return chunk.advances().isEmpty() && due.isEmpty();
  }

  /** The target's positions: the next offset by partition, where anything has been staged. */
  Map<Integer, Long> staged() {
    return Collections.unmodifiableMap(positions);
  }

  /**
   * Whether the target is known to hold, to refuse or to have no way to all that the ledger asks
   * for.
   */
  boolean isSettled() {
    return began
        && chunk.advances().isEmpty()
        && ready.batches().stream().allMatch(this::isDecided);
  }

  private boolean isDecided(Instant batch) {
    int asked = ready.latest(batch).map(LedgerEntry::attempt).orElse(0);
    return decided.getOrDefault(batch, 0) >= asked;
  }

  private int read() {
    if (chunk.advances().isEmpty()) {
      chunkSince = clock.instant();
    }
    ResultsReader.Read read = results.poll(chunk, POLL);
    read.next()
        .forEach(
            (partition, next) ->
                chunk.advance(partition, Optional.ofNullable(positions.get(partition)), next));
    chunkBytes += read.bytes();
    return read.records();
  }

  private boolean isFull() {
    return chunk.rows() >= MOST_ROWS
        || chunkBytes >= MOST_BYTES
        || !clock.instant().isBefore(chunkSince.plus(MOST_WAIT));
  }

  private void stage() throws TargetException {
    CrashPoint.BEFORE_STAGE.reached();
    events
        .event(EventType.LOAD_STAGE)
        .with("target", target.name())
        .around(
            span -> {
              target.stage(chunk);
              return span.with("rows", chunk.rows());
            });
    CrashPoint.AFTER_STAGE.reached();
    chunk.advances().forEach((partition, advance) -> positions.put(partition, advance.next()));
    chunk.parts().stream()
        .filter(part -> part.end().isPresent() || !part.refusal().isEmpty())
        .forEach(part -> due.add(part.batch()));
    books.staged(chunk.rows());
    chunk = new Chunk();
    chunkBytes = 0;
  }

  private void publishDue() throws TargetException {
    for (int i = 0; i < MOST_BATCHES && !due.isEmpty(); i++) {
      Optional<LedgerEntry> command = ready.latest(due.pollFirst());
      if (command.isPresent()) {
        publish(command.get());
      }
    }
    if (due.isEmpty() && chunk.advances().isEmpty()) {
      giveUp();
    }
    acks.await();
    if (!acknowledging.isEmpty()) {
      CrashPoint.AFTER_ACK.reached();
    }
    acknowledging.forEach(books::published);
    acknowledging.clear();
  }

  private void publish(LedgerEntry entry) throws TargetException {
    if (entry.attempt() == LedgerEntry.EARLY) {
      publishEarly(entry);
      return;
    }
    String batch = entry.batch().id();
    waiting.remove(entry.batch().start());
    CrashPoint.BEFORE_PUBLISH.reached();
    Publication publication = published(entry);
    if (publication instanceof Publication.Published published) {
      CrashPoint.AFTER_PUBLISH.reached();
      acks.send(
          Ack.published(
              target.name(), entry.batch().start(), published.attempt(), published.rows()));
      acknowledging.add(entry.batch().start());
      decided.put(entry.batch().start(), published.attempt());
      LOG.info(
          "{}: batch {} attempt {} is published, {} rows",
          target.name(),
          batch,
          published.attempt(),
          published.rows());
    } else if (publication instanceof Publication.Incomplete incomplete) {
      // It is due again when more of it has been staged.
      LOG.debug("{}: batch {} waits: {}", target.name(), batch, incomplete.missing());
      if (!isDecided(entry.batch().start())) {
        waiting.add(entry, incomplete);
      }
    } else if (publication instanceof Publication.Refused refused) {
      refuse(entry, refused.reason());
    }
  }

  private Publication published(LedgerEntry entry) throws TargetException {
    return events
        .event(EventType.LOAD_PUBLISH)
        .with("target", target.name())
        .with("batch", entry.batch().id())
        .with("attempt", String.valueOf(entry.attempt()))
        .around(
            span -> {
              Publication publication = target.publish(entry);
              span.with("outcome", publication.outcome())
                  .with("reason", publication.reason())
                  .with("rows", publication.rows());
              return publication;
            });
  }

  /**
   * Nobody waits for an early result, and no books are kept of it: the next one, or the batch
   * itself, takes its place.
   */
  private void publishEarly(LedgerEntry entry) throws TargetException {
    CrashPoint.BEFORE_PUBLISH.reached();
    Publication publication = published(entry);
    if (publication instanceof Publication.Published published) {
      CrashPoint.AFTER_PUBLISH.reached();
      LOG.debug(
          "{}: an early result of batch {} is published, {} rows",
          target.name(),
          entry.batch().id(),
          published.rows());
    } else if (publication instanceof Publication.Incomplete incomplete) {
      LOG.debug("{}: batch {} waits: {}", target.name(), entry.batch().id(), incomplete.missing());
    } else if (publication instanceof Publication.Refused refused) {
      LOG.warn(
          "{}: an early result of batch {} can not be published: {}",
          target.name(),
          entry.batch().id(),
          refused.reason());
    }
  }

  private void refuse(LedgerEntry entry, String reason) {
    decided.put(entry.batch().start(), entry.attempt());
    acks.send(Ack.refused(target.name(), entry.batch().start(), entry.attempt(), reason));
    books.refused(
        entry.batch().start(),
        "%s: batch %s attempt %d can not be published: %s"
            .formatted(target.name(), entry.batch().id(), entry.attempt(), reason));
  }

  /** On batches whose results are not there any more. */
  private void giveUp() {
    List<LedgerEntry> loaded = new ArrayList<>();
    for (WaitingBatches.Waiting each : waiting.inVain(results::next)) {
      Optional<LedgerEntry> now = ready.latest(each.entry().batch().start());
      if (now.isEmpty() || now.get().attempt() != each.entry().attempt()) {
        continue; // It need not be there any more; a later attempt is tried on its own.
      }
      LedgerEntry entry = now.get();
      if (entry.state() == BatchState.LOADED) {
        decided.put(entry.batch().start(), entry.attempt());
        loaded.add(entry);
      } else {
        refuse(
            entry,
            each.lacks().missing()
                + "; its results were deleted from the results topic before this target had them");
      }
    }
    if (!loaded.isEmpty()) {
      books.gone(
          ("%s: batches that are LOADED elsewhere can not be loaded here (%d, from %s to %s): their"
                  + " results are not in the results topic any more, where they are deleted after"
                  + " 'keep'. Loading goes on without them; copy their rows from another target or"
                  + " a backup if they are needed")
              .formatted(
                  target.name(),
                  loaded.size(),
                  loaded.get(0).batch().id(),
                  loaded.get(loaded.size() - 1).batch().end()));
    }
  }
}
