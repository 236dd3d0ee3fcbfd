package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.Ledger;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.definition.Topics;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.EndOfShareCodec;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.InMemoryRegistry;
import dev.tidemill.schema.LedgerCodec;
import dev.tidemill.schema.PartitionReadCodec;
import dev.tidemill.schema.ReadablePayloads;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RejectCodec;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.GateQuery;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.Rows;
import dev.tidemill.sql.TableAccess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The real processors of a pipeline over topics and transactions in the heap, driven by hand in one
 * thread: every interleaving can be had, and had again. What Kafka does is shown elsewhere.
 */
final class SimulatedPipeline {

  /** Of the topic of the table {@code rates}. */
  static final int TABLE_PARTITIONS = 2;

  /** More than any idle-after of a test. */
  private static final Duration LONG_AGO = Duration.ofHours(2);

  /** A compiled pipeline with all that its tasks share. */
  static final class Parts {
    private final CompiledPipeline pipeline;
    private final BatchRule rule;
    private final Query query;
    private final List<GateQuery> gateQueries;
    private final int partitions;
    private final Registry registry = new InMemoryRegistry();

    /** One for all tasks, which are of one thread: to make it takes longer than a task lives. */
    private final ReadablePayloads payloads = new ReadablePayloads(registry);

    private final Events told = Events.unheard();
    private final RowEncoder events;
    private final RowEncoder rows;
    private final AvroRowDecoder rowDecoder;
    private final RejectCodec rejects;
    private final EndOfShareCodec ends;
    private final LedgerCodec ledger;
    private final PartitionReadCodec reads;
    private final String source;
    private final TableAccess names;
    private final long rejectRules;

    Parts(Spec spec) {
      this(spec.compile("simulated"), spec.partitions());
    }

    /**
     * @param compiled is called "simulated"
     */
    Parts(CompiledPipeline compiled, int partitions) {
      this.pipeline = compiled;
      this.partitions = partitions;
      rule = pipeline.definition().batch();
      query = pipeline.query();
      gateQueries = pipeline.gateQueries();
      source = Spec.topic("simulated");
      rejectRules = Breaker.fingerprint(pipeline);
      names = pipeline.definition().tables().isEmpty() ? SomeNames.of(query) : TableAccess.NONE;
      Topics topics = pipeline.definition().topics();
      events = RowEncoder.register(registry, Schemas.valueSubject(source), Event.SCHEMA);
      rows =
          RowEncoder.register(
              registry, Schemas.valueSubject(topics.results()), query.resultSchema());
      rowDecoder = new AvroRowDecoder(query.resultSchema(), registry);
      rejects = RejectCodec.register(registry, Schemas.valueSubject(topics.rejects()));
      ends = EndOfShareCodec.register(registry, topics.endOfShareSubject());
      ledger = LedgerCodec.register(registry, Schemas.valueSubject(topics.ledger()));
      reads = PartitionReadCodec.register(registry, topics.partitionReadSubject());
    }

    /** What its owner tells of. */
    Events told() {
      return told;
    }

    boolean isByTheWall() {
      return rule.clock() == BatchRule.Clock.WALL;
    }

    private PipelineTables tables() {
      return new PipelineTables(
          pipeline, registry, Map.of(Spec.ratesTopic("simulated"), TABLE_PARTITIONS));
    }

    private SourceReader reader(PipelineTables tables) {
      return PipelineStreams.reader(
          pipeline.definition().sources().get(0),
          pipeline,
          registry,
          access(tables),
          tables.clocks());
    }

    /** The tables of an instance, if the definition has any. */
    private TableAccess access(TableAccess ofInstance) {
      return pipeline.definition().tables().isEmpty() ? names : ofInstance;
    }

    private Breaker breaker() {
      return new Breaker(rule, rejectRules, payloads);
    }

    byte[] bytes(Event event) {
      return events.encode(event.row());
    }
  }

