package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.batch.Verdict;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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
    private final long firstOffset;
    private final long clockBefore;
    private long lastOffset;
    private long read;
    private final long[] verdicts = new long[Verdict.values().length];
    private boolean dirty;

    private Part(Batch batch, long firstOffset, long clockBefore) {
      this.batch = batch;
      this.firstOffset = firstOffset;
      this.clockBefore = clockBefore;
    }

    Batch batch() {
      return batch;
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

    SourceSpan span(TopicPartition partition) {
      Books books =
          new Books(
              read,
              verdicts[Verdict.ACCEPTED.ordinal()],
              verdicts[Verdict.FILTERED.ordinal()],
              verdicts[Verdict.REJECTED.ordinal()],
              verdicts[Verdict.DUPLICATE.ordinal()],
              verdicts[Verdict.LATE.ordinal()],
              0);
      return new SourceSpan(
          partition.topic(), partition.partition(), firstOffset, lastOffset, clockBefore, books);
    }

    private static Part of(Batch batch, SourceSpan span) {
      Part part = new Part(batch, span.firstOffset(), span.clockBefore());
      part.lastOffset = span.lastOffset();
      part.read = span.books().read();
      part.verdicts[Verdict.ACCEPTED.ordinal()] = span.books().accepted();
      part.verdicts[Verdict.FILTERED.ordinal()] = span.books().filtered();
      part.verdicts[Verdict.REJECTED.ordinal()] = span.books().rejected();
      part.verdicts[Verdict.DUPLICATE.ordinal()] = span.books().duplicate();
      part.verdicts[Verdict.LATE.ordinal()] = span.books().late();
      return part;
    }
  }

  /**
   * What the shares were last told, as far as it can close a batch.
   *
   * @param over start of the first batch that is not over by the clock
   * @param idleOver the same by silence
   */
  record Told(long over, long idleOver, boolean ended) {
    private boolean isRest() {
      return ended || idleOver != EventClock.NO_TIME;
    }
  }

  private static final int CONFIRMATIONS = 100;

  private final int source;
  private final TopicPartition partition;
  private final TreeMap<Batch, Part> parts = new TreeMap<>();
  private final TreeMap<Batch, Groups> groups = new TreeMap<>();
  private final List<Long> entered = new ArrayList<>();

  private EventClock clock = EventClock.UNSET;
  private int jumps;
  private long read;
  private long withoutBatch;
  private long lastOffset = -1;
  private boolean ended;
  private boolean dirty;
  private Optional<Told> told = Optional.empty();
  private long lastRecordNanos;

  IntakePartition(int source, TopicPartition partition, long nanos) {
    this.source = source;
    this.partition = partition;
    this.lastRecordNanos = nanos;
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

  long read() {
    return read;
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

  boolean dirty() {
    return dirty;
  }

  void clean() {
    dirty = false;
  }

  Iterable<Part> parts() {
    return parts.values();
  }

  TreeMap<Batch, Groups> groups() {
    return groups;
  }

  Groups groupsOf(Batch batch) {
    return groups.computeIfAbsent(batch, b -> new Groups());
  }

  List<Long> entered() {
    return entered;
  }

  /** The extractor's word; a further record takes it back. */
  void end(long offset, long nanos) {
    seen(offset, nanos);
    ended = true;
  }

  /** One more record, whatever becomes of it. */
  void read(long offset, long nanos) {
    seen(offset, nanos);
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

  private void seen(long offset, long nanos) {
    lastOffset = offset;
    lastRecordNanos = nanos;
    dirty = true;
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

  /** The part in {@code batch}, new if this is its first record. */
  Part part(Batch batch, long offset, EventClock clockBefore) {
    Part part = parts.get(batch);
    if (part == null) {
      part = new Part(batch, offset, clockBefore.time());
      parts.put(batch, part);
      entered.add(batch.start().toEpochMilli());
    }
    return part;
  }

  /** The oldest batch that it still holds a part of, or null. */
  Batch oldest() {
    return parts.isEmpty() ? null : parts.firstKey();
  }

  void drop(Batch batch) {
    parts.remove(batch);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(clock.time());
    out.writeInt(jumps);
    out.writeLong(read);
    out.writeLong(withoutBatch);
    out.writeLong(lastOffset);
    out.writeBoolean(ended);
  }

  void restore(DataInputStream in) throws IOException {
    clock = new EventClock(in.readLong());
    jumps = in.readInt();
    read = in.readLong();
    withoutBatch = in.readLong();
    lastOffset = in.readLong();
    ended = in.readBoolean();
  }

  void restore(Batch batch, SourceSpan span) {
    parts.put(batch, Part.of(batch, span));
  }
}
