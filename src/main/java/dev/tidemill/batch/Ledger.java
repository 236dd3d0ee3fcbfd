package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.LedgerEntry.Share;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The ledger of one pipeline: what its one owner knows of every batch, and the rules by which an
 * attempt moves from OPEN to LOADED (rules 6, 7 and 11). Not thread-safe.
 *
 * <p>Each method returns the entries that it changed, in the order in which they are to be written.
 */
public final class Ledger {

  /** Between two batches; a longer gap is left as it is. */
  private static final int MOST_EMPTY = 10_000;

  /** How many records of one source partition were read, by its own count and by the books. */
  private static final class PartitionReads {
    private long inBooks;
    private boolean balances = true;
  }

  private final String pipeline;
  private final Calendar calendar;
  private final int shares;
  private final Set<String> targets;
  private final Gates gates;
  private final Clock clock;

  /** The latest attempt of each batch. */
  private final TreeMap<Batch, LedgerEntry> latest = new TreeMap<>();

  /** The attempt that stands published, or about to be, while the latest one is not yet ready. */
  private final Map<Batch, LedgerEntry> standing = new HashMap<>();

  /** Batches whose latest attempt waits for shares. */
  private final TreeSet<Batch> open = new TreeSet<>();

  /** Of these, the ones that are whole, but whose gates look back at one that is not. */
  private final TreeSet<Batch> waiting = new TreeSet<>();

  private final Map<String, PartitionReads> reads = new HashMap<>();

  /** Whether one of these balances that did not. */
  private boolean agreeAgain;

  /** Without gates. */
  public Ledger(String pipeline, Calendar calendar, int shares, Set<String> targets, Clock clock) {
    this(pipeline, calendar, shares, targets, Gates.NONE, clock);
  }