  private Parts parts;
  private final CaughtUp caughtUp = new CaughtUp();
  private final List<List<byte[]>> log;
  private final Map<Place, Long> recordTimes = new HashMap<>();
  private final List<List<byte[]>> shuffle;
  private final List<byte[]> owner = new ArrayList<>();
  private final List<List<SimulatedTask.Sent>> results;
  private final List<String> rejects = new ArrayList<>();
  private final TreeMap<String, LedgerEntry> ledger = new TreeMap<>();
  private final List<LedgerEntry> earlyAttempts = new ArrayList<>();
  private final List<SimulatedTask<?>> intakes = new ArrayList<>();
  private final List<SimulatedTask<?>> shares = new ArrayList<>();
  private final SimulatedTask<?> ownerTask;
  private final List<List<Record<byte[], byte[]>>> tableLog =
      List.of(new ArrayList<>(), new ArrayList<>());
  private final List<Rates> rates = new ArrayList<>();
  private long idleUntil = SimulatedTask.NOW;
  private Optional<Instant> tableReadUntil = Optional.empty();

  /** The table as one instance has it; each intake is on an instance of its own. */
  private final class Rates {
    private final PipelineTables tables = parts.tables();
    private final int[] read = new int[TABLE_PARTITIONS];

    private boolean readOne(int partition) {
      if (read[partition] == tableLog.get(partition).size()) {
        return false;
      }
      int offset = read[partition]++;
      String topic = Spec.ratesTopic("simulated");
      tables
          .replicated()
          .get(topic)
          .write(tableLog.get(partition).get(offset), new Place(topic, partition, offset));
      return true;
    }

    private Rates toTheEnd() {
      for (int partition = 0; partition < TABLE_PARTITIONS; partition++) {
        while (readOne(partition)) {}
      }
      tellEnd();
      return this;
    }

    private void tellEnd() {
      for (int partition = 0; partition < TABLE_PARTITIONS; partition++) {
        var place = new TopicPartition(Spec.ratesTopic("simulated"), partition);
        if (tableReadUntil.isPresent()) {
          tables.position(place, read[partition]);
          long end = tableLog.get(partition).size();
          tables.end(
              place, new CaughtUp.HighWatermark(end, 0, tableReadUntil.get().toEpochMilli()));
        }
      }
    }
  }

  /**
   * @param chunk rows that a share emits in one transaction
   */
  SimulatedPipeline(Parts parts, int chunk) {
    this.parts = parts;
    log = topic();
    shuffle = topic();
    results = topic();
    TreeMap<String, Integer> topics = new TreeMap<>();
    topics.put(parts.source, parts.partitions);
    SourcePartitions sources = new SourcePartitions(topics);
    for (int p = 0; p < parts.partitions; p++) {
      int partition = p;
      rates.add(new Rates());
      intakes.add(
          new SimulatedTask<byte[]>(
              partition,
              () -> {
                PipelineTables tables = reloaded(partition);
                return new Intake(
                    sources,
                    parts.partitions,
                    (topic, stores) -> this.parts.reader(tables),
                    this.parts.rule,
                    parts.query,
                    parts.rows,
                    parts.rejects::encode,
                    caughtUp,
                    PipelineStreams.dedupes(parts.pipeline.definition()),
                    this.parts::breaker,
                    PipelineStreams.waits(parts.query));
              },
              offset -> input(parts.source, partition, offset, log.get(partition), v -> v),
              Intake.HOOK,
              Intake.STORE,
              Intake.SEEN,
              Intake.WAITING));
      shares.add(
          new SimulatedTask<ShuffleMessage>(
              partition,
              () ->
                  new Share(
                      sources.size(),
                      parts.partitions,
                      parts.rule,
                      parts.query,
                      parts.access(new TablesOf(partition)),
                      parts.rows,
                      parts.ends::encode,
                      new GateCounts(
                          parts.gateQueries,
                          new AvroRowDecoder(parts.query.resultSchema(), parts.registry),
                          parts.query.outputs()),
                      chunk,
                      caughtUp),
              offset ->
                  input(
                      "shuffle",
                      partition,
                      offset,
                      shuffle.get(partition),
                      v -> MessageSerdes.shuffle().deserializer().deserialize("", v)),
              Share.HOOK,
              Share.GROUPS,
              Share.PENDING,
              Share.BATCHES));
    }
    ownerTask =
        new SimulatedTask<Owner.Incoming>(
            0,
            () ->
                new Owner(
                    parts.rule.calendar(),
                    new Ledger(
                        "simulated",
                        parts.rule.calendar(),
                        parts.partitions,
                        Set.of(),
                        parts.pipeline.gates(),
                        Clock.fixed(Instant.ofEpochMilli(SimulatedTask.NOW), ZoneOffset.UTC)),
                    PipelineStreams.codec(parts.ledger, parts.reads),
                    caughtUp,
                    parts.told),
            offset ->
                input(
                    "owner",
                    0,
                    offset,
                    owner,
                    v -> new Owner.Incoming.FromTopology(ownerMessage(v))),
            Owner.HOOK,
            Owner.STORE);
  }

