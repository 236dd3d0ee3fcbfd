package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CloseReason;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.sql.Accumulators;
import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.EvaluationException;
import dev.tidemill.sql.Output;
import dev.tidemill.sql.Program;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.RowOperator;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableAccess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One share of every batch: merges what intake sends, closes a batch when all sources have passed
 * it, emits its rows in chunks, and keeps it for {@code keep}.
 */
final class Share
    implements Processor<byte[], ShuffleMessage, byte[], Outgoing>, CommitHook.Committing {
  static final String GROUPS = "groups";
  static final String PENDING = "pending";
  static final String BATCHES = "batches";
  static final String HOOK = "share-commit";

  /** Groups in one go, so that the consumer is heard of and other tasks have their turn. */
  static final int CHUNK = 10_000;

  /** Goes in one transaction at most; when nobody waits for it (see {@link CaughtUp}). */
  private static final int GOES = 10;

  private static final int MAX_GROUPS = 200_000;

  /** How far behind the wall clock empty batches are still made (rule 11). */
  private static final int MAX_EMPTY = 100;

  private static final Duration TICK = Duration.ofMillis(50);

  private final BatchRule rule;
  private final int shares;
  private final HeldKeys keys;
  private final Optional<Aggregation> aggregation;
  private final RowInHand inHand = new RowInHand();
  private final RowOperator finish;
  private final Optional<Program> program;
  private final List<Output> outputs;
  private final TableAccess tables;
  private final RowEncoder rowEncoder;
  private final Function<EndOfShare, byte[]> endMarks;
  private final GateCounts gates;
  private final int chunk;
  private final CaughtUp caughtUp;
  private final SourceMarks marks;

  private final TreeMap<Batch, ShareBatch> batches = new TreeMap<>();
  private ProcessorContext<byte[], Outgoing> context;
  private StreamRecords out;
  private GroupStore groups;
  private GroupStore pending;
  private KeyValueStore<Bytes, byte[]> meta;
  private EarlyPace early;
  private int share;
  private int groupsInHeap;

  /** What the last message belonged to: they come in runs of a batch. */
  private ShareBatch recent;

  /** The program over the batch that is being emitted, or null. */
  private Rows running;

  /** Of that program: it counts from its first row, also after a restart. */
  private final JoinTally joins;

  /** How many rows of each statement it has given, if there are several. */
  private final Map<String, Long> rowsOfQueries = new HashMap<>();

  /** The least clock when versions of tables were last forgotten. */
  private long versionsForgotten = ShuffleMessage.NONE;

  private int rowsInGo;
  private int rowsSinceCommit;

  /** The newest batch, if so much time has passed since that it makes no empty ones; else null. */
  private Batch farBehind;

  Share(
      int sources,
      int shares,
      BatchRule rule,
      Query query,
      TableAccess tables,
      RowEncoder rowEncoder,
      Function<EndOfShare, byte[]> endMarks,
      GateCounts gates,
      int chunk,
      CaughtUp caughtUp) {
    this.rule = rule;
    this.shares = shares;
    this.keys = new HeldKeys(query);
    this.aggregation = query.aggregation();
    this.finish = query.finish(inHand);
    this.program = query.program();
    this.joins = new JoinTally(query.joins());
    this.outputs = query.outputs();
    this.tables = tables;
    this.rowEncoder = rowEncoder;
    this.endMarks = endMarks;
    this.gates = gates;
    this.chunk = chunk;
    this.caughtUp = caughtUp;
    this.marks = new SourceMarks(sources, rule.grace());
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> processorContext) {
    context = processorContext;
    out = new StreamRecords(context);
    groups = new GroupStore(context.getStateStore(GROUPS));
    pending = new GroupStore(context.getStateStore(PENDING));
    meta = context.getStateStore(BATCHES);
    share = context.taskId().partition();
    CommitHook hook = context.getStateStore(HOOK);
    hook.attach(context, this);
    restore();
    early = new EarlyPace(rule.early(), context.currentSystemTimeMs());
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  private void restore() {
    try (KeyValueIterator<Bytes, byte[]> all = meta.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        if (StoreKeys.isBatch(entry.key)) {
          Batch batch = rule.calendar().batchOf(Instant.ofEpochMilli(StoreKeys.valueOf(entry.key)));
          batches.put(batch, MessageSerdes.read(entry.value, in -> ShareBatch.read(batch, in)));
        } else {
          marks.put(
              (ShuffleMessage.Marks)
                  MessageSerdes.shuffle().deserializer().deserialize("", entry.value));
        }
      }
    }
  }

  @Override
  public void process(Record<byte[], ShuffleMessage> record) {
    ShuffleMessage message = record.value();
    if (message instanceof ShuffleMessage.Marks update) {
      keep(update);
      for (long start : update.entered()) {
        batch(start);
      }
      addEmptyBatches();
      return;
    }
    marks.wake(message.source()).ifPresent(this::keep);
    if (message instanceof ShuffleMessage.Partials partials) {
      partials.forEach(this::merge);
    }
    if (groupsInHeap > MAX_GROUPS) {
      batches.values().forEach(this::writeGroups);
      batches.values().forEach(this::dropHeap);
    }
  }

  private void keep(ShuffleMessage.Marks update) {
    marks.put(update);
    meta.put(
        StoreKeys.marks(update.source()),
        MessageSerdes.shuffle().serializer().serialize("", update));
  }

  private ShareBatch batch(long start) {
    if (recent == null || recent.start() != start) {
      Batch batch = rule.calendar().batchOf(Instant.ofEpochMilli(start));
      recent = batches.computeIfAbsent(batch, ShareBatch::new);
    }
    return recent;
  }

  private void merge(long batchStart, long records, long checksum, byte[] key, byte[] value) {
    ShareBatch batch = batch(batchStart);
    merge(batch, records, checksum);
    Optional<Aggregation> by = keys.aggregation(key);
    if (by.isPresent()) {
      mergeGroup(batch, by.get(), key, value);
    } else {
      storeOf(batch).put(batchStart, key, value);
    }
  }

  /**
   * A closed batch opens again: the store says so before its groups change, for those who read it
   * meanwhile ({@link ShareReads}).
   */
  private void merge(ShareBatch batch, long records, long checksum) {
    boolean reopens = batch.phase() == ShareBatch.Phase.CLOSED;
    batch.merge(records, checksum);
    if (reopens) {
      keep(batch);
    }
  }

  private void keep(ShareBatch batch) {
    meta.put(StoreKeys.batch(batch.start()), MessageSerdes.write(batch::write));
  }

  private void mergeGroup(ShareBatch batch, Aggregation by, byte[] key, byte[] more) {
    Groups heap = batch.heap();
    Groups.Group group = heap.get(key);
    if (group != null) {
      group.merge(more, by);
    } else {
      group = heap.add(key, more);
      known(batch, key).ifPresent(known -> heap.get(key).merge(known, by));
      groupsInHeap++;
    }
    heap.change(group);
  }

  /** What the store has of a group, unless all that it has is in the heap. */
  private Optional<byte[]> known(ShareBatch batch, byte[] key) {
    return batch.isWhole() ? Optional.empty() : storeOf(batch).get(batch.start(), key);
  }

  /** While a batch emits, its groups are frozen: newcomers wait apart (rule 5). */
  private GroupStore storeOf(ShareBatch batch) {
    return batch.phase() == ShareBatch.Phase.EMITTING ? pending : groups;
  }

  @Override
  public void beforeCommit() {
    CrashPoint.BEFORE_STORE_FLUSH.reached();
    for (ShareBatch batch : batches.values()) {
      writeGroups(batch);
      if (batch.dirty()) {
        keep(batch);
        batch.clean();
      }
    }
    rowsSinceCommit = 0;
    CrashPoint.AFTER_STORE_FLUSH.reached();
  }

  @Override
  public void discard() {
    stopProgram();
    batches.clear();
    recent = null;
    groupsInHeap = 0;
  }

  @Override
  public void close() {
    stopProgram();
  }

  private void writeGroups(ShareBatch batch) {
    List<Groups.Group> changed = batch.heap().takeChanged();
    if (changed.isEmpty()) {
      return;
    }
    storeOf(batch).putAll(batch.start(), changed);
    batch.stored();
  }

  private void dropHeap(ShareBatch batch) {
    groupsInHeap -= batch.heap().size();
    batch.dropHeap();
  }

  /** What is stored of a group, and more of it. */
  private byte[] merged(Aggregation by, long batchStart, byte[] key, byte[] more) {
    Optional<byte[]> known = groups.get(batchStart, key);
    if (known.isEmpty()) {
      return more;
    }
    Accumulators sum = by.decode(known.get());
    sum.merge(by.decode(more));
    return sum.encode();
  }

  private void tick(long now) {
    if (batches.isEmpty()) {
      return;
    }
    boolean news = false;
    rowsInGo = 0;
    if (!caughtUp.isFarBehind()) {
      early.look(now, batches.values());
    }
    Optional<ShareBatch> emitting = nextToEmit();
    while (emitting.isPresent() && rowsInGo < chunk) {
      emitSome(emitting.get());
      news = true;
      emitting = nextToEmit();
    }
    forgetOld();
    forgetVersions();
    rowsSinceCommit += rowsInGo;
    if (rowsSinceCommit >= GOES * chunk || !caughtUp.isFarBehind() && (news || isDirty())) {
      context.commit();
    }
  }

  private boolean isDirty() {
    return batches.values().stream().anyMatch(ShareBatch::dirty);
  }

  /** The batch that is being emitted, else the oldest that is ready to be. */
  private Optional<ShareBatch> nextToEmit() {
    for (ShareBatch batch : batches.values()) {
      if (batch.phase() == ShareBatch.Phase.EMITTING) {
        return Optional.of(batch);
      }
    }
    Optional<ShareBatch> closing = nextToClose();
    return closing.isPresent() ? closing : nextEarly();
  }

  private Optional<ShareBatch> nextToClose() {
    Batch newest = batches.lastKey();
    for (ShareBatch batch : batches.values()) {
      if (batch.phase() == ShareBatch.Phase.OPEN) {
        Optional<CloseReason> reason = marks.closes(batch.batch(), newest);
        if (reason.isPresent()) {
          Optional<List<Groups.Group>> all = writeForEmission(batch);
          dropHeap(batch);
          batch.beginEmission(reason.get(), all);
          gates.begin(batch);
          return Optional.of(batch);
        }
        if (!batch.hasClosed()) {
          return Optional.empty(); // batches close in order, so an end mark speaks for older ones
        }
      }
    }
    return Optional.empty();
  }

  private Optional<ShareBatch> nextEarly() {
    Optional<ShareBatch> due = batches.values().stream().filter(ShareBatch::isDueEarly).findFirst();
    due.ifPresent(
        batch -> {
          Optional<List<Groups.Group>> all = writeForEmission(batch);
          dropHeap(batch);
          batch.beginEarly(all);
          gates.begin(batch);
        });
    return due;
  }

  /**
   * All groups get into the store, however the emission ends.
   *
   * @return the groups in their order, if the heap has them all
   */
  private Optional<List<Groups.Group>> writeForEmission(ShareBatch batch) {
    if (aggregation.isEmpty() || !batch.isWhole()) {
      writeGroups(batch);
      return Optional.empty();
    }
    List<Groups.Group> all = batch.heap().sorted();
    if (batch.isStored()) {
      writeGroups(batch);
    } else {
      groups.pack(batch.start(), all);
    }
    return Optional.of(all);
  }

  /**
   * Rule 11: silence makes empty batches too, as long as they are not too many. Whenever a source
   * speaks, and not by the clock: a share that is far behind must not find too many where the
   * others found a few, and a few.
   */
  private void addEmptyBatches() {
    if (batches.isEmpty()) {
      return;
    }
    long quietUntil = marks.allQuietUntil();
    Batch newest = batches.lastKey();
    if (newest.equals(farBehind) || newest.end().plus(rule.grace()).toEpochMilli() > quietUntil) {
      return;
    }
    List<Batch> empty = new ArrayList<>();
    Batch next = rule.calendar().next(newest);
    while (next.end().plus(rule.grace()).toEpochMilli() <= quietUntil) {
      empty.add(next);
      if (empty.size() > MAX_EMPTY) {
        farBehind = newest;
        return;
      }
      next = rule.calendar().next(next);
    }
    empty.forEach(batch -> batches.put(batch, new ShareBatch(batch)));
  }

  private void emitSome(ShareBatch batch) {
    inHand.take(batch.batch());
    if (program.isPresent()) {
      emitFromProgram(batch);
      return;
    }
    Optional<List<Groups.Group>> all =
        batch.takeFrozen().filter(frozen -> frozen.size() <= chunk - rowsInGo);
    if (all.isPresent()) {
      emitAll(batch, all.get());
    } else {
      emitChunk(batch);
    }
  }

  /** Straight from the heap, in the store's order. No commit comes between: there is no cursor. */
  private void emitAll(ShareBatch batch, List<Groups.Group> all) {
    long rows = 0;
    try {
      for (Groups.Group group : all) {
        byte[] row = resultRow(group.key(), group.accumulators(aggregation.orElseThrow()));
        if (row != null) {
          forwardResult(batch, row, false);
          rows++;
        }
        rowsInGo++;
      }
    } catch (EvaluationException e) {
      end(batch, e.getMessage());
      return;
    }
    batch.emitted(rows);
    end(batch, "");
  }

  private void emitChunk(ShareBatch batch) {
    byte[] last = null;
    long rows = 0;
    boolean more;
    try (GroupStore.Range range =
        groups.after(batch.start(), batch.cursor().map(StoreKeys::groupOf))) {
      while (range.hasNext() && rowsInGo < chunk) {
        KeyValue<byte[], byte[]> entry = range.next();
        byte[] row =
            aggregation.isEmpty()
                ? entry.value
                : resultRow(entry.key, aggregation.get().decode(entry.value));
        if (row != null) {
          forwardResult(batch, row, false);
          rows++;
        }
        last = entry.key;
        rowsInGo++;
      }
      more = range.hasNext();
    } catch (EvaluationException e) {
      end(batch, e.getMessage());
      return;
    }
    if (last != null) {
      batch.emitted(StoreKeys.group(batch.start(), last), rows);
    }
    if (!more) {
      end(batch, "");
    }
  }

  /** Goes on where it is; after a restart it runs again, and leaves out what it has emitted. */
  private void emitFromProgram(ShareBatch batch) {
    try {
      if (running == null) {
        running = run(batch);
      }
      long rows = 0;
      Object[] row = null;
      while (rowsInGo < chunk && (row = running.next()) != null) {
        forwardResult(batch, rowEncoder.encode(row), false);
        count(row);
        rows++;
        rowsInGo++;
      }
      batch.emitted(batch.rows() + rows);
      if (row == null) {
        stopProgram();
        end(batch, "");
      }
    } catch (EvaluationException e) {
      stopProgram();
      end(batch, e.getMessage());
    }
  }

  private Rows run(ShareBatch batch) throws EvaluationException {
    joins.clear();
    rowsOfQueries.clear();
    boolean home = HeldKeys.home(batch.start(), shares) == share;
    HeldRows held = new HeldRows(keys, groups.reads(), tables, joins, batch.batch(), home);
    Rows rows = program.orElseThrow().run(held);
    for (long emitted = batch.rows(); emitted > 0; emitted--) {
      count(rows.next());
    }
    return rows;
  }

  private void count(Object[] row) {
    if (outputs.size() > 1) {
      rowsOfQueries.merge((String) row[0], 1L, Long::sum);
    }
  }

  private void stopProgram() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  private byte[] resultRow(byte[] key, Accumulators accumulators) throws EvaluationException {
    Object[] finished = finish.apply(aggregation.orElseThrow().row(key, accumulators));
    return finished == null ? null : rowEncoder.encode(finished);
  }

  private void end(ShareBatch batch, String failure) {
    EndOfShare end =
        new EndOfShare(
            batch.batch(),
            share,
            batch.attempt(),
            batch.reason(),
            batch.merged(),
            batch.checksum(),
            batch.rows(),
            failure,
            gates.end(batch),
            program.isPresent() && failure.isEmpty() ? joins.counts() : Map.of(),
            rowsOfQueries);
    rowsOfQueries.clear();
    forwardResult(batch, endMarks.apply(end), true);
    out.forward(
        StreamRecords.ENDS_TO_OWNER,
        StreamRecords.NO_KEY,
        batch.isEarly() ? new OwnerMessage.ShareEndedEarly(end) : new OwnerMessage.ShareEnded(end));
    writeGroups(batch);
    dropHeap(batch);
    batch.endEmission(mergePending(batch));
  }

  /**
   * @return whether there was anything
   */
  private boolean mergePending(ShareBatch batch) {
    boolean any;
    try (GroupStore.Range range = pending.after(batch.start(), Optional.empty())) {
      any = range.hasNext();
      while (range.hasNext()) {
        KeyValue<byte[], byte[]> entry = range.next();
        byte[] value =
            keys.aggregation(entry.key)
                .map(by -> merged(by, batch.start(), entry.key, entry.value))
                .orElse(entry.value);
        groups.put(batch.start(), entry.key, value);
      }
    }
    pending.deleteSome(batch.start(), Integer.MAX_VALUE);
    return any;
  }

  private void forwardResult(ShareBatch batch, byte[] value, boolean endOfShare) {
    byte[] start = ByteBuffer.allocate(8).putLong(batch.start()).array();
    RecordHeaders headers = new RecordHeaders();
    headers.add(Headers.BATCH, start);
    headers.add(Headers.ATTEMPT, ByteBuffer.allocate(4).putInt(batch.attempt()).array());
    if (batch.isEarly()) {
      headers.add(Headers.EARLY, new byte[0]);
    }
    if (endOfShare) {
      headers.add(Headers.END_OF_SHARE, new byte[0]);
    } else {
      gates.add(batch, value);
    }
    out.forward(StreamRecords.TO_RESULTS, start, new Outgoing.Result(share, value), headers);
  }

  /** No record is accepted any more whose batch is past {@code keep} by all clocks. */
  private void forgetVersions() {
    long clock = marks.leastClock();
    if (rule.clock() != BatchRule.Clock.RECORDS
        && clock != ShuffleMessage.NONE
        && clock != versionsForgotten) {
      versionsForgotten = clock;
      long over = clock - rule.grace().plus(rule.keep()).toMillis();
      tables.forgetBefore(
          rule.calendar().batchOf(Instant.ofEpochMilli(over)).start().toEpochMilli());
    }
  }

  /**
   * A batch goes when every clock itself is past {@code keep}: then nothing can be merged into it.
   */
  private void forgetOld() {
    ShareBatch oldest = batches.firstEntry().getValue();
    long past = oldest.batch().end().plus(rule.grace()).plus(rule.keepOpen()).toEpochMilli();
    if (batches.size() == 1
        || (oldest.phase() != ShareBatch.Phase.CLOSED
            && oldest.phase() != ShareBatch.Phase.FORGETTING)
        || !marks.allClocksPast(past)) {
      return;
    }
    if (oldest.phase() == ShareBatch.Phase.CLOSED) {
      oldest.forget();
      keep(oldest); // before its first group goes, for those who read it meanwhile
    }
    boolean more = groups.deleteSome(oldest.start(), CHUNK);
    if (!more) {
      meta.delete(StoreKeys.batch(oldest.start()));
      batches.remove(oldest.batch());
      recent = null;
    }
  }
}
