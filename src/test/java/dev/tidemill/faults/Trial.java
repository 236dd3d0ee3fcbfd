package dev.tidemill.faults;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.CrashPoint;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.Release;
import dev.tidemill.cli.Await;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.cli.Tidemill;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.load.PostgresServer;
import dev.tidemill.load.Releases;
import dev.tidemill.query.LedgerView;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.topology.Event;
import dev.tidemill.topology.RandomLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One pipeline's life: a log that is written bit by bit, the processes that work on it, and the
 * check of everything at the end. Its random decisions come from its seed alone.
 */
final class Trial implements AutoCloseable {
  static final int PARTITIONS = 4;

  /** A password that must be found nowhere. */
  static final String CANARY = "canary-7f3a";

  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** What is done to the pipeline. */
  interface Body {
    void run(Trial trial) throws Exception;
  }

  private final String experiment;
  private final Setting setting;
  private final long seed;
  private final Random random;
  private final Path folder;
  private final String name;
  private final Topics topics;
  private final RandomLog log;
  private final String database;
  private final ConfluentRegistry registry;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RowEncoder encoder;
  private final Admin admin;
  private final Watch watch;
  private final Map<String, ForkedTidemill> applications = new LinkedHashMap<>();
  private final List<String> said = new ArrayList<>();
  private final Map<String, Integer> fired = new LinkedHashMap<>();
  private final List<String> targets = new ArrayList<>();
  private Optional<LedgerView> view = Optional.empty();
  private int written;
  private Instant tablesUntil = Instant.EPOCH;
  private boolean supervised;

  private Trial(String experiment, Setting setting) {
    this.experiment = experiment;
    this.setting = setting;
    this.seed = Programme.seed(experiment);
    this.random = new Random(seed);
    this.name = "faults-" + NAMES.incrementAndGet();
    this.topics = new Topics(name);
    this.folder = folder(experiment);
    this.log =
        new RandomLog(seed, setting.records(), PARTITIONS, setting.pace()).late(setting.late());
    this.database = PostgresServer.newSchema() + "&password=" + CANARY;
    TestClients.createTopic(setting.brokers(), source(), PARTITIONS);
    this.registry = new ConfluentRegistry(setting.registry());
    this.encoder = RowEncoder.register(registry, Schemas.valueSubject(source()), Event.SCHEMA);
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                setting.brokers(),
                // One at a time: a broker that does not lead the new partition yet may refuse the
                // first batch and take the second one, and then the first one is out of order.
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.admin = Admin.create(Map.of("bootstrap.servers", setting.brokers()));
    this.watch = new Watch(database, setting.job().results());
    for (TableLog table : setting.job().tables()) {
      createTopic(table);
      append(table, table.first());
    }
    writeDefinition();
  }