  /** The tables of the instance on which an intake is; its share is there, too. */
  private final class TablesOf implements TableAccess {
    private final int task;

    TablesOf(int task) {
      this.task = task;
    }

    @Override
    public Object[][] find(int reading, byte[] key) {
      return rates.get(task).tables.find(reading, key);
    }

    @Override
    public Object[][] find(int reading, byte[] key, long time) {
      return rates.get(task).tables.find(reading, key, time);
    }

    @Override
    public Rows all(int reading) {
      return rates.get(task).tables.all(reading);
    }

    @Override
    public void forgetBefore(long time) {
      rates.get(task).tables.forgetBefore(time);
    }
  }

  /** As Streams does: a task begins when the tables are read to their end. */
  private PipelineTables reloaded(int partition) {
    rates.set(partition, new Rates().toTheEnd());
    return rates.get(partition).tables;
  }

  private <T> List<List<T>> topic() {
    return IntStream.range(0, parts.partitions).<List<T>>mapToObj(i -> new ArrayList<>()).toList();
  }

  private interface Decoding<V> {
    V decode(byte[] value);
  }

  private <V> Optional<SimulatedTask.Input<V>> input(
      String topic, int partition, int offset, List<byte[]> values, Decoding<V> as) {
    if (offset >= values.size()) {
      return Optional.empty();
    }
    Place place = new Place(topic, partition, offset);
    long time = recordTimes.getOrDefault(place, SimulatedTask.NOW);
    var record =
        new Record<>(
            StreamRecords.NO_KEY, as.decode(values.get(offset)), time, new RecordHeaders());
    return Optional.of(new SimulatedTask.Input<>(record, place));
  }

  private record Place(String topic, int partition, long offset) implements RecordMetadata {}

  // --- what is done to it

  void append(int partition, byte[] value) {
    log.get(partition).add(value);
  }

  /** One record, of which Kafka says another time than all others have. */
  void append(int partition, Event event, long recordTime) {
    recordTimes.put(new Place(parts.source, partition, log.get(partition).size()), recordTime);
    append(partition, event);
  }

  void append(int partition, Event... events) {
    for (Event event : events) {
      append(partition, parts.bytes(event));
    }
  }

  /** The definition is changed and everything restarted; over the same topics and state. */
  void change(Spec spec) {
    parts = new Parts(spec);
    tasks().forEach(SimulatedTask::restart);
  }

  /**
   * A record of the table.
   *
   * @param row empty: the key is deleted
   */
  void appendRate(int partition, String key, Optional<Event> row, Instant written) {
    tableLog
        .get(partition)
        .add(
            new Record<>(
                key.getBytes(StandardCharsets.UTF_8),
                row.map(parts::bytes).orElse(null),
                written.toEpochMilli(),
                new RecordHeaders()));
  }

  /**
   * The instance of a task reads on in the table.
   *
   * @return whether there was anything
   */
  boolean readRate(int task, int partition) {
    return rates.get(task).readOne(partition);
  }

