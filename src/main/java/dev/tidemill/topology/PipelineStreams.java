package dev.tidemill.topology;

import dev.tidemill.batch.Ledger;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.Pause;
import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AckCodec;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.ChangeDecoder;
import dev.tidemill.schema.CsvRowDecoder;
import dev.tidemill.schema.DebeziumDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.EndOfShareCodec;
import dev.tidemill.schema.EventTimeReader;
import dev.tidemill.schema.JsonTopicDecoder;
import dev.tidemill.schema.LedgerCodec;
import dev.tidemill.schema.PartitionReadCodec;
import dev.tidemill.schema.ProtobufRowDecoder;
import dev.tidemill.schema.ReadablePayloads;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RejectCodec;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.schema.StringRowDecoder;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.GateQuery;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.TableAccess;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;

/**
 * The running topology of one pipeline in this process. Thread-safe.
 *
 * <p>The source topics must exist: extractors that make theirs are started first.
 */
public final class PipelineStreams implements AutoCloseable {
  private static final Duration TABLE_ENDS = Duration.ofMillis(250);
  private static final Duration BROKER_WAIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(20);

  private final Events events;
  private final Admin admin;
  private final Preflight preflight;
  private final HighWatermarks highWatermarks;

  /** Of the tables for whose clocks records wait. */
  private final Optional<HighWatermarks> tableEnds;

  private final HiddenRecords hiddenRecords;
  private final StateMemory memory;
  private final Supplier<KafkaStreams> made;
  private final LocalState localState;
  private final Topology topology;
  private final ShareReads reads;
  private final PipelineTables tables;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private volatile KafkaStreams streams;

  /** The partitions of tables that our extractors publish. */
  private final List<TopicPartition> loading;

  private final Supplier<Consumer<byte[], byte[]>> readCommitted;
  private volatile Thread tableLoads;
  private volatile boolean closing;

  /**
   * What tests change.
   *
   * @param clients what Streams gets, made of what it would get
   * @param chunk rows that a share emits in one transaction
   * @param patience how long anybody's transaction may be open before it is told of
   */
  record Seams(UnaryOperator<KafkaClientSupplier> clients, int chunk, Duration patience) {
    static final Seams NONE = new Seams(UnaryOperator.identity(), Share.CHUNK);

    Seams(UnaryOperator<KafkaClientSupplier> clients, int chunk) {
      this(clients, chunk, StreamsSettings.TRANSACTION_TIMEOUT.multipliedBy(2));
    }
  }

  /**
   * Checks everything that the pipeline needs, and prepares its topics and offsets.
   *
   * @param advertised {@code host:port} where this process answers for its shares; empty if it does
   *     not
   * @throws Unavailable if something is not there
   */
  public PipelineStreams(
      CompiledPipeline pipeline,
      Registry registry,
      ServerSettings server,
      Clock clock,
      Optional<String> advertised,
      Events events) {
    this(pipeline, registry, server, clock, advertised, events, Seams.NONE);
  }

