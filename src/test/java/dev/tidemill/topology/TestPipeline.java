package dev.tidemill.topology;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.query.LedgerView;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.Reject;
import dev.tidemill.schema.RejectCodec;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.sql.CompiledPipeline;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A pipeline of its own for one test: writes its log, starts and stops it, reads what it did. */
final class TestPipeline implements AutoCloseable {

  /** A committed row of the results topic; an end mark has none. */
  record Result(int share, Instant batch, int attempt, Optional<List<Object>> row) {}

  private final Cluster cluster;
  private final String name;
  private final CompiledPipeline pipeline;
  private final Topics topics;
  private final String source;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RowEncoder encoder;
  private final List<Instance> instances = new CopyOnWriteArrayList<>();
  private Optional<LedgerView> view = Optional.empty();
  private final AtomicReference<Exception> notSent = new AtomicReference<>();
  private final Events events = Events.unheard();
  private long written;

  TestPipeline(Cluster cluster, Spec spec) {
    this(cluster, spec.compile(cluster.newPipeline()));
    TestClients.createTopic(cluster.brokers(), source, spec.partitions());
  }

  /** Of any definition; the test makes its topics. */
  TestPipeline(Cluster cluster, CompiledPipeline pipeline) {
    this.cluster = cluster;
    this.name = pipeline.definition().name();
    this.pipeline = pipeline;
    this.topics = pipeline.definition().topics();
    this.source = Spec.topic(name);
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.brokers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.encoder =
        RowEncoder.register(cluster.registry(), Schemas.valueSubject(source), Event.SCHEMA);
  }

  private TestPipeline(TestPipeline same, Spec spec) {
    this.cluster = same.cluster;
    this.name = same.name;
    this.pipeline = spec.compile(name);
    this.topics = same.topics;
    this.source = same.source;
    this.producer = same.producer;
    this.encoder = same.encoder;
  }

  /** The same pipeline, as it is after a change of its definition; over the same log. */
  TestPipeline with(Spec changed) {
    return new TestPipeline(this, changed);
  }

  String name() {
    return name;
  }

  String source() {
    return source;
  }

  Topics topics() {
    return topics;
  }

  /** Of all of its processes. */
  Events events() {
    return events;
  }

  CompiledPipeline compiled() {
    return pipeline;
  }

  // --- the log

  /** Appends records to one partition, in their order. */
  void write(int partition, Event... events) {
    for (Event event : events) {
      send(new ProducerRecord<>(source, partition, null, bytes(event)));
    }
    flush();
  }