  /** From now on every instance sees that it has read the table to its end, by this wall clock. */
  void tableIsReadUntil(Instant time) {
    tableReadUntil = Optional.of(time);
    rates.forEach(Rates::tellEnd);
  }

  /** Versions that the instances of all tasks keep. */
  long versions() {
    return rates.stream().mapToLong(each -> each.tables.versions()).sum();
  }

  SimulatedTask<?> intake(int partition) {
    return intakes.get(partition);
  }

  SimulatedTask<?> share(int share) {
    return shares.get(share);
  }

  SimulatedTask<?> owner() {
    return ownerTask;
  }

  List<SimulatedTask<?>> tasks() {
    List<SimulatedTask<?>> tasks = new ArrayList<>(intakes);
    tasks.addAll(shares);
    tasks.add(ownerTask);
    return tasks;
  }

  /** Up to when silence reaches, from now on: the wall clock that intake believes in. */
  void wallClock(Instant time) {
    idleUntil = time.toEpochMilli();
  }

  /** In one transaction, all of it visible at once. */
  void commit(Collection<? extends SimulatedTask<?>> thread) {
    thread.forEach(SimulatedTask::flush);
    thread.forEach(task -> task.commit().forEach(this::deliver));
  }

  /** As {@link #commit}, and what is read to its end has been silent for long. */
  void commitSilent(Collection<? extends SimulatedTask<?>> thread) {
    fallSilent();
    commit(thread);
    for (int p = 0; p < intakes.size(); p++) {
      caughtUp.forget(new TopicPartition(parts.source, p));
    }
  }

  /** From now on, what is read to its end has been silent for long. */
  void fallSilent() {
    for (int p = 0; p < intakes.size(); p++) {
      TopicPartition partition = new TopicPartition(parts.source, p);
      long end = intakes.get(p).atEnd() ? intakes.get(p).position() : Long.MAX_VALUE;
      caughtUp.position(partition, intakes.get(p).position());
      caughtUp.highWatermark(
          partition,
          new CaughtUp.HighWatermark(end, System.nanoTime() + LONG_AGO.toNanos(), idleUntil));
    }
  }

  private void deliver(SimulatedTask.Sent sent) {
    switch (sent.way()) {
      case StreamRecords.TO_SHUFFLE -> {
        ShuffleMessage message = (ShuffleMessage) sent.message();
        byte[] bytes = MessageSerdes.shuffle().serializer().serialize("", message);
        for (int share : PipelineTopology.sharesOf(message, parts.partitions)) {
          shuffle.get(share).add(bytes);
        }
      }
      case StreamRecords.COUNTS_TO_OWNER, StreamRecords.ENDS_TO_OWNER ->
          owner.add(
              MessageSerdes.owner().serializer().serialize("", (OwnerMessage) sent.message()));
      case StreamRecords.TO_RESULTS ->
          results.get(((Outgoing.Result) sent.message()).share()).add(sent);
      case StreamRecords.TO_REJECTS -> rejects.add(key(sent.key()));
      case StreamRecords.TO_LEDGER -> {
        if (Topics.isLedgerEntry(key(sent.key()))) {
          LedgerEntry entry = entry(((Outgoing.Bytes) sent.message()).value());
          ledger.put(key(sent.key()), entry);
          entry.earlyAttempt().ifPresent(earlyAttempts::add);
        }
      }
      default -> throw new AssertionError(sent.way());
    }
  }

  /** Everything is processed, everybody is silent, and every share has emitted what it can. */
  void settle() {
    settle(tasks(), false);
  }

  /** The same, but every share dies after each of its transactions. */
  void settleRestarting() {
    settle(tasks(), true);
  }

  /** The same, but one task stands still. */
  void settleWithout(SimulatedTask<?> task) {
    settle(tasks().stream().filter(other -> other != task).toList(), false);
  }

