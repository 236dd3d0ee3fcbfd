package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.Expected;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.batch.Verdict;
import dev.tidemill.definition.BatchRule;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What intake knows of one source partition: its event clock, its counts, and its part in each
 * batch. The heap's copy; {@link Intake} writes it down in the transaction of the records. Not
 * thread-safe.
 */
final class IntakePartition {

  /** The partition's part in one batch. */
  static final class Part {
    private final Batch batch;
    private final long start;
    private final long end;
    private final long over;
    private final long pastKeep;
    private final long firstOffset;
    private final long clockBefore;
    private Groups groups = new Groups();
    private long lastOffset;
    private long read;
    private final long[] verdicts = new long[Verdict.values().length];
    private final Map<String, Long> warned = new HashMap<>();
    private final JoinTally joins;
    private long amended;
    private long carried;
    private long carriedIn;
    private long checksum;
    private boolean dirty;

    /** Late records that are not in the counts yet, nor on their way to the shares. */
    private Groups held = new Groups();

    private Part(
        Batch batch, BatchRule rule, List<String> joins, long firstOffset, long clockBefore) {
      this.batch = batch;
      this.start = batch.start().toEpochMilli();
      this.end = batch.end().toEpochMilli();
      this.over = batch.end().plus(rule.grace()).toEpochMilli();
      this.pastKeep = over + rule.keepOpen().toMillis();
      this.firstOffset = firstOffset;
      this.clockBefore = clockBefore;
      this.joins = new JoinTally(joins);
    }

    Batch batch() {
      return batch;
    }

    /** The batch's start; ms since the epoch. */
    long start() {
      return start;
    }

    private boolean contains(long time) {
      return start <= time && time < end;
    }

    /** Whether a record that comes at this clock is late. */
    boolean isOver(EventClock clock) {
      return clock.isPast(over);
    }

    /** Whether the batch can not be changed any more at this clock. */
    boolean isPastKeep(EventClock clock) {
      return clock.isPast(pastKeep);
    }

    /** What was aggregated since the last partials. */
    Groups groups() {
      return groups;
    }

    /** The groups so far, which the caller sends on; the part begins with none. */
    Groups takeGroups() {
      Groups taken = groups;
      groups = new Groups();
      return taken;
    }

    Groups held() {
      return held;
    }

    Groups takeHeld() {
      Groups taken = held;
      held = new Groups();
      return taken;
    }

    /** A record was added to {@link #held}. */
    void hold(long offset) {
      lastOffset = offset;
      dirty = true;
    }

    /** What was held is on its way to the shares. */
    void amend(long records, long ofRows) {
      read += records;
      verdicts[Verdict.LATE.ordinal()] += records;
      amended += records;
      checksum += ofRows;
      dirty = true;
    }

    /** The late record that was just read takes part in a later batch. */
    void carry(Part into) {
      carried++;
      into.carriedIn++;
      into.dirty = true;
    }

    boolean dirty() {
      return dirty;
    }

    void clean() {
      dirty = false;
    }

    void read(long offset) {
      read++;
      lastOffset = offset;
      dirty = true;
    }

    void give(Verdict verdict) {
      verdicts[verdict.ordinal()]++;
    }

    /** One of the record's rows takes part. */
    void add(long ofRow) {
      checksum += ofRow;
    }

    SourceSpan span(TopicPartition partition) {
      Books books =
          new Books(
              read,
              verdicts[Verdict.ACCEPTED.ordinal()],
              verdicts[Verdict.FILTERED.ordinal()],
              verdicts[Verdict.REJECTED.ordinal()],
              verdicts[Verdict.DUPLICATE.ordinal()],
              verdicts[Verdict.LATE.ordinal()],
              amended,
              carried,
              carriedIn);
      return new SourceSpan(
          partition.topic(),
          partition.partition(),
          firstOffset,
          lastOffset,
          clockBefore,
          books,
          checksum,
          warned,
          joins.counts());
    }

    /** The record that was just read broke a rule that only warns. */
    void warn(String rule) {
      warned.merge(rule, 1L, Long::sum);
    }

    /** What lookups found for the record that was just read. */
    void looked(JoinTally found) {
      joins.add(found);
    }