  /** From now on, and whatever producers say. */
  void letTheBrokerSetTimestamps() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, source);
    AlterConfigOp set =
        new AlterConfigOp(
            new ConfigEntry("message.timestamp.type", "LogAppendTime"), AlterConfigOp.OpType.SET);
    TestClients.get(cluster.admin().incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
  }

  /** A producer such as an extractor has. */
  static KafkaProducer<byte[], byte[]> transactional(Cluster cluster, String pipeline) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            cluster.brokers(),
            "transactional.id",
            pipeline + "-extractor",
            "transaction.timeout.ms",
            "600000"), // longer than any test
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  byte[] bytes(Event event) {
    return encoder.encode(event.row());
  }

  /** Appends anything; {@link #flush} waits until it is there. */
  void send(ProducerRecord<byte[], byte[]> record) {
    producer.send(record, this::sent);
    written++;
  }

  private void sent(RecordMetadata place, Exception failure) {
    if (failure != null) {
      notSent.compareAndSet(null, failure);
    }
  }

  /** Appends to another topic than its log. */
  void sendElsewhere(ProducerRecord<byte[], byte[]> record) {
    producer.send(record, this::sent);
    flush();
  }

  /** Until everything that was sent is in the log; what could not be sent fails the test. */
  void flush() {
    producer.flush();
    Exception failure = notSent.get();
    if (failure != null) {
      throw new AssertionError("the test could not write its log", failure);
    }
  }

  /** How many records the log has, of this test. */
  long written() {
    return written;
  }

  /** Counts what another producer of the test has written. */
  void alsoWritten(long records) {
    written += records;
  }

  // --- its processes

  Instance start() {
    return start("a", Clock.systemUTC(), PipelineStreams.Seams.NONE);
  }

  /**
   * @param instance has stores of its own
   */
  Instance start(String instance) {
    return start(instance, Clock.systemUTC(), PipelineStreams.Seams.NONE);
  }

  Instance start(Clock clock) {
    return start("a", clock, PipelineStreams.Seams.NONE);
  }

  Instance start(String instance, Clock clock, PipelineStreams.Seams seams) {
    return start(instance, clock, seams, cluster.registry());
  }

  Instance start(String instance, Clock clock, PipelineStreams.Seams seams, Registry registry) {
    flush();
    return started(
        new Instance(pipeline, registry, cluster.settings(name, instance), clock, seams, events));
  }

  Instance startWithStandbys(String instance, int standbys) {
    return start(cluster.settings(name, instance, standbys));
  }

  /**
   * @param stateMemory bytes
   */
  Instance startWithMemory(String instance, long stateMemory) {
    return start(cluster.settings(name, instance, 0, stateMemory));
  }

  private Instance start(ServerSettings settings) {
    flush();
    return started(
        new Instance(
            pipeline,
            cluster.registry(),
            settings,
            Clock.systemUTC(),
            PipelineStreams.Seams.NONE,
            events));
  }

  private Instance started(Instance instance) {
    instances.add(instance);
    return instance;
  }

  Path folder() {
    return cluster.folder(name);
  }

  // --- what it did

  /** The latest attempts, once they are as wanted. */
  List<LedgerEntry> await(String what, Predicate<List<LedgerEntry>> wanted) {
    flush();
    Await.until(what, () -> wanted.test(entries()), this::describe);
    return entries();
  }

  /** Until every record of the log is accounted for, and every batch is published. */
  List<LedgerEntry> awaitPublished() {
    BatchState end =
        pipeline.definition().targets().isEmpty() ? BatchState.READY : BatchState.LOADED;
    return await(
        "all of " + written + " records are accounted for, all batches are " + end,
        entries ->
            view().accountedFor() == written
                && !entries.isEmpty()
                && entries.stream().allMatch(e -> e.state() == end));
  }

  /** Until every record of the log is accounted for, whatever its batch does. */
  List<LedgerEntry> awaitAccounted() {
    return await(written + " records are accounted for", e -> view().accountedFor() == written);
  }

  LedgerEntry awaitState(String batchStart, BatchState state) {
    Instant start = Instant.parse(batchStart + "Z");
    return await(
            batchStart + " is " + state,
            entries ->
                entries.stream()
                    .anyMatch(e -> e.batch().start().equals(start) && e.state() == state))
        .stream()
        .filter(entry -> entry.batch().start().equals(start))
        .findFirst()
        .orElseThrow();
  }

  /** The latest attempt of every batch, as committed now. */
  List<LedgerEntry> entries() {
    view().poll(Duration.ofMillis(20));
    return List.copyOf(view().entries());
  }

  LedgerView view() {
    if (view.isEmpty()) {
      view =
          Optional.of(new LedgerView(topics, cluster.registry(), cluster.settings(name, "view")));
    }
    return view.get();
  }

  private String describe() {
    StringBuilder text = new StringBuilder().append(view().reads());
    entries().forEach(entry -> text.append("\n  ").append(entry));
    return text.toString();
  }

  List<Reject> rejects() {
    RejectCodec codec =
        RejectCodec.register(cluster.registry(), Schemas.valueSubject(topics.rejects()));
    return TestClients.committed(cluster.brokers(), topics.rejects()).stream()
        .map(record -> decode(() -> codec.decode(record.value())))
        .toList();
  }

  /** Every committed row and end mark, in the order of each share. */
  List<Result> results() {
    AvroRowDecoder rows = new AvroRowDecoder(pipeline.query().resultSchema(), cluster.registry());
    List<Result> results = new ArrayList<>();
    for (var record : TestClients.committed(cluster.brokers(), topics.results())) {
      boolean end = record.headers().lastHeader(Headers.END_OF_SHARE) != null;
      results.add(
          new Result(
              record.partition(),
              Instant.ofEpochMilli(header(record, Headers.BATCH).getLong()),
              header(record, Headers.ATTEMPT).getInt(),
              end
                  ? Optional.empty()
                  : Optional.of(Arrays.asList(decode(() -> rows.decode(record.value()))))));
    }
    return results;
  }

  /** Batch by batch, the rows that a target publishes for the latest attempt, sorted. */
  SortedMap<Instant, List<String>> content() {
    List<Result> results = results();
    SortedMap<Instant, List<String>> content = new TreeMap<>();
    for (LedgerEntry entry : entries()) {
      content.put(
          entry.batch().start(),
          results.stream()
              .filter(result -> result.batch().equals(entry.batch().start()))
              .filter(r -> r.attempt() == entry.shares().get(r.share()).attempt())
              .flatMap(result -> result.row().stream())
              .map(List::toString)
              .sorted()
              .toList());
    }
    return content;
  }

  /** The rows of one batch's latest attempt, sorted. */
  List<String> rows(String batchStart) {
    return content().getOrDefault(Instant.parse(batchStart + "Z"), List.of("no such batch"));
  }

  /** What intake has sent to the shares, as far as Streams has not deleted it yet. */
  List<ConsumerRecord<byte[], byte[]>> shuffle() {
    return TestClients.committed(cluster.brokers(), topics.shuffle());
  }

  static ShuffleMessage message(ConsumerRecord<byte[], byte[]> record) {
    return MessageSerdes.shuffle().deserializer().deserialize("", record.value());
  }

  private static ByteBuffer header(ConsumerRecord<byte[], byte[]> record, String header) {
    return ByteBuffer.wrap(record.headers().lastHeader(header).value());
  }

  private interface Decoding<T> {
    T decode() throws DecodeException;
  }

  private static <T> T decode(Decoding<T> decoding) {
    try {
      return decoding.decode();
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    instances.forEach(Instance::close);
    view.ifPresent(LedgerView::close);
    producer.close();
    events.close();
  }
}
