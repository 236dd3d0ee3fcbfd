package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.batch.Verdict;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.schema.Change;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.sql.Query;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Reads source records, gives each its verdict, and sends on what the shares and the owner need.
 *
 * <p>Order of a commit (rule 1): partials, then counts, then marks. Everything is in the one
 * transaction that also holds the source offsets.
 */
final class Intake implements Processor<byte[], byte[], byte[], Outgoing>, CommitHook.Committing {
  static final String STORE = "intake";
  static final String HOOK = "intake-commit";

  /** Of records that have taken part; only there if a source is deduplicated. */
  static final String SEEN = "seen";

  /** Of records that wait for a table; only there if one is read as it was. */
  static final String WAITING = "waiting";

  private static final Duration TICK = Duration.ofMillis(100);

  /** Makes what reads a source for this task. */
  interface Readers {
    /**
     * @param topic the source's
     * @param stores the task's, by their names
     */
    SourceReader of(String topic, Function<String, StateStore> stores);
  }

  private final SourcePartitions sources;
  private final int shares;
  private final Readers readers;
  private final BatchRule rule;
  private final RecordTimes times;
  private final HeldKeys keys;
  private final PartialGroups groups;
  private final Function<Reject, byte[]> rejectCodec;
  private final CaughtUp caughtUp;
  private final boolean dedupes;
  private final Supplier<Breaker> breakers;
  private final boolean waits;

  private final Map<String, SourceReader> readerOf = new HashMap<>();
  private final Map<TopicPartition, IntakePartition> partitions = new HashMap<>();
  private ProcessorContext<byte[], Outgoing> context;
  private StreamRecords out;
  private RejectWriter rejects;
  private final WarningLog warnings = new WarningLog(System::nanoTime);
  private IntakeStore store;
  private Duplicates duplicates = new Duplicates(Optional.empty());
  private Optional<WaitForTables> wait = Optional.empty();
  private final Duration graceAndKeep;
  private final EvaluatedRows rows;

  /** What the last record belonged to: records come in runs of a partition. */
  private IntakePartition lastPartition;

  private String lastTopic;
  private SourceReader lastReader;

