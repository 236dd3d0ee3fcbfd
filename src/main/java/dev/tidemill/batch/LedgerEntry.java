package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One line of the ledger: what is known of one attempt of one batch. Immutable.
 *
 * @param attempt 1 for the first publication; one more for every one that replaces it
 * @param closeReason empty while the batch is open
 * @param spans one for each source partition that had records of the batch
 * @param shares one for each share, in the order of shuffle partitions; empty while open
 * @param loaded rows that each target has published, by the target's name
 * @param updatedAt when the entry last changed, by the wall clock
 * @param note why it failed, or what a person should know; empty when there is nothing to say
 * @param quarantine present if the attempt did not pass a gate, also after its release
 * @param early what was last published of the batch before it closed; empty without, and once the
 *     batch itself is
 */
public record LedgerEntry(
    String pipeline,
    Batch batch,
    int attempt,
    BatchState state,
    Optional<CloseReason> closeReason,
    Books books,
    List<SourceSpan> spans,
    List<Share> shares,
    Map<String, Long> loaded,
    Instant updatedAt,
    String note,
    Optional<Quarantine> quarantine,
    Optional<EarlyResult> early) {

  /** The attempt that early results are of: every one of a closed batch takes its place. */
  public static final int EARLY = 0;

  /** One that passed its gates, or was not judged yet; nothing was published early. */
  public LedgerEntry(
      String pipeline,
      Batch batch,
      int attempt,
      BatchState state,
      Optional<CloseReason> closeReason,
      Books books,
      List<SourceSpan> spans,
      List<Share> shares,
      Map<String, Long> loaded,
      Instant updatedAt,
      String note) {
    this(
        pipeline,
        batch,
        attempt,
        state,
        closeReason,
        books,
        spans,
        shares,
        loaded,
        updatedAt,
        note,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The part of a batch in one partition of the shuffle.
   *
   * @param attempt the share's own attempt, which only grows; {@link #EMPTY} if it passed the batch
   *     without having anything of it, {@link #UNHEARD} if it has not said anything yet
   * @param merged source records that the share's result was made of
   * @param checksum of the rows of these records that the share was given: {@link Checksum}
   * @param rows result rows that it emitted
   * @param gates what these rows add to the gates
   * @param joins what the joins within the batch found in this share, by their names
   * @param queries the rows of each statement, if there are several
   */
  public record Share(
      int attempt,
      long merged,
      long checksum,
      long rows,
      GatePart gates,
      Map<String, JoinCount> joins,
      Map<String, Long> queries) {
    public static final Share UNHEARD = new Share(-1, 0, 0, 0);
    public static final Share EMPTY = new Share(0, 0, 0, 0);

    public Share {
      requireNonNull(gates, "gates");
      joins = Map.copyOf(joins);
      queries = Map.copyOf(queries);
    }

    /** Without gates and joins, and of one statement. */
    public Share(int attempt, long merged, long checksum, long rows) {
      this(attempt, merged, checksum, rows, GatePart.NONE, Map.of(), Map.of());
    }

    private long rowsOf(String query) {
      return queries.isEmpty() ? rows : queries.getOrDefault(query, 0L);
    }

    private Share of(String query) {
      return new Share(attempt, merged, checksum, rowsOf(query), gates, joins, Map.of());
    }

    public boolean heard() {
      return attempt >= 0;
    }
  }

  public LedgerEntry {
    requireNonNull(pipeline, "pipeline");
    requireNonNull(batch, "batch");
    requireNonNull(state, "state");
    requireNonNull(closeReason, "closeReason");
    requireNonNull(books, "books");
    spans = List.copyOf(spans);
    shares = List.copyOf(shares);
    loaded = Map.copyOf(loaded);
    requireNonNull(updatedAt, "updatedAt");
    requireNonNull(note, "note");
    requireNonNull(quarantine, "quarantine");
    requireNonNull(early, "early");
    if (attempt < EARLY) {
      throw new IllegalArgumentException("attempts count from 1: " + attempt);
    }
  }

  public long resultRows() {
    return shares.stream().mapToLong(Share::rows).sum();
  }

  /** Those of one statement, if there are several; else all. */
  public long resultRows(String query) {
    return shares.stream().mapToLong(share -> share.rowsOf(query)).sum();
  }

  /** The rows of each statement, in the order of their names; empty if there is only one. */
  public SortedMap<String, Long> queryRows() {
    TreeMap<String, Long> rows = new TreeMap<>();
    shares.forEach(share -> share.queries().forEach((query, n) -> rows.merge(query, n, Long::sum)));
    return rows;
  }

  /** The rows that a target has to hold: those of its statement, before the dot in its name. */
  public long rowsFor(String target) {
    int dot = target.indexOf('.');
    return resultRows(dot < 0 ? "" : target.substring(0, dot));
  }

  /** The same as a target of one statement sees it. */
  public LedgerEntry of(String query) {
    Copy copy = new Copy(this);
    copy.shares = of(query, shares);
    copy.early = early.map(e -> new EarlyResult(of(query, e.shares()), e.at()));
    return copy.at(updatedAt);
  }

  private static List<Share> of(String query, List<Share> shares) {
    return shares.stream().map(share -> share.of(query)).toList();
  }

  /** What a target may publish of the batch while it is open: an attempt {@link #EARLY}. */
  public Optional<LedgerEntry> earlyAttempt() {
    if (state != BatchState.OPEN) {
      return Optional.empty();
    }
    return early.map(
        result ->
            new LedgerEntry(
                pipeline,
                batch,
                EARLY,
                BatchState.READY,
                Optional.empty(),
                Books.EMPTY,
                List.of(),
                result.shares(),
                Map.of(),
                result.at(),
                ""));
  }

  /** How often records of the batch broke a rule that only warns, by the rule's name. */
  public SortedMap<String, Long> warned() {
    TreeMap<String, Long> warned = new TreeMap<>();
    spans.forEach(span -> span.warned().forEach((rule, n) -> warned.merge(rule, n, Long::sum)));
    return warned;
  }

  /** What each join found, by its name: lookups in intake, and joins within the batch. */
  public SortedMap<String, JoinCount> joins() {
    TreeMap<String, JoinCount> joins = new TreeMap<>();
    Stream.concat(spans.stream().map(SourceSpan::joins), shares.stream().map(Share::joins))
        .forEach(some -> some.forEach((join, n) -> joins.merge(join, n, JoinCount::plus)));
    return joins;
  }

  public long mergedRecords() {
    return shares.stream().mapToLong(Share::merged).sum();
  }

  /**
   * Whether the shares are made of the records that intake counted, all of them and no others: they
   * are as many, and the rows that they gave have the same checksum (rule 6).
   */
  public boolean isWhole() {
    long given = spans.stream().mapToLong(SourceSpan::checksum).sum();
    long taken = shares.stream().mapToLong(Share::checksum).sum();
    return books.merged() == mergedRecords() && given == taken;
  }

  /** Promise 2 as far as this attempt has come; a loaded one must balance for every target. */
  public boolean balances() {
    boolean merged = state == BatchState.OPEN || isWhole();
    boolean targets =
        state != BatchState.LOADED
            || loaded.entrySet().stream()
                .allMatch(target -> target.getValue() == rowsFor(target.getKey()));
    return books.balance() && merged && targets;
  }

  LedgerEntry withState(BatchState newState, Instant now) {
    Copy copy = new Copy(this);
    copy.state = newState;
    return copy.at(now);
  }

  /** The books are the sum of the spans'. */
  LedgerEntry withSpans(List<SourceSpan> newSpans, Instant now) {
    Copy copy = new Copy(this);
    copy.spans = newSpans;
    copy.books = newSpans.stream().map(SourceSpan::books).reduce(Books.EMPTY, Books::plus);
    return copy.at(now);
  }

  /**
   * @param reason the share's; the weakest proof among the shares is the batch's
   * @param failure why the share could not compute its rows; the first one is kept
   */
  LedgerEntry withShare(int index, Share share, CloseReason reason, String failure, Instant now) {
    Copy copy = new Copy(this);
    copy.shares = new ArrayList<>(shares);
    copy.shares.set(index, share);
    copy.closeReason = Optional.of(weakest(reason));
    copy.note = note.isEmpty() ? failure : note;
    return copy.at(now);
  }

  LedgerEntry withQuarantine(BatchState newState, Quarantine why, Instant now) {
    Copy copy = new Copy(this);
    copy.state = newState;
    copy.quarantine = Optional.of(why);
    return copy.at(now);
  }

  LedgerEntry withLoaded(
      Map<String, Long> newLoaded, BatchState newState, String newNote, Instant now) {
    Copy copy = new Copy(this);
    copy.loaded = newLoaded;
    copy.state = newState;
    copy.note = newNote;
    return copy.at(now);
  }

  LedgerEntry withEarly(Optional<EarlyResult> result, Instant now) {
    Copy copy = new Copy(this);
    copy.early = result;
    return copy.at(now);
  }

  private CloseReason weakest(CloseReason reason) {
    return closeReason.filter(known -> known.compareTo(reason) > 0).orElse(reason);
  }

  /** An entry in which some things are about to change. */
  private static final class Copy {
    private final LedgerEntry of;
    private BatchState state;
    private Optional<CloseReason> closeReason;
    private Books books;
    private List<SourceSpan> spans;
    private List<Share> shares;
    private Map<String, Long> loaded;
    private String note;
    private Optional<Quarantine> quarantine;
    private Optional<EarlyResult> early;

    Copy(LedgerEntry of) {
      this.of = of;
      this.state = of.state;
      this.closeReason = of.closeReason;
      this.books = of.books;
      this.spans = of.spans;
      this.shares = of.shares;
      this.loaded = of.loaded;
      this.note = of.note;
      this.quarantine = of.quarantine;
      this.early = of.early;
    }

    LedgerEntry at(Instant now) {
      return new LedgerEntry(
          of.pipeline,
          of.batch,
          of.attempt,
          state,
          closeReason,
          books,
          spans,
          shares,
          loaded,
          now,
          note,
          quarantine,
          early);
    }
  }
}
