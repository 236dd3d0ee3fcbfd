package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.sql.GateTally;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * One share's state of one batch. The heap's copy; {@link Share} writes it down. Not thread-safe.
 */
final class ShareBatch {

  /** Where the share stands with the batch. */
  enum Phase {
    /** Gathers, and has something to emit once all sources have passed. */
    OPEN,
    /** Writes its rows; its groups are frozen (rule 5). */
    EMITTING,
    /** Has written all that it has. */
    CLOSED,
    /** Is past {@code keep}; its groups are being deleted. */
    FORGETTING
  }

  private final Batch batch;
  private final long start;
  private Groups heap = new Groups();
  private boolean whole = true;
  private boolean stored;
  private Optional<List<Groups.Group>> frozen = Optional.empty();
  private Phase phase = Phase.OPEN;
  private int attempt;
  private long merged;
  private long pending;
  private long checksum;
  private long pendingChecksum;
  private long rows;
  private CloseReason reason = CloseReason.CLOCK;
  private Optional<Bytes> cursor = Optional.empty();
  private Optional<GateTally> tally = Optional.empty();
  private byte[] storedTally = {};

  /** Whether the attempt that is being written is of an open batch. */
  private boolean early;

  /** Whether an attempt was ever begun that is not. */
  private boolean closes;

  /** Whether anything came since an attempt was begun. */
  private boolean news;

  /** Whether it is time for an early result; not stored. */
  private boolean earlyDue;

  private boolean dirty = true;

  ShareBatch(Batch batch) {
    this.batch = batch;
    this.start = batch.start().toEpochMilli();
  }

  Batch batch() {
    return batch;
  }

  long start() {
    return start;
  }

  /** Groups of the store that takes what comes now: a part of them, or all. */
  Groups heap() {
    return heap;
  }

  /** Whether that store has no group that the heap has not. */
  boolean isWhole() {
    return whole;
  }

  /** Whether some groups are in the store already, and not only in the heap. */
  boolean isStored() {
    return stored;
  }

  void stored() {
    stored = true;
  }

  /** Takes the groups out of the heap; they must have been written. */
  void dropHeap() {
    whole = whole && heap.size() == 0;
    heap = new Groups();
  }

  Phase phase() {
    return phase;
  }

  int attempt() {
    return attempt;
  }

  /** Source records in the groups. */
  long merged() {
    return merged;
  }

  /** Of the rows of these records that the share was given. */
  long checksum() {
    return checksum;
  }

  long rows() {
    return rows;
  }

  /** Whether the rows that are being written are an early result. */
  boolean isEarly() {
    return early;
  }

  /** Whether the batch has closed, or is about to, even if it is open again. */
  boolean hasClosed() {
    return closes;
  }

  /** It is time for an early result, if there is anything new to tell. */
  void dueEarly() {
    earlyDue = phase == Phase.OPEN && !closes && news;
  }

  boolean isDueEarly() {
    return earlyDue && phase == Phase.OPEN && !closes;
  }

  CloseReason reason() {
    return reason;
  }

  /** The last group that was emitted. */
  Optional<Bytes> cursor() {
    return cursor;
  }

  /** What the rows so far are to the gates; empty if it was not looked at since a restart. */
  Optional<GateTally> tally() {
    return tally;
  }

  /** What a former process had counted of the rows up to the cursor. */
  byte[] storedTally() {
    return storedTally;
  }

  void count(GateTally rows) {
    tally = Optional.of(rows);
  }

  void counted() {
    tally = Optional.empty();
    storedTally = new byte[0];
  }

  boolean dirty() {
    return dirty;
  }

  void clean() {
    dirty = false;
  }

  /** Records came; a closed batch opens again. */
  void merge(long records, long ofRows) {
    if (phase == Phase.EMITTING) {
      pending += records;
      pendingChecksum += ofRows;
    } else {
      merged += records;
      checksum += ofRows;
      phase = Phase.OPEN;
      news = true;
    }
    dirty = true;
  }

  /** The same as {@link #beginEmission}, but the batch stays open. */
  void beginEarly(Optional<List<Groups.Group>> all) {
    boolean closed = closes;
    beginEmission(CloseReason.CLOCK, all);
    early = true;
    closes = closed;
  }

  /**
   * From now on newcomers go to another store, which has none of the batch yet.
   *
   * @param all the groups of the batch in their order, if the heap has them all
   */
  void beginEmission(CloseReason why, Optional<List<Groups.Group>> all) {
    frozen = all;
    heap = new Groups();
    whole = true;
    phase = Phase.EMITTING;
    attempt++;
    rows = 0;
    reason = why;
    cursor = Optional.empty();
    early = false;
    closes = true;
    news = false;
    earlyDue = false;
    dirty = true;
  }

  /** What {@link #beginEmission} was given, once. */
  Optional<List<Groups.Group>> takeFrozen() {
    Optional<List<Groups.Group>> taken = frozen;
    frozen = Optional.empty();
    return taken;
  }

  /** All rows are out. */
  void emitted(long allRows) {
    rows = allRows;
    dirty = true;
  }

  void emitted(Bytes key, long moreRows) {
    cursor = Optional.of(key);
    rows += moreRows;
    dirty = true;
  }

  /**
   * The end mark is out. What came meanwhile is now part of the batch, and opens it again.
   *
   * @param newcomers whether anything came; it may be what another share counts
   */
  void endEmission(boolean newcomers) {
    heap = new Groups();
    whole = false;
    phase = newcomers || early ? Phase.OPEN : Phase.CLOSED;
    news = newcomers;
    merged += pending;
    pending = 0;
    checksum += pendingChecksum;
    pendingChecksum = 0;
    cursor = Optional.empty();
    dirty = true;
  }

  void forget() {
    phase = Phase.FORGETTING;
    dirty = true;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeByte(phase.ordinal());
    out.writeInt(attempt);
    out.writeLong(merged);
    out.writeLong(pending);
    out.writeLong(checksum);
    out.writeLong(pendingChecksum);
    out.writeLong(rows);
    out.writeByte(reason.ordinal());
    byte[] at = cursor.map(Bytes::get).orElse(new byte[0]);
    out.writeInt(at.length);
    out.write(at);
    byte[] counted = tally.map(GateTally::encode).orElse(storedTally);
    out.writeInt(counted.length);
    out.write(counted);
    out.writeBoolean(early);
    out.writeBoolean(closes);
    out.writeBoolean(news);
  }

  static ShareBatch read(Batch batch, DataInputStream in) throws IOException {
    ShareBatch share = new ShareBatch(batch);
    share.phase = Phase.values()[in.readByte()];
    share.attempt = in.readInt();
    share.merged = in.readLong();
    share.pending = in.readLong();
    share.checksum = in.readLong();
    share.pendingChecksum = in.readLong();
    share.rows = in.readLong();
    share.reason = CloseReason.values()[in.readByte()];
    byte[] at = in.readNBytes(in.readInt());
    share.cursor = at.length == 0 ? Optional.empty() : Optional.of(Bytes.wrap(at));
    share.storedTally = in.readNBytes(in.readInt());
    share.early = in.readBoolean();
    share.closes = in.readBoolean();
    share.news = in.readBoolean();
    share.whole = false;
    share.dirty = false;
    return share;
  }
}