  Intake(
      SourcePartitions sources,
      int shares,
      Readers readers,
      BatchRule rule,
      Query query,
      RowEncoder rowEncoder,
      Function<Reject, byte[]> rejectCodec,
      CaughtUp caughtUp,
      boolean dedupes,
      Supplier<Breaker> breakers,
      boolean waits) {
    this.sources = sources;
    this.shares = shares;
    this.readers = readers;
    this.rule = rule;
    this.times = new RecordTimes(rule);
    this.graceAndKeep = rule.grace().plus(rule.keepOpen());
    this.keys = new HeldKeys(query);
    this.rows = new EvaluatedRows(query.joins());
    this.groups = new PartialGroups(keys, shares, rowEncoder);
    this.rejectCodec = rejectCodec;
    this.caughtUp = caughtUp;
    this.dedupes = dedupes;
    this.breakers = breakers;
    this.waits = waits;
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> processorContext) {
    context = processorContext;
    out = new StreamRecords(context);
    rejects = new RejectWriter(out, rejectCodec);
    store = new IntakeStore(context.getStateStore(STORE), rule.calendar());
    if (dedupes) {
      duplicates = new Duplicates(Optional.of(new SeenRecords(context.getStateStore(SEEN))));
    }
    if (waits) {
      WaitingRecords line = new WaitingRecords(context.getStateStore(WAITING));
      wait = Optional.of(new WaitForTables(line, rule.clock(), this::take));
    }
    CommitHook hook = context.getStateStore(HOOK);
    hook.attach(context, this);
    restore();
    // A tick makes the task commit, and so look for idleness, while nothing comes in.
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> tick());
  }

  private void restore() {
    int ofTask = context.taskId().partition();
    for (TopicPartition partition : sources.all()) {
      if (partition.partition() == ofTask) {
        int source = sources.indexOf(partition.topic(), partition.partition());
        partitions.put(
            partition,
            new IntakePartition(
                source,
                partition,
                rule,
                keys.query().joins(),
                shares,
                this::forwardToShuffle,
                System.nanoTime(),
                breakers.get()));
      }
    }
    store.restore(source -> partitions.get(sources.at(source)));
    for (IntakePartition partition : partitions.values()) {
      wait.ifPresent(tables -> partition.waits(tables.isWaitedFor(partition)));
      partition.parts().forEach(groups::restored);
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Optional<List<ConsumerRecord<byte[], byte[]>>> run = RecordRun.of(record.headers());
    if (run.isPresent()) {
      run.get().forEach(this::take);
    } else {
      take(single(record, context.recordMetadata().orElseThrow()));
    }
  }

  private static ConsumerRecord<byte[], byte[]> single(
      Record<byte[], byte[]> record, RecordMetadata place) {
    return new ConsumerRecord<>(
        place.topic(),
        place.partition(),
        place.offset(),
        record.timestamp(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        record.key(),
        record.value(),
        record.headers(),
        Optional.empty());
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    IntakePartition partition = partition(record);
    if (wait.isPresent()) {
      wait.get().take(record, partition, lastReader, context.currentSystemTimeMs());
    } else {
      take(record, partition, lastReader);
    }
  }

  private void tick() {
    if (wait.isPresent()) {
      for (IntakePartition partition : partitions.values()) {
        wait.get().goOn(partition, reader(partition.partition().topic()));
      }
    }
    commitSoon();
  }

  private void take(
      ConsumerRecord<byte[], byte[]> record, IntakePartition partition, SourceReader reader) {
    if (reader.isMark(record)) {
      if (SourceReader.isEndOfInput(record)) {
        partition.end(record.offset());
      }
      SourceReader.completeTo(record).ifPresent(to -> partition.complete(record.offset(), to));
      SourceReader.published(record)
          .ifPresent(records -> partition.extracted(record.offset(), records));
      SourceReader.expected(record)
          .ifPresent(expected -> partition.expected(record.offset(), expected));
      return;
    }
    partition.read(record.offset());
    EventClock clockBefore = partition.clock();
    times.count(partition);
    try {
      if (!(reader.decode(record) instanceof Change.Row change)) {
        partition.countWithoutBatch(); // a deletion has no time, and takes back no event
        partition.breaker().kept(partition.clock().time());
        return;
      }
      Object[] row = change.row();
      long time = times.time(record, row, reader, partition);
      long at = times.at(time, partition);
      partition.moveClock(at);
      IntakePartition.Part part = part(partition, at, record.offset(), clockBefore);
      judge(record, reader, partition, part, row, time, clockBefore);
    } catch (SourceReader.Rejected rejected) {
      partition.countWithoutBatch();
      rejects.write(record, rejected, Optional.empty());
      countReject(record, partition, rejected);
    }
    if (groups.areMany()) {
      forwardPartials();
    }
    if (groups.areManyHeld()) {
      partitions.values().forEach(this::release);
    }
  }

  private void commitSoon() {
    if (!caughtUp.isFarBehind()
        && partitions.values().stream().anyMatch(p -> p.dirty() || isNewlySilent(p))) {
      context.commit();
    }
  }

  /** Whether its silence closes what the shares were not told yet; each commit tells them. */
  private boolean isNewlySilent(IntakePartition partition) {
    long idleOver = over(idleUntil(partition));
    return idleOver != ShuffleMessage.NONE
        && partition.told().filter(told -> told.idleOver() == idleOver).isEmpty();
  }

  private SourceReader reader(String topic) {
    return readerOf.computeIfAbsent(topic, t -> readers.of(t, context::getStateStore));
  }

  private IntakePartition partition(ConsumerRecord<byte[], byte[]> place) {
    if (lastPartition != null
        && lastPartition.partition().partition() == place.partition()
        && lastTopic.equals(place.topic())) {
      return lastPartition;
    }
    IntakePartition partition =
        partitions.get(new TopicPartition(place.topic(), place.partition()));
    if (partition == null) {
      sources.indexOf(place.topic(), place.partition()); // says what is wrong
      throw new IllegalStateException("not a partition of this task: " + place);
    }
    lastReader = reader(place.topic());
    lastTopic = place.topic();
    lastPartition = partition;
    return partition;
  }

  private IntakePartition.Part part(
      IntakePartition partition, long time, long offset, EventClock clockBefore)
      throws SourceReader.Rejected {
    IntakePartition.Part part = partition.partAt(time);
    if (part != null && !part.isPastKeep(clockBefore)) {
      return part;
    }
    Batch batch = times.batchOf(time);
    if (clockBefore.isOver(batch, graceAndKeep)) {
      throw new SourceReader.Rejected(
          "late", "PAST_KEEP: " + times.howLate(batch, time, clockBefore));
    }
    groups.packWhatIsOver(partition);
    return partition.enter(batch, offset, clockBefore);
  }

  private void judge(
      ConsumerRecord<byte[], byte[]> record,
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      Object[] row,
      long time,
      EventClock clockBefore) {
    if (part.isOver(clockBefore)) {
      judgeLate(record, reader, partition, part, row, time, clockBefore);
      return;
    }
    part.read(record.offset());
    reader.inHand().take(record, time, part.batch());
    rows.clear();
    Verdict verdict;
    try {
      reader.checkRules(row, (rule, reason) -> warn(part, record, rule, reason));
      reader.evaluate(row, time, rows);
      Optional<byte[]> same = Duplicates.sameness(reader, row, rows);
      if (duplicates.has(reader, partition, part, time, same)) {
        verdict = Verdict.DUPLICATE;
      } else {
        verdict = groups.merge(partition, part, rows, time, record.offset());
        remember(reader, partition, part, time, same);
      }
    } catch (SourceReader.Rejected rejected) {
      verdict = Verdict.REJECTED;
      rejects.write(record, rejected, Optional.of(part.batch().start()));
      countReject(record, partition, rejected);
    }
    if (verdict != Verdict.DUPLICATE) {
      part.looked(rows.joins());
    }
    part.give(verdict);
    if (verdict != Verdict.REJECTED) {
      partition.breaker().kept(partition.clock().time());
    }
  }

  private void countReject(
      ConsumerRecord<byte[], byte[]> record,
      IntakePartition partition,
      SourceReader.Rejected rejected) {
    if (!rejected.isLate()) {
      partition
          .breaker()
          .rejected(
              record,
              rejected,
              partition.clock().time(),
              partition.readEver(),
              context.currentSystemTimeMs());
    }
  }

  /**
   * The verdict is late, whatever else is said of the record; but a duplicate is one. The policy
   * says what becomes of its rows, if it has any.
   */
  private void judgeLate(
      ConsumerRecord<byte[], byte[]> record,
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      Object[] row,
      long time,
      EventClock clockBefore) {
    rows.clear();
    try {
      if (rule.late() == BatchRule.LatePolicy.REJECT) {
        throw new SourceReader.Rejected("late", times.howLate(part.batch(), time, clockBefore));
      }
      boolean carried = rule.late() == BatchRule.LatePolicy.CARRY;
      IntakePartition.Part into = carried ? partition.partAt(clockBefore.time()) : part;
      reader.inHand().take(record, time, into.batch());
      reader.checkRules(row, (rule, reason) -> warn(part, record, rule, reason));
      reader.evaluate(row, time, rows);
      Optional<byte[]> same = Duplicates.sameness(reader, row, rows);
      if (duplicates.has(reader, partition, part, time, same)) {
        part.read(record.offset());
        part.give(Verdict.DUPLICATE);
        return;
      }
      if (rule.late() == BatchRule.LatePolicy.AMEND) {
        if (groups.hold(
            partition, part, rows, time, record.offset(), context.currentSystemTimeMs())) {
          remember(reader, partition, part, time, same);
          part.looked(rows.joins());
          return; // it is in no verdict's book until it is merged
        }
      } else {
        if (groups.merge(partition, into, rows, time, record.offset()) == Verdict.ACCEPTED) {
          part.carry(into);
          remember(reader, partition, part, time, same);
        }
      }
    } catch (SourceReader.Rejected rejected) {
      rejects.write(record, rejected, Optional.of(part.batch().start()));
    }
    part.read(record.offset());
    part.looked(rows.joins());
    part.give(Verdict.LATE);
  }

  /**
   * Gives late records to the shares and into the books if it is time, or else writes them down.
   */
  private void amend(IntakePartition partition) {
    if (partition.held() == 0) {
      return;
    }
    boolean due = isDue(partition);
    for (IntakePartition.Part part : partition.parts()) {
      if (part.held().size() == 0) {
        continue;
      }
      // Past keep, the shares forget the batch when they hear of the clock.
      if (due || part.isPastKeep(partition.clock())) {
        groups.release(partition, part, store);
      } else {
        for (Groups.Group group : part.held().takeChanged()) {
          store.putHeld(partition.source(), part.start(), group);
        }
      }
    }
  }

  /**
   * At the end of each interval of {@code amend-after}, by the wall clock: the intervals are the
   * same in all partitions, so that all of them make one attempt. Or when nothing more comes.
   */
  private boolean isDue(IntakePartition partition) {
    long interval = rule.amendAfter().toMillis();
    return partition.ended()
        || context.currentSystemTimeMs() / interval != partition.heldSince() / interval
        || silentAt(partition) != ShuffleMessage.NONE;
  }

  private void release(IntakePartition partition) {
    for (IntakePartition.Part part : partition.parts()) {
      groups.release(partition, part, store);
    }
  }

  private void remember(
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      long time,
      Optional<byte[]> same) {
    if (duplicates.remember(reader, partition, part, time, same)) {
      context.commit();
    }
  }

  private void warn(
      IntakePartition.Part part,
      ConsumerRecord<byte[], byte[]> record,
      String rule,
      String reason) {
    part.warn(rule);
    warnings.tell(record, part.batch(), rule, reason);
  }

  @Override
  public void beforeCommit() {
    long nanos = System.nanoTime();
    partitions.values().forEach(partition -> partition.heardUntil(nanos));
    partitions.values().forEach(this::amend);
    CrashPoint.BEFORE_PARTIALS.reached();
    forwardPartials();
    CrashPoint.AFTER_PARTIALS.reached();
    duplicates.seen().ifPresent(SeenRecords::write);
    partitions.values().forEach(this::writeCounts);
    partitions.values().forEach(this::writeMarks);
  }

  @Override
  public void discard() {
    partitions.clear();
    lastPartition = null;
    groups.discard();
    duplicates.seen().ifPresent(SeenRecords::discard);
  }

  private void forwardPartials() {
    for (IntakePartition partition : partitions.values()) {
      for (IntakePartition.Part part : partition.parts()) {
        if (part.groups().size() > 0) {
          groups.pack(partition, part);
        }
      }
      partition.flush();
    }
  }

  private void forwardToShuffle(ShuffleMessage message) {
    out.forward(StreamRecords.TO_SHUFFLE, StreamRecords.NO_KEY, message);
  }

  private void writeCounts(IntakePartition partition) {
    if (!partition.dirty()) {
      return;
    }
    for (IntakePartition.Part part : partition.parts()) {
      if (part.dirty()) {
        SourceSpan span = part.span(partition.partition());
        store.put(partition.source(), part.start(), span);
        out.forward(
            StreamRecords.COUNTS_TO_OWNER,
            StreamRecords.NO_KEY,
            new OwnerMessage.Counts(part.start(), span));
        part.clean();
      }
    }
    out.forward(
        StreamRecords.COUNTS_TO_OWNER,
        StreamRecords.NO_KEY,
        new OwnerMessage.Read(
            new PartitionRead(
                partition.partition().topic(),
                partition.partition().partition(),
                partition.read(),
                partition.withoutBatch(),
                partition.extracted(),
                partition.missing(),
                partition.expected())));
    forgetOldParts(partition);
    if (partition.clock().hasTime()) {
      Batch oldest = times.batchOf(partition.clock().time() - graceAndKeep.toMillis());
      duplicates.forget(
          reader(partition.partition().topic()), partition, oldest.start().toEpochMilli());
    }
    store.put(partition);
    partition.clean();
  }

  private void forgetOldParts(IntakePartition partition) {
    for (IntakePartition.Part oldest = partition.oldest();
        oldest != null && oldest.isPastKeep(partition.clock());
        oldest = partition.oldest()) {
      store.delete(partition.source(), oldest.start());
      partition.drop(oldest);
    }
  }

  private void writeMarks(IntakePartition partition) {
    long idleUntil = idleUntil(partition);
    IntakePartition.Told now =
        new IntakePartition.Told(
            over(partition.clock().time()),
            over(idleUntil),
            startOfBatch(partition.completeTo()),
            partition.ended());
    boolean heard =
        partition.clock().hasTime()
            || idleUntil != ShuffleMessage.NONE
            || partition.completeTo() != ShuffleMessage.NONE;
    if ((partition.told().equals(Optional.of(now)) && partition.entered().isEmpty())
        || !(heard || partition.ended())) {
      return;
    }
    forwardToShuffle(
        new ShuffleMessage.Marks(
            partition.source(),
            partition.clock().time(),
            idleUntil,
            partition.completeTo(),
            partition.ended(),
            partition.entered().stream().mapToLong(Long::longValue).toArray()));
    partition.tell(now);
  }

  private long idleUntil(IntakePartition partition) {
    long silentAt = silentAt(partition);
    return silentAt == ShuffleMessage.NONE
        ? ShuffleMessage.NONE
        : silentAt - rule.grace().toMillis() - rule.idleAfter().toMillis();
  }

  private long silentAt(IntakePartition partition) {
    if (partition.waits()) {
      return ShuffleMessage.NONE;
    }
    return caughtUp.silentAt(
        partition.partition(),
        partition.lastOffset(),
        partition.lastRecordNanos(),
        rule.idleAfter());
  }

  /**
   * Up to which instant all batches are over at this time; the same for all times that close the
   * same.
   */
  private long over(long time) {
    return time == ShuffleMessage.NONE
        ? ShuffleMessage.NONE
        : startOfBatch(time - rule.grace().toMillis());
  }

  private long startOfBatch(long time) {
    return time == ShuffleMessage.NONE
        ? ShuffleMessage.NONE
        : times.batchOf(time).start().toEpochMilli();
  }
}