  private void settle(List<? extends SimulatedTask<?>> tasks, boolean restarting) {
    boolean moved = true;
    while (moved) {
      moved = false;
      rates.forEach(Rates::toTheEnd);
      for (SimulatedTask<?> task : tasks) {
        while (task.processOne()) {
          moved = true;
        }
      }
      long before = written();
      commitSilent(tasks);
      tasks.forEach(SimulatedTask::tick);
      commitSilent(tasks);
      if (restarting) {
        shares.forEach(SimulatedTask::restart);
      }
      moved |= written() > before;
    }
  }

  private long written() {
    return owner.size()
        + Stream.of(shuffle, results).flatMap(List::stream).mapToInt(List::size).sum();
  }

  // --- what Kafka must never do

  void lose(int share, int offset) {
    shuffle.get(share).remove(offset);
  }

  void twice(int share, int offset) {
    shuffle.get(share).add(offset, shuffle.get(share).get(offset));
  }

  void loseLastCounts() {
    int last = owner.size() - 1;
    while (!(ownerMessage(owner.get(last)) instanceof OwnerMessage.Counts)) {
      last--;
    }
    owner.remove(last);
  }

  // --- what it did

  /** The latest attempt of every batch. */
  Collection<LedgerEntry> entries() {
    TreeMap<Batch, LedgerEntry> latest = new TreeMap<>();
    for (LedgerEntry entry : ledger.values()) {
      latest.merge(entry.batch(), entry, (a, b) -> a.attempt() > b.attempt() ? a : b);
    }
    return latest.values();
  }

  /** As it was last written. */
  Collection<LedgerEntry> everyAttempt() {
    return ledger.values();
  }

  /** What targets were ever told to publish of batches that were open. */
  List<LedgerEntry> earlyAttempts() {
    return earlyAttempts;
  }

  /** What intake told the owner last of each partition that was read. */
  Collection<String> reads() {
    TreeMap<String, String> reads = new TreeMap<>();
    for (byte[] message : owner) {
      if (ownerMessage(message) instanceof OwnerMessage.Read read) {
        String place = read.count().topic() + "-" + read.count().partition();
        reads.put(
            place,
            "%s: %d read, %d in no batch"
                .formatted(place, read.count().read(), read.count().withoutBatch()));
      }
    }
    return reads.values();
  }

  /** Places of the rejects. */
  List<String> rejects() {
    return rejects;
  }

  List<ShuffleMessage> shuffle(int share) {
    return shuffle.get(share).stream()
        .map(v -> MessageSerdes.shuffle().deserializer().deserialize("", v))
        .toList();
  }

  /** The rows that a target publishes for an attempt, share by share, in their order. */
  List<byte[]> rows(LedgerEntry entry) {
    List<byte[]> rows = new ArrayList<>();
    for (int share = 0; share < results.size(); share++) {
      for (SimulatedTask.Sent sent : results.get(share)) {
        ByteBuffer batch = ByteBuffer.wrap(sent.headers().lastHeader(Headers.BATCH).value());
        ByteBuffer attempt = ByteBuffer.wrap(sent.headers().lastHeader(Headers.ATTEMPT).value());
        if (batch.getLong() == entry.batch().start().toEpochMilli()
            && attempt.getInt() == entry.shares().get(share).attempt()
            && sent.headers().lastHeader(Headers.END_OF_SHARE) == null) {
          rows.add(((Outgoing.Result) sent.message()).value());
        }
      }
    }
    return rows;
  }

  /** The same for a person, sorted. */
  List<String> texts(LedgerEntry entry) {
    return rows(entry).stream().map(this::text).sorted().toList();
  }

  List<Object[]> values(LedgerEntry entry) {
    return rows(entry).stream().map(this::values).toList();
  }

  private String text(byte[] row) {
    return Arrays.toString(values(row));
  }

  private Object[] values(byte[] row) {
    try {
      return parts.rowDecoder.decode(row);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private LedgerEntry entry(byte[] bytes) {
    try {
      return parts.ledger.decode(bytes);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private static OwnerMessage ownerMessage(byte[] bytes) {
    return MessageSerdes.owner().deserializer().deserialize("", bytes);
  }

  private static String key(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }
}