    private static Part of(Batch batch, BatchRule rule, List<String> joins, SourceSpan span) {
      Part part = new Part(batch, rule, joins, span.firstOffset(), span.clockBefore());
      part.lastOffset = span.lastOffset();
      part.checksum = span.checksum();
      part.warned.putAll(span.warned());
      part.joins.restore(span.joins());
      part.read = span.books().read();
      part.verdicts[Verdict.ACCEPTED.ordinal()] = span.books().accepted();
      part.verdicts[Verdict.FILTERED.ordinal()] = span.books().filtered();
      part.verdicts[Verdict.REJECTED.ordinal()] = span.books().rejected();
      part.verdicts[Verdict.DUPLICATE.ordinal()] = span.books().duplicate();
      part.verdicts[Verdict.LATE.ordinal()] = span.books().late();
      part.amended = span.books().amended();
      part.carried = span.books().carried();
      part.carriedIn = span.books().carriedIn();
      return part;
    }
  }

  /**
   * What the shares were last told, as far as it can close a batch.
   *
   * @param over start of the first batch that is not over by the clock
   * @param idleOver the same by silence
   * @param completeOver the same by the extractor's word
   */
  record Told(long over, long idleOver, long completeOver, boolean ended) {
    private boolean isRest() {
      return ended || idleOver != EventClock.NO_TIME;
    }
  }

  private static final int CONFIRMATIONS = 100;

  private final int source;
  private final TopicPartition partition;
  private final BatchRule rule;
  private final List<String> joins;
  private final PartialsWriter[] writers;
  private final TreeMap<Long, Part> parts = new TreeMap<>();

  /** The parts of the last records: around a boundary, times go back and forth. */
  private Part recent;

  private Part beforeRecent;
  private final List<Long> entered = new ArrayList<>();

  private EventClock clock = EventClock.UNSET;
  private int jumps;
  private long read;
  private long withoutBatch;
  private long lastOffset = -1;
  private long completeTo = EventClock.NO_TIME;
  private boolean ended;
  private long extracted = PartitionRead.UNTOLD;
  private long missing;
  private Expected expected = Expected.NOTHING;
  private boolean waits;
  private boolean dirty;
  private long held;
  private long heldSince;
  private Optional<Told> told = Optional.empty();
  private long lastRecordNanos;
  private final Breaker breaker;

  /**
   * @param joins names of the statement's
   * @param shares how many shares a batch has
   * @param shuffle takes what goes to them
   */
  IntakePartition(
      int source,
      TopicPartition partition,
      BatchRule rule,
      List<String> joins,
      int shares,
      Consumer<ShuffleMessage> shuffle,
      long nanos,
      Breaker breaker) {
    this.source = source;
    this.partition = partition;
    this.rule = rule;
    this.joins = joins;
    this.writers = new PartialsWriter[shares];
    for (int share = 0; share < shares; share++) {
      writers[share] = new PartialsWriter(share, source, shuffle);
    }
    this.lastRecordNanos = nanos;
    this.breaker = breaker;
  }

  int source() {
    return source;
  }

  TopicPartition partition() {
    return partition;
  }

  EventClock clock() {
    return clock;
  }

  boolean ended() {
    return ended;
  }

  /** Records that are in a book, or known to belong to none. */
  long read() {
    return read - held;
  }

  /** With those that are in no book yet. */
  long readEver() {
    return read;
  }

  Breaker breaker() {
    return breaker;
  }

  /** Late records that are in no book yet. */
  long held() {
    return held;
  }

  /** Since when there are any; ms since the epoch. */
  long heldSince() {
    return heldSince;
  }

  void hold(long now) {
    if (held == 0) {
      heldSince = now;
    }
    held++;
  }

  void release(long records) {
    held -= records;
    dirty = true;
  }

  long withoutBatch() {
    return withoutBatch;
  }

  long lastOffset() {
    return lastOffset;
  }

  long lastRecordNanos() {
    return lastRecordNanos;
  }

  /** Whether records of it wait for a table: then what is handed over stands behind them. */
  boolean waits() {
    return waits;
  }

  void waits(boolean some) {
    waits = some;
  }

  boolean dirty() {
    return dirty;
  }

  void clean() {
    dirty = false;
  }

  Iterable<Part> parts() {
    return parts.values();
  }

  /** Sends a group or a row to its share, at the latest at {@link #flush}. */
  void write(Part part, int share, long records, long checksum, byte[] key, byte[] value) {
    writers[share].write(part.start(), records, checksum, key, value);
  }

  void flush() {
    for (PartialsWriter writer : writers) {
      writer.flush();
    }
  }

  List<Long> entered() {
    return entered;
  }

  /** The extractor's word; a further record takes it back. */
  void end(long offset) {
    seen(offset);
    ended = true;
  }

  /**
   * The extractor's word that every row before a time is published. The clock does not move by it:
   * a row that comes all the same is in time.
   */
  void complete(long offset, long time) {
    seen(offset);
    completeTo = Math.max(completeTo, time);
  }

