package dev.tidemill.topology;

import static dev.tidemill.events.EventType.BATCH_CLOSED;
import static dev.tidemill.events.EventType.BATCH_FAILED;
import static dev.tidemill.events.EventType.BATCH_LOADED;
import static dev.tidemill.events.EventType.BATCH_OPENED;
import static dev.tidemill.events.EventType.BATCH_QUARANTINED;
import static dev.tidemill.events.EventType.BATCH_RELEASED;
import static dev.tidemill.events.EventType.BATCH_REOPENED;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.Breach;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Quarantine;
import dev.tidemill.batch.Release;
import dev.tidemill.events.EventBuilder;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of the states that batches go through, once the transaction has committed in which the
 * ledger was written. What was committed just before a process died is not told. Not thread-safe.
 */
final class BatchEvents {

  /**
   * What was told last of a batch.
   *
   * @param since when it got there, if that is known
   */
  private record Told(int attempt, BatchState state, Optional<Instant> since) {}

  private final Events events;
  private final Map<Instant, Told> told = new HashMap<>();
  private List<LedgerEntry> open = new ArrayList<>();
  private List<LedgerEntry> committing = List.of();

  BatchEvents(Events events) {
    this.events = events;
  }

  /** An earlier owner has told of this. */
  void restored(LedgerEntry entry) {
    Optional<Instant> since =
        entry.state() == BatchState.READY ? Optional.of(entry.updatedAt()) : Optional.empty();
    told.put(entry.batch().start(), new Told(entry.attempt(), entry.state(), since));
  }

  /** An entry was written, in the transaction that is open now. */
  void written(LedgerEntry entry) {
    open.add(entry);
  }

  /** The transaction is about to commit. */
  void beforeCommit() {
    tell();
    committing = open;
    open = new ArrayList<>();
  }

  /** Tells of the last transaction that has committed. */
  void tell() {
    List<LedgerEntry> entries = committing;
    committing = List.of();
    entries.forEach(this::tell);
  }

  private void tell(LedgerEntry entry) {
    Optional<Told> before = Optional.ofNullable(told.get(entry.batch().start()));
    int attempt = before.map(Told::attempt).orElse(0);
    if (entry.attempt() < attempt) { // it stood published while the next one was being made
      if (entry.state() == BatchState.LOADED) {
        loaded(entry, Optional.empty());
      }
      return;
    }
    boolean isNew = entry.attempt() > attempt;
    if (isNew) {
      about(entry.attempt() == 1 ? BATCH_OPENED : BATCH_REOPENED, entry).emit();
    }
    BatchState from = isNew ? BatchState.OPEN : before.orElseThrow().state();
    Optional<Instant> since = isNew ? Optional.of(entry.updatedAt()) : before.flatMap(Told::since);
    if (from == entry.state() || isOpen(entry.state())) {
      told.put(entry.batch().start(), new Told(entry.attempt(), entry.state(), since));
      return;
    }
    if (isOpen(from)) {
      closed(entry, since);
    }
    switch (entry.state()) {
      case QUARANTINED -> about(BATCH_QUARANTINED, entry).with("gates", gates(entry)).emit();
      case FAILED -> about(BATCH_FAILED, entry).with("note", entry.note()).emit();
      case LOADED -> loaded(entry, isOpen(from) ? Optional.empty() : since);
      case READY -> {
        if (from == BatchState.QUARANTINED) {
          about(BATCH_RELEASED, entry).with("by", releasedBy(entry)).emit();
        }
      }
      default -> {}
    }
    told.put(
        entry.batch().start(),
        new Told(entry.attempt(), entry.state(), Optional.of(entry.updatedAt())));
  }

  private static boolean isOpen(BatchState state) {
    return state == BatchState.OPEN || state == BatchState.CLOSING;
  }

  private EventBuilder about(EventType type, LedgerEntry entry) {
    return events
        .event(type)
        .with("batch", entry.batch().id())
        .with("attempt", String.valueOf(entry.attempt()));
  }

  private void closed(LedgerEntry entry, Optional<Instant> opened) {
    Books books = entry.books();
    lasting(about(BATCH_CLOSED, entry), opened, entry)
        .with("reason", entry.closeReason().map(Enum::name).orElse(""))
        .with("read", books.read())
        .with("accepted", books.accepted())
        .with("filtered", books.filtered())
        .with("rejected", books.rejected())
        .with("duplicate", books.duplicate())
        .with("late", books.late())
        .with("amended", books.amended())
        .with("rows", entry.resultRows())
        .emit();
  }

  private void loaded(LedgerEntry entry, Optional<Instant> closed) {
    lasting(about(BATCH_LOADED, entry), closed, entry).with("rows", entry.resultRows()).emit();
  }

  /** The ledger's times are by the wall clock, which may have been set back. */
  private static EventBuilder lasting(
      EventBuilder event, Optional<Instant> since, LedgerEntry entry) {
    since
        .map(begun -> Duration.between(begun, entry.updatedAt()))
        .ifPresent(lasted -> event.lasting(lasted.isNegative() ? Duration.ZERO : lasted));
    return event;
  }

  private static String gates(LedgerEntry entry) {
    return String.join(
        ", ",
        entry.quarantine().stream()
            .flatMap(quarantine -> quarantine.breaches().stream())
            .map(Breach::gate)
            .toList());
  }

  private static String releasedBy(LedgerEntry entry) {
    return entry.quarantine().flatMap(Quarantine::release).map(Release::by).orElse("");
  }
}
