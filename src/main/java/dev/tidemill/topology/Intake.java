package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Checksum;
import dev.tidemill.batch.CountCalendar;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.EventClock;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.SourceSpan;
import dev.tidemill.batch.Verdict;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.schema.Change;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.Place;
import dev.tidemill.sql.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

  /** Records that go on in one tick, so that the consumer is heard of. */
  private static final int MOST_GO_ON = 10_000;

  private static final int GO_ON_TOGETHER = 500;

  /** Groups in the heap beyond which partials go out before the commit. */
  private static final int MAX_GROUPS = 200_000;

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

  /** If it is not time that cuts batches. */
  private final Optional<CountCalendar> counts;

  private final HeldKeys keys;
  private final RowEncoder rowEncoder;
  private final Function<Reject, byte[]> rejectCodec;
  private final CaughtUp caughtUp;
  private final boolean dedupes;
  private final long rejectRules;
  private final boolean waits;

  private final Map<String, SourceReader> readerOf = new HashMap<>();
  private final Map<TopicPartition, IntakePartition> partitions = new HashMap<>();
  private ProcessorContext<byte[], Outgoing> context;
  private StreamRecords out;
  private RejectWriter rejects;
  private final WarningLog warnings = new WarningLog(System::nanoTime);
  private IntakeStore store;
  private Optional<SeenRecords> seen = Optional.empty();
  private Optional<WaitingRecords> waiting = Optional.empty();
  private final Duration graceAndKeep;
  private final EvaluatedRows rows;
  private int groupsInHeap;

  /** Late ones that wait to be merged. */
  private int groupsHeld;

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
      long rejectRules,
      boolean waits) {
    this.sources = sources;
    this.shares = shares;
    this.readers = readers;
    this.rule = rule;
    this.counts =
        rule.calendar() instanceof CountCalendar calendar
            ? Optional.of(calendar)
            : Optional.empty();
    this.graceAndKeep = rule.grace().plus(rule.keepOpen());
    this.keys = new HeldKeys(query);
    this.rows = new EvaluatedRows(query.joins());
    this.rowEncoder = rowEncoder;
    this.rejectCodec = rejectCodec;
    this.caughtUp = caughtUp;
    this.dedupes = dedupes;
    this.rejectRules = rejectRules;
    this.waits = waits;
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> processorContext) {
    context = processorContext;
    out = new StreamRecords(context);
    rejects = new RejectWriter(out, rejectCodec);
    store = new IntakeStore(context.getStateStore(STORE), rule.calendar());
    seen = dedupes ? Optional.of(new SeenRecords(context.getStateStore(SEEN))) : Optional.empty();
    waiting =
        waits ? Optional.of(new WaitingRecords(context.getStateStore(WAITING))) : Optional.empty();
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
                new Breaker(rule, rejectRules)));
      }
    }
    store.restore(source -> partitions.get(sources.at(source)));
    for (IntakePartition partition : partitions.values()) {
      partition.waits(isWaitedFor(partition));
      for (IntakePartition.Part part : partition.parts()) {
        groupsHeld += part.held().size();
      }
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
    long now = waits ? context.currentSystemTimeMs() : 0;
    if (partition.waits() || !take(record, partition, lastReader, now)) {
      waiting.orElseThrow().add(partition.source(), record, now);
      partition.waits(true);
    }
  }

  private void tick() {
    if (waits) {
      partitions.values().forEach(this::goOn);
    }
    commitSoon();
  }

  /** Takes the records that wait, as far as tables are known. */
  private void goOn(IntakePartition partition) {
    SourceReader reader = reader(partition.partition().topic());
    int together = 1; // mostly the first one says that nothing goes on
    int gone = 0;
    while (partition.waits() && gone < MOST_GO_ON) {
      for (WaitingRecords.Waiting next :
          waiting.orElseThrow().first(partition.source(), partition.partition(), together)) {
        if (!take(next.record(), partition, reader, next.since())) {
          return;
        }
        waiting.orElseThrow().remove(partition.source(), next);
        gone++;
      }
      partition.waits(isWaitedFor(partition));
      together = GO_ON_TOGETHER;
    }
  }

  private boolean isWaitedFor(IntakePartition partition) {
    return waiting
        .filter(line -> !line.first(partition.source(), partition.partition(), 1).isEmpty())
        .isPresent();
  }

  /**
   * @param since since when the record is here, by the wall clock
   * @return whether it was taken; otherwise a table does not know its time yet, and nothing
   *     happened
   */
  private boolean take(
      ConsumerRecord<byte[], byte[]> record,
      IntakePartition partition,
      SourceReader reader,
      long since) {
    if (waits && !isKnown(record, partition, reader, since)) {
      return false;
    }
    takeNow(record, partition, reader);
    return true;
  }

  /** Whether the tables that the record looks at know its time. It is decoded for that alone. */
  private boolean isKnown(
      ConsumerRecord<byte[], byte[]> record,
      IntakePartition partition,
      SourceReader reader,
      long since) {
    if (reader.clocks().isEmpty() || reader.isEndOfInput(record.headers())) {
      return true;
    }
    try {
      if (!(reader.decode(record) instanceof Change.Row change)) {
        return true;
      }
      long told = reader.eventTime(change.row(), record.timestamp());
      boolean wall = rule.clock() == BatchRule.Clock.WALL;
      return reader.isKnown(wall ? Math.max(told, partition.clock().time()) : told, since);
    } catch (SourceReader.Rejected rejected) {
      return true; // it looks nothing up
    }
  }

  private void takeNow(
      ConsumerRecord<byte[], byte[]> record, IntakePartition partition, SourceReader reader) {
    if (reader.isEndOfInput(record.headers())) {
      partition.end(record.offset());
      return;
    }
    partition.read(record.offset());
    EventClock clockBefore = partition.clock();
    if (counts.isPresent()) {
      partition.moveClock(counts.get().at(partition.read())); // whatever becomes of the record
    }
    try {
      if (!(reader.decode(record) instanceof Change.Row change)) {
        partition.countWithoutBatch(); // a deletion has no time, and takes back no event
        partition.breaker().kept(partition.clock().time());
        return;
      }
      Object[] row = change.row();
      long time = time(record, row, reader, partition);
      long at = at(time, partition);
      partition.moveClock(at);
      IntakePartition.Part part = part(partition, at, record.offset(), clockBefore);
      judge(record, reader, partition, part, row, time, clockBefore);
    } catch (SourceReader.Rejected rejected) {
      partition.countWithoutBatch();
      rejects.write(record, rejected, Optional.empty());
      countReject(record, partition, rejected);
    }
    if (groupsInHeap > MAX_GROUPS) {
      forwardPartials();
    }
    if (groupsHeld > MAX_GROUPS) {
      partitions.values().forEach(this::release);
    }
  }

  private void commitSoon() {
    if (!caughtUp.isFarBehind() && partitions.values().stream().anyMatch(IntakePartition::dirty)) {
      context.commit();
    }
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
    Batch batch = batchOf(time);
    if (clockBefore.isOver(batch, graceAndKeep)) {
      throw new SourceReader.Rejected("late", "PAST_KEEP: " + howLate(batch, time, clockBefore));
    }
    packWhatIsOver(partition);
    return partition.enter(batch, offset, clockBefore);
  }

  /** To a batch that is over nothing comes any more: its groups need not stay for the commit. */
  private void packWhatIsOver(IntakePartition partition) {
    for (IntakePartition.Part part : partition.parts()) {
      if (part.groups().size() > 0 && part.isOver(partition.clock())) {
        pack(partition, part);
      }
    }
  }

  private void pack(IntakePartition partition, IntakePartition.Part part) {
    Groups groups = part.takeGroups();
    groupsInHeap -= groups.size();
    groups.forEach(
        group ->
            partition.write(
                part,
                group.share(),
                group.records(),
                group.checksum(),
                group.key(),
                group.encoded()));
  }

  /** Rule 10: an absurd time must not close batches. */
  private long permitted(
      long time, SourceReader reader, IntakePartition partition, long recordTimestamp)
      throws SourceReader.Rejected {
    long limit = Math.max(recordTimestamp, 0) + rule.maxAhead().toMillis();
    if (limit < recordTimestamp) {
      throw new SourceReader.Rejected(
          "event-time",
          "the record's own time, "
              + Instant.ofEpochMilli(recordTimestamp)
              + ", is none that an event time can be held against");
    }
    if (time > limit) {
      throw new SourceReader.Rejected(
          "event-time",
          Instant.ofEpochMilli(time)
              + " is later than the record's own time plus max-ahead, "
              + Instant.ofEpochMilli(limit));
    }
    if (reader.maxJump().isPresent()
        && partition.jumpsTooFar(time, reader.maxJump().get().toMillis())) {
      throw new SourceReader.Rejected(
          "event-time",
          Instant.ofEpochMilli(time)
              + " is further than max-jump ahead of the event clock, "
              + Instant.ofEpochMilli(partition.clock().time()));
    }
    return time;
  }

  /** What counts as the record's event time; ms since the epoch. */
  private long time(
      ConsumerRecord<byte[], byte[]> record,
      Object[] row,
      SourceReader reader,
      IntakePartition partition)
      throws SourceReader.Rejected {
    long told = reader.eventTime(row, record.timestamp());
    return switch (rule.clock()) {
      case EVENT -> permitted(told, reader, partition, record.timestamp());
      // The clock of a broker may go back, or that of its successor be behind; ours does not.
      case WALL ->
          Math.max(
              permitted(told, reader, partition, record.timestamp()), partition.clock().time());
      case RECORDS -> told;
    };
  }

  /** Where the record that was just read is on the calendar's line. */
  private long at(long time, IntakePartition partition) {
    return counts.isPresent() ? counts.get().at(partition.read() - 1) : time;
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
      Optional<byte[]> same = sameness(reader, row);
      if (isDuplicate(reader, partition, part, time, same)) {
        verdict = Verdict.DUPLICATE;
      } else {
        verdict = merge(partition, part, time, record.offset());
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

  /** By which a record is the same as others; empty if it does not matter, or it takes no part. */
  private Optional<byte[]> sameness(SourceReader reader, Object[] row)
      throws SourceReader.Rejected {
    if (reader.dedupe().isEmpty() || rows.size() == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.dedupe().get().key().of(row));
    } catch (IllegalArgumentException e) { // a time that its own type can not count
      throw new SourceReader.Rejected("dedupe", e.getMessage());
    }
  }

  /** Of records that are the same, the first that takes part counts. */
  private boolean isDuplicate(
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      long time,
      Optional<byte[]> same) {
    return same.isPresent()
        && seen.orElseThrow()
            .contains(
                reader.dedupe().orElseThrow(), partition.source(), part.start(), time, same.get());
  }

  private void remember(
      SourceReader reader,
      IntakePartition partition,
      IntakePartition.Part part,
      long time,
      Optional<byte[]> same) {
    if (same.isPresent()) {
      SeenRecords records = seen.orElseThrow();
      records.add(
          reader.dedupe().orElseThrow(), partition.source(), part.start(), time, same.get());
      if (records.isFull()) {
        context.commit();
      }
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
        throw new SourceReader.Rejected("late", howLate(part.batch(), time, clockBefore));
      }
      boolean carried = rule.late() == BatchRule.LatePolicy.CARRY;
      IntakePartition.Part into = carried ? partition.partAt(clockBefore.time()) : part;
      reader.inHand().take(record, time, into.batch());
      reader.checkRules(row, (rule, reason) -> warn(part, record, rule, reason));
      reader.evaluate(row, time, rows);
      Optional<byte[]> same = sameness(reader, row);
      if (isDuplicate(reader, partition, part, time, same)) {
        part.read(record.offset());
        part.give(Verdict.DUPLICATE);
        return;
      }
      if (rule.late() == BatchRule.LatePolicy.AMEND) {
        if (hold(partition, part, time, record.offset())) {
          remember(reader, partition, part, time, same);
          part.looked(rows.joins());
          return; // it is in no verdict's book until it is merged
        }
      } else {
        if (merge(partition, into, time, record.offset()) == Verdict.ACCEPTED) {
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
   * Keeps the rows of a late record for {@link #release}. Sent on at once, each record would make
   * an attempt of its own; and while such records trickle in, counts and shares would never meet.
   *
   * @return whether it has any
   */
  private boolean hold(
      IntakePartition partition, IntakePartition.Part part, long time, long offset) {
    int before = part.held().size();
    for (int i = 0; i < rows.size(); i++) {
      int input = rows.branch(i).input();
      int place = place(i);
      Object[] row = rows.row(i);
      Groups.Group group;
      long checksum = Checksum.of(partition.source(), offset, place);
      int records = i == 0 ? 1 : 0;
      if (keys.input(input).aggregation().isPresent()) {
        group = heldGroup(part, input, row);
        count(group, row, from(input, time, partition.source(), offset, place), records, checksum);
      } else {
        byte[] key = keys.key(input, StoreKeys.row(partition.source(), offset, place));
        int share = keys.share(part.start(), input, row, key, shares);
        group = part.held().add(key, share, encoded(input, row));
        group.count(records, checksum);
      }
      part.held().change(group);
    }
    if (rows.size() > 0) {
      part.hold(offset);
      partition.hold(context.currentSystemTimeMs());
    }
    groupsHeld += part.held().size() - before;
    return rows.size() > 0;
  }

  private Groups.Group heldGroup(IntakePartition.Part part, int input, Object[] row) {
    Aggregation into = keys.input(input).aggregation().orElseThrow();
    byte[] key = keys.key(input, into.key(row));
    Groups.Group group = part.held().get(key);
    if (group == null) {
      int share = keys.share(part.start(), input, row, key, shares);
      return part.held().add(key, share, into.create());
    }
    group.open(into);
    return group;
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
        release(partition, part);
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
      release(partition, part);
    }
  }

  private void release(IntakePartition partition, IntakePartition.Part part) {
    Groups groups = part.takeHeld();
    groupsHeld -= groups.size();
    for (Groups.Group group : groups) {
      partition.write(
          part, group.share(), group.records(), group.checksum(), group.key(), group.encoded());
      part.amend(group.records(), group.checksum());
      partition.release(group.records());
      store.deleteHeld(partition.source(), part.start(), group);
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

  /** Adds the rows to the heap, or sends them on if there is nothing to aggregate. */
  private Verdict merge(
      IntakePartition partition, IntakePartition.Part part, long time, long offset) {
    for (int i = 0; i < rows.size(); i++) {
      SourceReader.Branch branch = rows.branch(i);
      int records = i == 0 ? 1 : 0;
      int place = place(i);
      long checksum = Checksum.of(partition.source(), offset, place);
      if (keys.input(branch.input()).aggregation().isPresent()) {
        Place from = from(branch.input(), time, partition.source(), offset, place);
        addToGroup(part, branch.input(), rows.row(i), from, records, checksum);
      } else {
        writeRow(partition, part, branch.input(), offset, place, rows.row(i), records, checksum);
      }
      part.add(checksum);
    }
    return rows.size() == 0 ? Verdict.FILTERED : Verdict.ACCEPTED;
  }

  /** Of a row among those of its record: by its branch, and if that made several by their order. */
  private int place(int i) {
    return rows.branch(i).index() + rows.turn(i) * keys.query().branches().size();
  }

  private void writeRow(
      IntakePartition partition,
      IntakePartition.Part part,
      int input,
      long offset,
      int place,
      Object[] row,
      int records,
      long checksum) {
    byte[] key = keys.key(input, StoreKeys.row(partition.source(), offset, place));
    byte[] value = encoded(input, row);
    int share = keys.share(part.start(), input, row, key, shares);
    partition.write(part, share, records, checksum, key, value);
  }

  /** Only made where an aggregate depends on it. */
  private Place from(int input, long time, int source, long offset, int place) {
    return keys.input(input).aggregation().orElseThrow().needsPlace()
        ? new Place(time, source, offset, place)
        : Place.NONE;
  }

  private byte[] encoded(int input, Object[] row) {
    return keys.several() ? keys.input(input).encode(row) : rowEncoder.encode(row);
  }

  private void addToGroup(
      IntakePartition.Part part, int input, Object[] row, Place from, int records, long checksum) {
    Aggregation into = keys.input(input).aggregation().orElseThrow();
    byte[] key = keys.key(input, into.key(row));
    Groups.Group group = part.groups().get(key);
    if (group == null) {
      int share = keys.share(part.start(), input, row, key, shares);
      group = part.groups().add(key, share, into.create());
      groupsInHeap++;
    }
    count(group, row, from, records, checksum);
  }

  private static void count(
      Groups.Group group, Object[] row, Place from, int records, long checksum) {
    group.add(row, from);
    group.count(records, checksum);
  }

  @Override
  public void beforeCommit() {
    long nanos = System.nanoTime();
    partitions.values().forEach(partition -> partition.heardUntil(nanos));
    partitions.values().forEach(this::amend);
    CrashPoint.BEFORE_PARTIALS.reached();
    forwardPartials();
    CrashPoint.AFTER_PARTIALS.reached();
    seen.ifPresent(SeenRecords::write);
    partitions.values().forEach(this::writeCounts);
    partitions.values().forEach(this::writeMarks);
  }

  @Override
  public void discard() {
    partitions.clear();
    lastPartition = null;
    groupsInHeap = 0;
    groupsHeld = 0;
    seen.ifPresent(SeenRecords::discard);
  }

  private void forwardPartials() {
    for (IntakePartition partition : partitions.values()) {
      for (IntakePartition.Part part : partition.parts()) {
        if (part.groups().size() > 0) {
          pack(partition, part);
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
                partition.withoutBatch())));
    forgetOldParts(partition);
    forgetSeen(partition);
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

  private void forgetSeen(IntakePartition partition) {
    Optional<SeenRecords.Rule> same = reader(partition.partition().topic()).dedupe();
    if (same.isPresent() && partition.clock().hasTime()) {
      // The oldest batch that a record can still enter.
      Batch oldest = batchOf(partition.clock().time() - graceAndKeep.toMillis());
      seen.orElseThrow().forget(same.get(), partition.source(), oldest.start().toEpochMilli());
    }
  }

  private void writeMarks(IntakePartition partition) {
    long silentAt = silentAt(partition);
    long idleUntil =
        silentAt == ShuffleMessage.NONE
            ? ShuffleMessage.NONE
            : silentAt - rule.grace().toMillis() - rule.idleAfter().toMillis();
    IntakePartition.Told now =
        new IntakePartition.Told(
            over(partition.clock().time()), over(idleUntil), partition.ended());
    boolean heard = partition.clock().hasTime() || idleUntil != ShuffleMessage.NONE;
    if ((partition.told().equals(Optional.of(now)) && partition.entered().isEmpty())
        || !(heard || partition.ended())) {
      return;
    }
    forwardToShuffle(
        new ShuffleMessage.Marks(
            partition.source(),
            partition.clock().time(),
            idleUntil,
            partition.ended(),
            partition.entered().stream().mapToLong(Long::longValue).toArray()));
    partition.tell(now);
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
        : batchOf(time - rule.grace().toMillis()).start().toEpochMilli();
  }

  private String howLate(Batch batch, long time, EventClock clockBefore) {
    Duration late =
        Duration.ofMillis(clockBefore.time())
            .minusMillis(batch.end().plus(rule.grace()).toEpochMilli());
    return "the record of "
        + Instant.ofEpochMilli(time)
        + " came "
        + late
        + " of event time after its batch "
        + batch.id()
        + " and its grace were over";
  }

  private Batch batchOf(long time) {
    return rule.calendar().batchOf(Instant.ofEpochMilli(time));
  }
}