  /** Ms since the epoch; {@link EventClock#NO_TIME} if the extractor has never said. */
  long completeTo() {
    return completeTo;
  }

  /** The extractor's count of what it has published before the mark that is being read. */
  void extracted(long offset, long records) {
    seen(offset);
    extracted = records;
    missing = records - read;
  }

  long extracted() {
    return extracted;
  }

  /** Of those, how many were not read by then; negative if there were more. */
  long missing() {
    return missing;
  }

  /** What is expected of the source, as the extractor says. */
  void expected(long offset, Expected said) {
    seen(offset);
    expected = said;
  }

  Expected expected() {
    return expected;
  }

  /** One more record, whatever becomes of it. */
  void read(long offset) {
    seen(offset);
    ended = false;
    read++;
    if (told.isPresent() && told.get().isRest()) {
      told = Optional.empty(); // the record takes it back, so it has to be said again
    }
  }

  /** Empty if the shares have to be told in any case. */
  Optional<Told> told() {
    return told;
  }

  void tell(Told now) {
    told = Optional.of(now);
    entered.clear();
  }

  private void seen(long offset) {
    lastOffset = offset;
    dirty = true;
  }

  /**
   * Whatever came since the last commit counts as come now: silence is then found a commit too late
   * at most, and no record has to ask for the time.
   */
  void heardUntil(long nanos) {
    if (dirty) {
      lastRecordNanos = nanos;
    }
  }

  /** The record that was just read belongs to no batch. */
  void countWithoutBatch() {
    withoutBatch++;
  }

  /** Moves the clock on; it never moves back. */
  void moveClock(long time) {
    clock = clock.advance(time);
  }

  /**
   * Whether an event time would move the clock too far (rule 10). A hundred such records in a row
   * confirm the jump. The count is part of the state, so that it depends on the log alone.
   */
  boolean jumpsTooFar(long time, long maxJump) {
    if (!clock.hasTime() || time - clock.time() <= maxJump) {
      jumps = 0;
      return false;
    }
    jumps++;
    if (jumps >= CONFIRMATIONS) {
      jumps = 0;
      return false;
    }
    return true;
  }

  /** The part in the batch that {@code time} is in, or null if this is its first record. */
  Part partAt(long time) {
    if (recent != null && recent.contains(time)) {
      return recent;
    }
    if (beforeRecent != null && beforeRecent.contains(time)) {
      Part found = beforeRecent;
      beforeRecent = recent;
      recent = found;
      return found;
    }
    Map.Entry<Long, Part> found = parts.floorEntry(time);
    if (found == null || !found.getValue().contains(time)) {
      return null;
    }
    return found(found.getValue());
  }

  /** A new part, at the batch's first record. */
  Part enter(Batch batch, long offset, EventClock clockBefore) {
    Part part = new Part(batch, rule, joins, offset, clockBefore.time());
    parts.put(part.start(), part);
    entered.add(part.start());
    return found(part);
  }

  private Part found(Part part) {
    beforeRecent = recent;
    recent = part;
    return part;
  }

  /** The part in the oldest batch that it still holds, or null. */
  Part oldest() {
    return parts.isEmpty() ? null : parts.firstEntry().getValue();
  }

  void drop(Part part) {
    parts.remove(part.start());
    recent = null;
    beforeRecent = null;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(clock.time());
    out.writeInt(jumps);
    out.writeLong(read);
    out.writeLong(withoutBatch);
    out.writeLong(lastOffset);
    out.writeBoolean(ended);
    out.writeLong(completeTo);
    out.writeLong(extracted);
    out.writeLong(missing);
    breaker.write(out);
    out.writeLong(expected.rows());
    out.writeLong(expected.unconfirmed());
  }

  void restore(DataInputStream in) throws IOException {
    clock = new EventClock(in.readLong());
    jumps = in.readInt();
    read = in.readLong();
    withoutBatch = in.readLong();
    lastOffset = in.readLong();
    ended = in.readBoolean();
    completeTo = in.readLong();
    extracted = in.readLong();
    missing = in.readLong();
    breaker.restore(in);
    if (in.available() > 0) { // an earlier release has not written it
      expected = new Expected(in.readLong(), in.readLong());
    }
  }

  void restoreHeld(
      long batchStart, byte[] key, int share, long records, long checksum, byte[] encoded) {
    parts.get(batchStart).held.add(key, share, encoded).count(records, checksum);
    held += records;
  }

  void restore(Batch batch, SourceSpan span) {
    Part part = Part.of(batch, rule, joins, span);
    parts.put(part.start(), part);
  }
}