  PipelineStreams(
      CompiledPipeline pipeline,
      Registry registry,
      ServerSettings server,
      Clock clock,
      Optional<String> advertised,
      Events events,
      Seams seams) {
    this.events = events;
    PipelineDefinition definition = pipeline.definition();
    Topics topics = definition.topics();
    this.admin = Admin.create(StreamsSettings.client(server));
    try {
      String cluster = clusterId(admin, server);
      Path stateDir = StateDirectory.claim(server.stateDir(), definition.name(), cluster);
      this.preflight = new Preflight(admin, definition, server);
      Preflight.Layout layout = preflight.run();
      SourcePartitions sources = new SourcePartitions(layout.sources());
      CaughtUp caughtUp = new CaughtUp();
      this.highWatermarks =
          new HighWatermarks(admin, sources.all(), caughtUp::highWatermark, clock);
      this.hiddenRecords =
          new HiddenRecords(admin, readCommitted(topics, layout), seams.patience(), clock);
      int resultId =
          ResultOrigin.register(
              pipeline, registry, Schemas.valueSubject(topics.results()), layout.first());
      this.tables = new PipelineTables(pipeline, registry, layout.tables());
      this.tableEnds = tableEnds(pipeline, layout.tables(), clock);
      this.loading = loading(definition);
      Map<String, Object> reading = StreamsSettings.client(server);
      reading.put("isolation.level", "read_committed");
      this.readCommitted =
          () ->
              new KafkaConsumer<>(
                  reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      this.topology =
          new PipelineTopology(
                  topics,
                  layout.shares(),
                  processors(
                      pipeline,
                      registry,
                      tables,
                      sources,
                      layout.shares(),
                      resultId,
                      caughtUp,
                      clock,
                      events,
                      seams.chunk()),
                  acks(registry, topics),
                  dedupes(definition),
                  waits(pipeline.query()))
              .build(layout.sources().keySet(), tables);
      this.localState = new LocalState(stateDir.resolve(topics.applicationId()));
      this.memory = new StateMemory(server.stateMemory());
      Properties settings = StreamsSettings.streams(server, topics, stateDir, memory, advertised);
      this.made =
          () ->
              streams(
                  settings,
                  seams
                      .clients()
                      .apply(new TrackedClients(caughtUp, layout.sources().keySet(), tables)),
                  new Trouble(stateDir, failure, events));
      this.streams = made(stateDir, definition.name());
      this.reads =
          new ShareReads(
              () -> streams,
              topics,
              layout.shares(),
              pipeline.query(),
              tables,
              () -> new RowEncoder(pipeline.query().resultSchema(), resultId));
      highWatermarks.start(interval(definition.batch().idleAfter()));
      tableEnds.ifPresent(ends -> ends.start(TABLE_ENDS));
      hiddenRecords.start();
    } catch (RuntimeException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  private KafkaStreams made(Path stateDir, String pipeline) {
    try {
      return made.get();
    } catch (StreamsException e) {
      throw StateDirectory.isInUse(e) ? StateDirectory.inUse(stateDir, pipeline, e) : e;
    }
  }

  private KafkaStreams streams(Properties settings, KafkaClientSupplier clients, Trouble trouble) {
    KafkaStreams fresh = new KafkaStreams(topology, settings, clients);
    fresh.setUncaughtExceptionHandler(trouble);
    fresh.setStateListener(
        (now, before) -> {
          events
              .event(EventType.PIPELINE_STATE)
              .with("from", before.name())
              .with("to", now.name())
              .emit();
          if (now == KafkaStreams.State.PENDING_SHUTDOWN) {
            trouble.closing();
          }
          if (now == KafkaStreams.State.ERROR) {
            failure.completeExceptionally(
                new Unavailable("the topology stopped with an error; see the log"));
          }
        });
    return fresh;
  }

  /**
   * @throws Unavailable if no broker answers
   */
  public static void requireBroker(ServerSettings server) {
    try (Admin admin = Admin.create(StreamsSettings.client(server))) {
      clusterId(admin, server);
    } catch (KafkaException e) { // a host without an address, wrong security settings
      throw new Unavailable(
          "no Kafka client can be made for "
              + server.brokers()
              + ": "
              + (e.getCause() == null ? e : e.getCause()).getMessage()
              + ". Correct 'brokers' (TIDEMILL_BROKERS) or 'kafka' in the server settings.",
          e);
    }
  }

  /** Starts to work off records, as soon as its tables are there. */
  public void start() {
    start(() -> true);
  }

  /**
   * @param tablesRead whether what the tables hold now is published: their topics may end with what
   *     an earlier start has read
   */
  public void start(BooleanSupplier tablesRead) {
    if (loading.isEmpty()) {
      startStreams();
      return;
    }
    tableLoads =
        new Thread(
            () -> {
              try (Consumer<byte[], byte[]> consumer = readCommitted.get()) {
                if (new TableLoads(consumer, loading).await(tablesRead, () -> closing)) {
                  startStreams();
                }
              } catch (RuntimeException e) {
                failure.completeExceptionally(e);
              }
            },
            "tables");
    tableLoads.start();
  }

  /** Whether it waits for its tables to be published. */
  public boolean isWaitingForTables() {
    return tableLoads != null && streams.state() == KafkaStreams.State.CREATED;
  }

  /** Records of tables that could not be read, and are left out. */
  public long unreadableTableRecords() {
    return tables.unreadable();
  }

  /** Rows of a table that this instance holds. */
  public long tableRows(String table) {
    return tables.rows(table);
  }

  /** Versions of tables that came when records of their time had not waited any longer. */
  public long missedTableVersions() {
    return tables.missed();
  }

  /** Damaged local state is no obstacle: it is deleted, and restored from Kafka. */
  private void startStreams() {
    preflight.restoreTables();
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      if (!LocalState.isDamage(e)) {
        throw e;
      }
      streams.close(CLOSE_WAIT);
      localState.delete(e);
      streams = made.get();
      streams.start();
    }
  }

  /** Completes exceptionally when the topology can not go on. */
  public CompletableFuture<Void> failure() {
    return failure;
  }

  /** Where it stands still, since too many records were rejected; empty if it does not. */
  public Optional<Pause> pause() {
    return failure
        .handle((none, cause) -> Optional.ofNullable(cause))
        .getNow(Optional.empty())
        .filter(PausedException.class::isInstance)
        .map(cause -> ((PausedException) cause).pause());
  }

  public KafkaStreams.State state() {
    return streams.state();
  }

  /** The shares' stores, for queries. */
  public ShareReads reads() {
    return reads;
  }

  /** For its metrics only: whoever has it could stop it. */
  public KafkaStreams streams() {
    return streams;
  }

  /**
   * Offsets that nobody can read, in all topics that the pipeline reads, because they are behind a
   * transaction that has been open for long; 0 if there is none.
   */
  public long hiddenRecords() {
    return hiddenRecords.count();
  }

  public Topology topology() {
    return topology;
  }

  @Override
  public void close() {
    stopWaiting();
    highWatermarks.close();
    tableEnds.ifPresent(HighWatermarks::close);
    hiddenRecords.close();
    boolean closed =
        streams.close(
            CloseOptions.timeout(CLOSE_WAIT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    if (closed) { // else a store may still live in it
      memory.close();
    }
    admin.close(Duration.ofSeconds(1));
  }

  private void stopWaiting() {
    closing = true;
    if (tableLoads != null) {
      try {
        tableLoads.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Optional<HighWatermarks> tableEnds(
      CompiledPipeline pipeline, Map<String, Integer> tables, Clock clock) {
    Set<String> versioned = versioned(pipeline.query());
    List<TopicPartition> partitions =
        pipeline.definition().tables().stream()
            .filter(table -> versioned.contains(table.name()))
            .map(table -> Preflight.topicOf(pipeline.definition(), table))
            .flatMap(topic -> partitions(topic, tables.get(topic)))
            .toList();
    return partitions.isEmpty()
        ? Optional.empty()
        : Optional.of(new HighWatermarks(admin, partitions, this.tables::end, clock));
  }

  private static Stream<TopicPartition> partitions(String topic, int count) {
    return IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p));
  }

  /** The tables that records see as they were. */
  private static Set<String> versioned(Query query) {
    return query.branches().stream()
        .flatMap(branch -> branch.versioned().stream())
        .collect(Collectors.toSet());
  }

  /** Whether records may have to wait for a table. */
  static boolean waits(Query query) {
    return !versioned(query).isEmpty();
  }

  /** Where an open transaction would hold up the topology, or its loaders. */
  private static List<TopicPartition> readCommitted(Topics topics, Preflight.Layout layout) {
    Map<String, Integer> partitions = new HashMap<>(layout.sources());
    partitions.putAll(layout.inParts());
    partitions.put(topics.shuffle(), layout.shares());
    partitions.put(topics.owner(), 1);
    partitions.put(topics.results(), layout.shares());
    partitions.put(topics.ledger(), 1);
    partitions.put(topics.acks(), 1);
    return partitions.entrySet().stream()
        .flatMap(topic -> partitions(topic.getKey(), topic.getValue()))
        .toList();
  }

  private static List<TopicPartition> loading(PipelineDefinition definition) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (TableDefinition table : definition.tables()) {
      if (table.origin() instanceof Origin.Extracted ours) {
        String topic = Preflight.topicOf(definition, table);
        for (int partition = 0; partition < ours.publishing().partitions(); partition++) {
          partitions.add(new TopicPartition(topic, partition));
        }
      }
    }
    return partitions;
  }

  private static Duration interval(Duration idleAfter) {
    long millis = Math.max(50, Math.min(1_000, idleAfter.toMillis() / 4));
    return Duration.ofMillis(millis);
  }

  private static String clusterId(Admin admin, ServerSettings server) {
    // The call's own timeout: one that is still under way would keep close() waiting for it.
    var timeout = new DescribeClusterOptions().timeoutMs((int) BROKER_WAIT.toMillis());
    try {
      return admin.describeCluster(timeout).clusterId().get();
    } catch (ExecutionException e) {
      throw new Unavailable(
          "no broker answers at "
              + server.brokers()
              + ". Start it, or correct 'brokers' (TIDEMILL_BROKERS) in the server settings.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while connecting to " + server.brokers(), e);
    }
  }

  static PipelineTopology.Processors processors(
      CompiledPipeline pipeline,
      Registry registry,
      PipelineTables tables,
      SourcePartitions sources,
      int shares,
      int resultId,
      CaughtUp caughtUp,
      Clock clock,
      Events events,
      int chunk) {
    PipelineDefinition definition = pipeline.definition();
    Topics topics = definition.topics();
    Query query = pipeline.query();
    Map<String, SourceDefinition> byTopic =
        definition.sources().stream()
            .collect(
                Collectors.toMap(
                    source -> Preflight.topicOf(definition, source), Function.identity()));
    List<GateQuery> gateQueries = pipeline.gateQueries();
    long rejectRules = Breaker.fingerprint(pipeline);
    RejectCodec rejects = RejectCodec.register(registry, Schemas.valueSubject(topics.rejects()));
    EndOfShareCodec ends = EndOfShareCodec.register(registry, topics.endOfShareSubject());
    LedgerCodec entries = LedgerCodec.register(registry, Schemas.valueSubject(topics.ledger()));
    PartitionReadCodec reads = PartitionReadCodec.register(registry, topics.partitionReadSubject());
    return new PipelineTopology.Processors(
        () ->
            new Intake(
                sources,
                shares,
                (topic, stores) ->
                    reader(
                        byTopic.get(topic), pipeline, registry, tables.of(stores), tables.clocks()),
                definition.batch(),
                query,
                new RowEncoder(query.resultSchema(), resultId),
                rejects::encode,
                caughtUp,
                dedupes(definition),
                () -> new Breaker(definition.batch(), rejectRules, new ReadablePayloads(registry)),
                waits(query)),
        () ->
            new Share(
                sources.size(),
                shares,
                definition.batch(),
                query,
                tables,
                new RowEncoder(query.resultSchema(), resultId),
                ends::encode,
                new GateCounts(
                    gateQueries,
                    new AvroRowDecoder(query.resultSchema(), registry),
                    query.outputs()),
                chunk,
                caughtUp),
        () ->
            new Owner(
                definition.batch().calendar(),
                new Ledger(
                    definition.name(),
                    definition.batch().calendar(),
                    shares,
                    definition.targets().stream()
                        .map(TargetDefinition::name)
                        .collect(Collectors.toSet()),
                    pipeline.gates(),
                    clock),
                codec(entries, reads),
                caughtUp,
                events));
  }

  static boolean dedupes(PipelineDefinition definition) {
    return definition.sources().stream().anyMatch(source -> source.dedupe().isPresent());
  }

  static SourceReader reader(
      SourceDefinition source,
      CompiledPipeline pipeline,
      Registry registry,
      TableAccess tables,
      Map<String, TableClock> clocks) {
    RowInHand inHand = new RowInHand();
    List<SourceReader.Branch> branches = new ArrayList<>();
    Set<String> versioned = new TreeSet<>();
    List<Query.Branch> all = pipeline.query().branches();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).source().equals(source.name())) {
        versioned.addAll(all.get(i).versioned());
        branches.add(
            new SourceReader.Branch(
                i,
                all.get(i).input(),
                all.get(i).operator(inHand),
                all.get(i).expansion(tables, inHand)));
      }
    }
    Optional<Duration> maxJump =
        source.origin() instanceof Origin.Topic topic ? topic.maxJump() : Optional.empty();
    return new SourceReader(
        source.origin() instanceof Origin.Extracted,
        decoder(source.origin(), source.schema(), registry),
        eventTimes(source.eventTime(), source.schema()),
        pipeline.rules(source.name(), inHand),
        branches,
        maxJump,
        source.origin() instanceof Origin.Topic topic
            ? topic.onIncompatible()
            : Origin.OnIncompatible.REJECT,
        versioned.stream().map(clocks::get).toList(),
        source.dedupe().map(dedupe -> SeenRecords.Rule.of(dedupe, source.schema())),
        inHand);
  }

  static SourceReader.EventTimes eventTimes(EventTime eventTime, Schema schema) {
    if (eventTime.isRecordTimestamp()) {
      return (row, recordTime) -> recordTime;
    }
    EventTimeReader reader = new EventTimeReader(eventTime, schema);
    return (row, recordTime) -> reader.epochMillis(row);
  }

  static ChangeDecoder decoder(Origin origin, Schema schema, Registry registry) {
    Origin.Format format =
        origin instanceof Origin.Topic topic ? topic.format() : Origin.Format.AVRO;
    return switch (format) {
      case AVRO -> ChangeDecoder.ofRows(new AvroRowDecoder(schema, registry));
      case JSON -> ChangeDecoder.ofRows(new JsonTopicDecoder(schema));
      case CSV -> ChangeDecoder.ofRows(new CsvRowDecoder(schema));
      case STRING -> ChangeDecoder.ofRows(new StringRowDecoder(schema));
      case PROTOBUF -> ChangeDecoder.ofRows(new ProtobufRowDecoder(schema, registry));
      case DEBEZIUM -> new DebeziumDecoder(schema, registry);
      case PARQUET -> throw new IllegalArgumentException("no topic has Parquet");
    };
  }

  static Owner.Codec codec(LedgerCodec codec, PartitionReadCodec reads) {
    return new Owner.Codec() {
      @Override
      public byte[] encode(PartitionRead count) {
        return reads.encode(count);
      }

      @Override
      public PartitionRead decodeRead(byte[] bytes) {
        try {
          return reads.decode(bytes);
        } catch (DecodeException e) {
          throw new IllegalStateException("a count can not be read: " + e.getMessage(), e);
        }
      }

      @Override
      public byte[] encode(LedgerEntry entry) {
        return codec.encode(entry);
      }

      @Override
      public LedgerEntry decode(byte[] bytes) {
        try {
          return codec.decode(bytes);
        } catch (DecodeException e) {
          throw new IllegalStateException("a ledger entry can not be read: " + e.getMessage(), e);
        }
      }
    };
  }

  static PipelineTopology.OwnerAcks acks(Registry registry, Topics topics) {
    AckCodec codec = AckCodec.register(registry, Schemas.valueSubject(topics.acks()));
    return bytes -> {
      try {
        return new Owner.Incoming.FromLoader(codec.decode(bytes));
      } catch (DecodeException e) {
        throw new IllegalStateException("an ack can not be read: " + e.getMessage(), e);
      }
    };
  }
}