  /** Runs an experiment, checks every invariant, and tells what it took. */
  static void run(String experiment, Setting setting, Body body) {
    long began = System.nanoTime();
    try (Trial trial = new Trial(experiment, setting)) {
      try {
        body.run(trial);
        trial.finish();
        System.out.printf(
            "%s (%s): %s; %d records, %d batches in %d attempts, %d seen early; %.1f s%n",
            experiment,
            Programme.seed(),
            trial.fired,
            trial.log.entries().size(),
            trial.watch.batches(),
            trial.watch.attempts(),
            trial.watch.early(),
            (System.nanoTime() - began) / 1e9);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "%s, %s: %s\nFaults so far: %s. What the processes said is in %s"
                .formatted(experiment, Programme.seed(), e.getMessage(), trial.fired, trial.folder),
            e);
      }
    }
  }

  private static Path folder(String experiment) {
    Path folder = Path.of("target", "faults", experiment).toAbsolutePath();
    delete(folder);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeDefinition() {
    Job job = setting.job();
    write("event.avsc", Event.SCHEMA.toString());
    write(
        "pipeline.yaml",
        """
        pipeline: %s
        batch: {every: "@hourly", grace: %dm, idle-after: 1s, late: %s, keep: %s%s}
        sources:
          events:
            topic: {name: %s, format: avro, trust-timestamps: true}
            schema: event.avsc
            event-time: at%s
            expect: {known: "%s"}
        """
                .formatted(
                    name,
                    RandomLog.GRACE.toMinutes(),
                    late(),
                    setting.keep(),
                    job.batch().isEmpty() ? "" : ", " + job.batch(),
                    source(),
                    job.isKeyed() ? "\n    key: k" : "",
                    RandomLog.RULE)
            + job.tables().stream().map(this::yaml).collect(Collectors.joining())
            + job.yaml(setting.database().apply(database)));
  }

  private String yaml(TableLog table) {
    return "  %s: {topic: {name: %s, format: avro}, schema: event.avsc, %s}\n"
        .formatted(table.name(), topic(table), table.yaml());
  }

  private String topic(TableLog table) {
    return name + "-" + table.name();
  }

  /** Its records have the times of the log: a broker must not think that they are old. */
  private void createTopic(TableLog table) {
    NewTopic topic = new NewTopic(topic(table), table.partitions(), (short) 1);
    topic.configs(Map.of("retention.ms", "-1"));
    TestClients.get(admin.createTopics(List.of(topic)).all());
    RowEncoder.register(registry, Schemas.valueSubject(topic.name()), Event.SCHEMA);
  }

  /** Gathered for so short a time that batches are amended again and again. */
  private String late() {
    return switch (setting.late()) {
      case REJECT -> "reject";
      case AMEND -> "amend, amend-after: 2s";
      case CARRY -> "carry";
    };
  }

  private Path write(String file, String content) {
    try {
      return Files.writeString(folder.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- what it is

  Random random() {
    return random;
  }

  Topics topics() {
    return topics;
  }

  String source() {
    return name + "-events";
  }

  RandomLog log() {
    return log;
  }

  Admin admin() {
    return admin;
  }

  ConfluentRegistry registry() {
    return registry;
  }

  Setting setting() {
    return setting;
  }

  Watch watch() {
    return watch;
  }

  /** URL that leads to the database, whatever is between it and the application. */
  String database() {
    return database;
  }

  /** Everything that all processes have said. */
  List<String> said() {
    return said;
  }

  /** How often each fault has really happened. */
  Map<String, Integer> fired() {
    return fired;
  }

  void fired(String fault) {
    fired(fault, 1);
  }

  void fired(String fault, int times) {
    fired.merge(fault, times, Integer::sum);
  }

  // --- the log

  /** Appends the next records. */
  void append(int records) {
    int until = Math.min(written + records, log.entries().size());
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (RandomLog.Entry entry : log.entries().subList(written, until)) {
      byte[] value = entry.bytes(event -> encoder.encode(event.row()));
      sent.add(producer.send(new ProducerRecord<>(source(), entry.partition(), null, value)));
    }
    producer.flush();
    sent.forEach(TestClients::get);
    written = until;
  }

  /** What tables have to say of the time of the records that are there. */
  void appendToTables() {
    Instant now =
        log.entries().subList(0, written).stream()
            .flatMap(entry -> entry.event().stream())
            .map(Event::at)
            .max(Instant::compareTo)
            .orElseThrow();
    for (TableLog table : setting.job().tables()) {
      append(table, table.between(tablesUntil, now));
    }
    tablesUntil = now;
  }

  private void append(TableLog table, List<TableLog.Entry> entries) {
    for (TableLog.Entry entry : entries) {
      producer.send(
          new ProducerRecord<>(
              topic(table),
              entry.partition(),
              entry.written().toEpochMilli(),
              entry.key().getBytes(StandardCharsets.UTF_8),
              entry.row().map(event -> encoder.encode(event.row())).orElse(null)));
    }
    producer.flush();
  }

  /** Whether all records have been read, even if they wait. */
  boolean isRead() {
    var read =
        TestClients.get(
            admin.listConsumerGroupOffsets(topics.applicationId()).partitionsToOffsetAndMetadata());
    return IntStream.range(0, PARTITIONS)
        .allMatch(
            p ->
                log.entries().subList(0, written).stream().filter(e -> e.partition() == p).count()
                    == Optional.ofNullable(read.get(new TopicPartition(source(), p)))
                        .map(OffsetAndMetadata::offset)
                        .orElse(0L));
  }

  void appendRest() {
    append(log.entries().size());
  }

  int written() {
    return written;
  }

  // --- its processes

  /**
   * @param instance has stores of its own
   */
  ForkedTidemill start(String instance) {
    return start(instance, List.of());
  }

  /** A process in which a crash point strikes, the n-th time it is reached. */
  ForkedTidemill start(String instance, CrashPoint point, int n) {
    return start(instance, List.of("-D" + CrashPoint.PROPERTY + "=" + point + ":" + n));
  }

  /** As a person starts it who has seen why it pauses. */
  ForkedTidemill startIgnoringMaxRejects(String instance) {
    return start(instance, List.of(), "--ignore-max-rejects");
  }

  ForkedTidemill start(String instance, List<String> moreOptions, String... moreArguments) {
    // State in the temporary folder is refused, and the project itself may have been checked out
    // there.
    List<String> javaOptions = new ArrayList<>(moreOptions);
    javaOptions.add("-Djava.io.tmpdir=" + temporary());
    Path server =
        write(
            "server-" + instance + ".yaml",
            "brokers: %s\nregistry: %s\nstate-dir: state-%s\nreplication-factor: 1\n"
                .formatted(setting.brokers(), setting.registry(), instance));
    List<Object> arguments =
        new ArrayList<>(List.of("run", folder.resolve("pipeline.yaml"), "--config", server));
    arguments.addAll(List.of(moreArguments));
    ForkedTidemill started = ForkedTidemill.start(javaOptions, arguments.toArray());
    applications.put(instance, started);
    return started;
  }

  private Path temporary() {
    try {
      return Files.createDirectories(folder.resolve("tmp"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A process that waits for some seconds when it reaches a point the n-th time. It says so, so
   * that it can be stopped right there.
   */
  ForkedTidemill startHeldAt(String instance, CrashPoint point, int n) {
    return start(instance, List.of("-D" + CrashPoint.PROPERTY + "=" + point + ":" + n + ":hold"));
  }

  /** SIGSTOP: it stands still, and its connections stay. */
  void freeze(String instance) {
    applications.get(instance).signal("STOP");
    fired("SIGSTOP");
  }

  /** SIGCONT. */
  void thaw(String instance) {
    applications.get(instance).signal("CONT");
  }

  /** kill -9 while others live, who have to wait until its sessions are over. */
  void killAmongOthers(String instance) {
    applications.get(instance).kill();
    fired("kill -9");
    ended(instance);
  }

  /** From now on a process that ends since something is missing is started again. */
  void supervise() {
    supervised = true;
  }

  private void restartEnded() {
    for (String instance : List.copyOf(applications.keySet())) {
      ForkedTidemill application = applications.get(instance);
      if (!application.isAlive()) {
        Tidemill.Outcome outcome = application.awaitEnd();
        if (outcome.exitCode() != 3) {
          throw new AssertionError(
              instance + " ended with " + outcome.exitCode() + ":\n" + outcome.err());
        }
        ended(instance);
        fired("restarted by a supervisor");
        start(instance);
      }
    }
  }

  /** kill -9, and what the coordinator does when the sessions of the dead are over. */
  void kill(String instance) {
    ForkedTidemill application = applications.get(instance);
    application.kill();
    fired("kill -9");
    ended(instance);
    Departed.sendAway(admin, topics.applicationId());
  }

  /** It has ended by itself, as its crash point says. */
  void awaitCrash(String instance, CrashPoint point) {
    Tidemill.Outcome outcome = applications.get(instance).awaitEnd();
    if (outcome.exitCode() != CrashPoint.EXIT_CODE) {
      throw new AssertionError(
          "did not crash at %s but ended with %d: %s"
              .formatted(point, outcome.exitCode(), outcome.err()));
    }
    fired(point.toString());
    ended(instance);
    Departed.sendAway(admin, topics.applicationId());
  }

  /** SIGTERM; it says goodbye. */
  void stop(String instance) {
    ForkedTidemill application = applications.get(instance);
    application.terminate();
    Tidemill.Outcome outcome = application.awaitEnd();
    if (outcome.exitCode() != 143) {
      throw new AssertionError(
          instance + " ended with " + outcome.exitCode() + ":\n" + outcome.err());
    }
    ended(instance);
  }

  private void ended(String instance) {
    ForkedTidemill ended = applications.remove(instance);
    said.add(ended.err());
    write("%02d-%s.err".formatted(said.size(), instance), ended.err());
  }

  /** How many members a consumer group of the pipeline has. */
  int members(String group) {
    var described = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group);
    try {
      return described.get().members().size();
    } catch (java.util.concurrent.ExecutionException e) {
      return 0; // nobody has joined yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * The disk of an instance that has ended is gone. Its transactions can not be taken up by a
   * successor under the same name, so they end as the coordinator ends them after 60 s.
   */
  void loseStateOf(String instance) {
    delete(folder.resolve("state-" + instance));
    Departed.endTransactions(admin, topics.applicationId());
    fired("state lost");
  }

  // --- what it has done so far

  /** The latest attempt of every batch, as committed now. */
  List<LedgerEntry> entries() {
    LedgerView ledger = view();
    ledger.poll(Duration.ofMillis(20));
    return List.copyOf(ledger.entries());
  }

  LedgerView view() {
    if (view.isEmpty()) {
      await(
          "the ledger is there",
          () -> TestClients.get(admin.listTopics().names()).contains(topics.ledger()));
      view = Optional.of(new LedgerView(topics, registry, settings()));
    }
    return view.get();
  }

  private ServerSettings settings() {
    return new ServerSettings(setting.brokers(), setting.registry(), folder, Map.of(), (short) 1);
  }

  /** A person lets a batch go that is in quarantine, whether or not the pipeline runs. */
  void release(LedgerEntry entry) {
    Release release = new Release("somebody", entry.updatedAt(), "looked at");
    Ack ack = Ack.released(entry.batch().start(), entry.attempt(), release);
    Releases.send(ack, topics, settings(), registry);
  }

  void await(String what, BooleanSupplier condition) {
    Await.until(
        what,
        PATIENCE,
        () -> {
          if (supervised) {
            restartEnded();
          }
          applications.forEach(
              (instance, application) -> {
                if (!application.isAlive()) {
                  throw new AssertionError(instance + " ended before " + what);
                }
              });
          return condition.getAsBoolean();
        });
  }

  void awaitLedger(String what, Predicate<List<LedgerEntry>> wanted) {
    try {
      await(what, () -> wanted.test(entries()));
    } catch (AssertionError e) {
      StringBuilder state = new StringBuilder(e.getMessage()).append("; the ledger says:");
      view().reads().forEach(read -> state.append("\n  ").append(read));
      entries().stream()
          .filter(entry -> entry.state() != dev.tidemill.batch.BatchState.LOADED)
          .forEach(entry -> state.append("\n  ").append(entry));
      throw new Violation("I5 liveness", state.toString());
    }
  }

  /** Everything that was written is in a book. */
  boolean isAccounted() {
    entries();
    return view().accountedFor() == written;
  }

  /** Everything that was written is accounted for, and every batch is loaded. */
  void awaitLoaded() {
    awaitLedger(
        "all of " + written + " records are accounted for and every batch is loaded",
        entries ->
            view().accountedFor() == written
                && !entries.isEmpty()
                && entries.stream()
                    .allMatch(entry -> entry.state() == dev.tidemill.batch.BatchState.LOADED));
  }

  private void finish() {
    appendRest();
    appendToTables();
    awaitLoaded();
    List.copyOf(applications.keySet()).forEach(this::stop);
    watch.close();
    new Invariants(this).check();
  }

  @Override
  public void close() {
    watch.close();
    List.copyOf(applications.keySet())
        .forEach(
            instance -> {
              applications.get(instance).kill();
              ended(instance);
            });
    view.ifPresent(LedgerView::close);
    producer.close(Duration.ZERO);
    try {
      registry.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    admin.close(Duration.ZERO);
  }
}