  /**
   * @param shares how many shares a batch has
   * @param targets names of the targets that must publish a batch before it counts as loaded
   * @param gates what must hold for an attempt before it is READY
   * @param clock for {@link LedgerEntry#updatedAt} only
   */
  public Ledger(
      String pipeline,
      Calendar calendar,
      int shares,
      Set<String> targets,
      Gates gates,
      Clock clock) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.calendar = requireNonNull(calendar, "calendar");
    this.shares = shares;
    this.targets = Set.copyOf(targets);
    this.gates = requireNonNull(gates, "gates");
    this.clock = requireNonNull(clock, "clock");
  }

  /** Takes back an entry that an earlier owner wrote; a batch's attempts in their order. */
  public void restore(LedgerEntry entry) {
    LedgerEntry known = latest.get(entry.batch());
    if (known != null && known.attempt() > entry.attempt()) {
      throw new IllegalArgumentException("entries must be restored attempt by attempt: " + entry);
    }
    if (known != null) {
      known.spans().forEach(span -> readsOf(span).inBooks -= span.books().read());
      keepStanding(known);
    }
    entry.spans().forEach(span -> readsOf(span).inBooks += span.books().read());
    put(entry);
    waiting.remove(entry.batch());
    if (entry.state() == BatchState.CLOSING) {
      waiting.add(entry.batch()); // it is looked at again, whether or not it is whole
    }
  }

  /** The latest attempt of every batch, oldest batch first. */
  public Collection<LedgerEntry> entries() {
    return Collections.unmodifiableCollection(latest.values());
  }

  /** Intake has counted: this is now all that one source partition had of the batch. */
  public List<LedgerEntry> counted(Batch batch, SourceSpan span) {
    LedgerEntry entry = latest.get(batch);
    if (entry == null) {
      entry = opened(batch, 1, List.of(), Collections.nCopies(shares, Share.UNHEARD));
    }
    Map<String, SourceSpan> spans = new LinkedHashMap<>();
    entry.spans().forEach(known -> spans.put(place(known), known));
    SourceSpan before = spans.put(place(span), span);
    readsOf(span).inBooks += span.books().read() - (before == null ? 0 : before.books().read());

    LedgerEntry counted = entry.withSpans(List.copyOf(spans.values()), now());
    boolean moreToMerge = counted.books().merged() != entry.books().merged();
    if (isOver(entry) && moreToMerge) {
      keepStanding(entry);
      counted = opened(batch, entry.attempt() + 1, counted.spans(), entry.shares());
    }
    return withWaiting(settled(counted));
  }

  /**
   * A source partition's own count of all that it read, against the books of all batches (promise
   * 2), against what its extractor says to have published, and that against what was expected.
   *
   * @return whether they agree; while they do not, no batch with records of this partition gets
   *     ready
   */
  public boolean counted(PartitionRead count) {
    PartitionReads known =
        reads.computeIfAbsent(place(count.topic(), count.partition()), p -> new PartitionReads());
    boolean balanced = known.balances;
    known.balances =
        known.inBooks + count.withoutBatch() == count.read()
            && count.missing() == 0
            && count.expected().isConfirmed();
    agreeAgain |= known.balances && !balanced;
    return known.balances;
  }

  /** Batches that have waited for nothing but a partition's counts, which agree again. */
  public List<LedgerEntry> agreed() {
    List<LedgerEntry> changed = new ArrayList<>();
    List<Batch> held = agreeAgain ? List.copyOf(open) : List.of();
    agreeAgain = false;
    for (Batch batch : held) {
      if (!waiting.contains(batch) && isComplete(latest.get(batch))) {
        changed.addAll(closed(latest.get(batch)));
      }
    }
    return withWaiting(changed);
  }

  /** A share has written all rows of an attempt, and has thereby passed every earlier batch. */
  public List<LedgerEntry> ended(EndOfShare end) {
    List<LedgerEntry> changed = new ArrayList<>();
    for (LedgerEntry earlier :
        List.copyOf(open.headSet(end.batch(), false)).stream().map(latest::get).toList()) {
      if (!earlier.shares().get(end.share()).heard()) {
        changed.addAll(
            closed(earlier.withShare(end.share(), Share.EMPTY, end.reason(), "", now())));
      }
    }
    LedgerEntry entry = latest.get(end.batch());
    if (entry == null) {
      entry = opened(end.batch(), 1, List.of(), Collections.nCopies(shares, Share.UNHEARD));
    } else if (isOver(entry)) {
      if (end.attempt() <= entry.shares().get(end.share()).attempt()) {
        return withWaiting(changed); // told again
      }
      keepStanding(entry);
      entry = opened(end.batch(), entry.attempt() + 1, entry.spans(), entry.shares());
    }
    changed.addAll(
        closed(entry.withShare(end.share(), share(end), end.reason(), end.failure(), now())));
    return withWaiting(changed);
  }

  /**
   * A share has written the rows of a batch that it has not closed. That says nothing of other
   * batches, and nothing at all once a share has closed this one.
   */
  public List<LedgerEntry> endedEarly(EndOfShare end) {
    LedgerEntry entry = latest.get(end.batch());
    if (entry == null) {
      entry = opened(end.batch(), 1, List.of(), Collections.nCopies(shares, Share.UNHEARD));
    }
    EarlyResult known = entry.early().orElse(EarlyResult.none(shares, now()));
    boolean toldAgain = end.attempt() <= known.shares().get(end.share()).attempt();
    if (entry.state() != BatchState.OPEN || toldAgain || !end.failure().isEmpty()) {
      return List.of(); // what can not be computed now may well be later
    }
    EarlyResult result = known.with(end.share(), share(end), now());
    return put(entry.withEarly(Optional.of(result), now()));
  }

  private static Share share(EndOfShare end) {
    return new Share(
        end.attempt(),
        end.merged(),
        end.checksum(),
        end.rows(),
        end.gates(),
        end.joins(),
        end.queries());
  }

  /** Moves an attempt on of which a share was heard. */
  private List<LedgerEntry> closed(LedgerEntry entry) {
    if (!isComplete(entry)) {
      return settled(entry);
    }
    // The empty batches before it come first: its gates may look back at them.
    Batch batch = entry.batch();
    CloseReason reason = entry.closeReason().orElseThrow();
    List<LedgerEntry> changed =
        new ArrayList<>(emptyBetween(latest.lowerKey(batch), batch, reason));
    changed.addAll(settled(entry));
    Batch after = latest.higherKey(batch);
    if (after != null && isOver(latest.get(after))) {
      changed.addAll(emptyBetween(batch, after, reason));
    }
    return changed;
  }

  /** A target has published an attempt, or refused it. */
  public List<LedgerEntry> acked(Ack ack) {
    Batch batch = calendar.batchOf(ack.batchStart());
    Optional<LedgerEntry> found =
        Stream.of(latest.get(batch), standing.get(batch))
            .filter(Objects::nonNull)
            .filter(e -> e.attempt() == ack.attempt() && e.state() == BatchState.READY)
            .filter(e -> targets.contains(ack.target()))
            .filter(e -> !e.loaded().containsKey(ack.target()) || isEverywhere(e))
            .findFirst();
    if (found.isEmpty()) {
      return List.of();
    }
    LedgerEntry entry = found.get();
    LedgerEntry acked = afterAck(entry, ack);
    if (entry.equals(latest.get(batch))) {
      return put(acked);
    }
    standing.remove(batch);
    keepStanding(acked);
    return List.of(acked);
  }

  /**
   * A person lets a quarantined attempt go. Nothing happens if it is not, or not any more: who asks
   * has looked, but the batch may have been released or opened again meanwhile.
   */
  public List<LedgerEntry> released(Instant batchStart, int attempt, Release release) {
    LedgerEntry held = latest.get(calendar.batchOf(batchStart));
    if (held == null
        || !held.batch().start().equals(batchStart)
        || held.attempt() != attempt
        || held.state() != BatchState.QUARANTINED) {
      return List.of();
    }
    Quarantine quarantine = held.quarantine().orElseThrow();
    return published(held.withQuarantine(BatchState.READY, quarantine.released(release), now()));
  }

  private LedgerEntry afterAck(LedgerEntry entry, Ack ack) {
    Map<String, Long> loaded = new LinkedHashMap<>(entry.loaded());
    loaded.put(ack.target(), ack.rows());
    if (!ack.refusal().isEmpty()) {
      return entry.withLoaded(
          loaded, BatchState.FAILED, ack.target() + ": " + ack.refusal(), now());
    }
    long expected = entry.rowsFor(ack.target());
    if (ack.rows() != expected) {
      String wrong = ack.target() + " holds " + ack.rows() + " rows of " + expected;
      return entry.withLoaded(loaded, BatchState.FAILED, wrong, now());
    }
    LedgerEntry acked = entry.withLoaded(loaded, entry.state(), entry.note(), now());
    return isEverywhere(acked) ? acked.withState(BatchState.LOADED, now()) : acked;
  }

  /** One that is READY all the same has waited for a target that is none any more. */
  private boolean isEverywhere(LedgerEntry entry) {
    return entry.loaded().keySet().containsAll(targets);
  }

  /** Whether the attempt's fate does not depend on shares any more. */
  private static boolean isOver(LedgerEntry entry) {
    return entry.state() != BatchState.OPEN && entry.state() != BatchState.CLOSING;
  }

  /** Moves an attempt as far as what is known of it allows, and writes it down. */
  private List<LedgerEntry> settled(LedgerEntry entry) {
    if (isOver(entry)) {
      return put(entry);
    }
    if (isComplete(entry)) {
      return judged(entry);
    }
    boolean heard = entry.shares().stream().allMatch(Share::heard);
    boolean anyHeard = entry.shares().stream().anyMatch(Share::heard);
    boolean failed = !entry.note().isEmpty();
    BatchState state =
        heard && failed ? BatchState.FAILED : anyHeard ? BatchState.CLOSING : BatchState.OPEN;
    return put(entry.withState(state, now()));
  }

  /** Whether all of it is there, and balances: only the gates are left. */
  private boolean isComplete(LedgerEntry entry) {
    return !isOver(entry)
        && entry.note().isEmpty()
        && entry.shares().stream().allMatch(Share::heard)
        && entry.isWhole()
        && entry.books().balance()
        && entry.spans().stream().allMatch(span -> readsOf(span).balances);
  }

  private List<LedgerEntry> judged(LedgerEntry entry) {
    if (gates.lookBack() > 0 && isBehindAnUndecided(entry.batch())) {
      waiting.add(entry.batch());
      return put(entry.withState(BatchState.CLOSING, now()));
    }
    waiting.remove(entry.batch());
    List<Breach> breaches = gates.judge(entry, publishedBefore(entry.batch()));
    if (breaches.isEmpty()) {
      return published(entry.withState(BatchState.READY, now()));
    }
    var quarantine = new Quarantine(breaches, Optional.empty());
    return put(entry.withQuarantine(BatchState.QUARANTINED, quarantine, now()));
  }

  /** An attempt that is READY takes the place of the one before it. */
  private List<LedgerEntry> published(LedgerEntry whole) {
    LedgerEntry ready = whole.withEarly(Optional.empty(), now());
    LedgerEntry before = standing.remove(ready.batch());
    put(ready);
    return before == null
        ? List.of(ready)
        : List.of(before.withState(BatchState.SUPERSEDED, now()), ready);
  }

  /** Whether an earlier batch may still be published, and has not been. */
  private boolean isBehindAnUndecided(Batch batch) {
    return open.headSet(batch, false).stream().anyMatch(e -> !standing.containsKey(e));
  }

  /** Newest first. Of a batch that is open again, the attempt that stands published counts. */
  private List<LedgerEntry> publishedBefore(Batch batch) {
    return latest.headMap(batch, false).descendingMap().values().stream()
        .map(entry -> isPublished(entry) ? entry : standing.get(entry.batch()))
        .filter(Objects::nonNull)
        .limit(gates.lookBack())
        .toList();
  }

  private static boolean isPublished(LedgerEntry entry) {
    return entry.state() == BatchState.READY || entry.state() == BatchState.LOADED;
  }

  /** What was written may be all that a later batch has waited for. */
  private List<LedgerEntry> withWaiting(List<LedgerEntry> written) {
    if (waiting.isEmpty()) {
      return written;
    }
    List<LedgerEntry> all = new ArrayList<>(written);
    for (Batch batch : List.copyOf(waiting)) {
      LedgerEntry entry = latest.get(batch);
      if (!isComplete(entry)) {
        waiting.remove(batch);
      } else if (gates.lookBack() == 0 || !isBehindAnUndecided(batch)) {
        all.addAll(judged(entry));
      }
    }
    return all;
  }

  /**
   * Empty is not missing (rule 11): the batches between two neighbours. But one record of the year
   * 1970 must not make half a million empty hours.
   *
   * @param from null if there is no earlier one
   */
  private List<LedgerEntry> emptyBetween(Batch from, Batch to, CloseReason reason) {
    List<Batch> gaps = new ArrayList<>();
    if (from != null) {
      for (Batch gap = calendar.next(from); gap.compareTo(to) < 0; gap = calendar.next(gap)) {
        gaps.add(gap);
        if (gaps.size() > MOST_EMPTY) {
          return List.of();
        }
      }
    }
    List<LedgerEntry> empty = new ArrayList<>();
    for (Batch gap : gaps) {
      LedgerEntry entry = opened(gap, 1, List.of(), Collections.nCopies(shares, Share.EMPTY));
      for (int i = 0; i < shares; i++) {
        entry = entry.withShare(i, Share.EMPTY, reason, "", now());
      }
      empty.addAll(judged(entry));
    }
    return empty;
  }

  /** The batch reopens: what is published stays as it is until the next attempt is ready. */
  private void keepStanding(LedgerEntry entry) {
    if (isPublished(entry)) {
      standing.put(entry.batch(), entry);
    }
  }

  private List<LedgerEntry> put(LedgerEntry entry) {
    latest.put(entry.batch(), entry);
    if (isOver(entry)) {
      open.remove(entry.batch());
      waiting.remove(entry.batch());
    } else {
      open.add(entry.batch());
    }
    return List.of(entry);
  }

  private LedgerEntry opened(Batch batch, int attempt, List<SourceSpan> spans, List<Share> known) {
    LedgerEntry fresh =
        new LedgerEntry(
            pipeline,
            batch,
            attempt,
            BatchState.OPEN,
            Optional.empty(),
            Books.EMPTY,
            List.of(),
            known,
            Map.of(),
            now(),
            "");
    return fresh.withSpans(spans, now());
  }

  private PartitionReads readsOf(SourceSpan span) {
    return reads.computeIfAbsent(place(span), p -> new PartitionReads());
  }

  private static String place(SourceSpan span) {
    return place(span.topic(), span.partition());
  }

  private static String place(String topic, int partition) {
    return topic + "-" + partition;
  }

  /** The wire and the ledger keep whole milliseconds. */
  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
