package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.Await;
import dev.tidemill.definition.Database;
import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Overlap;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.Selection;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A table and the topic that its rows are extracted to. */
final class JdbcTrial {
  private final String brokers;
  private final Topics topics;
  private final String url;
  private final Events events = Events.unheard();
  private Schema schema;
  private String text = "orders";
  private boolean isQuery;
  private List<String> primaryKey = List.of();
  private List<String> cursor = List.of();
  private Optional<Overlap> overlap = Optional.empty();
  private Optional<Duration> poll = Optional.empty();
  private Optional<ScheduleDefinition> schedule = Optional.empty();
  private boolean again;
  private Optional<String> tableKey = Optional.empty();
  private Optional<Timing> timing = Optional.empty();
  private Optional<Path> driver = Optional.empty();
  private Duration timeout = Database.DEFAULT_TIMEOUT;
  private int fetchSize = 4;
  private int rowsATransaction = 3;

  JdbcTrial(String brokers, String name, String url, Schema schema) {
    this.brokers = brokers;
    this.topics = new Topics(name);
    this.url = url;
    this.schema = schema;
  }

  JdbcTrial table(String name) {
    this.text = name;
    return this;
  }

  JdbcTrial query(String sql, String... key) {
    this.text = sql;
    this.isQuery = true;
    this.primaryKey = List.of(key);
    return this;
  }

  JdbcTrial primaryKey(String... columns) {
    this.primaryKey = List.of(columns);
    return this;
  }

  JdbcTrial cursor(String... columns) {
    this.cursor = List.of(columns);
    return this;
  }

  JdbcTrial overlap(Duration time) {
    this.overlap = Optional.of(new Overlap(time, 0));
    return this;
  }

  JdbcTrial overlap(long count) {
    this.overlap = Optional.of(new Overlap(Duration.ZERO, count));
    return this;
  }

  JdbcTrial poll(Duration interval) {
    this.poll = Optional.of(interval);
    return this;
  }

  Events events() {
    return events;
  }

  /** Each run reads all of it. */
  JdbcTrial again() {
    this.again = true;
    return this;
  }

  /** A table of the pipeline. */
  JdbcTrial asTable(String key) {
    this.tableKey = Optional.of(key);
    return this;
  }

  JdbcTrial schedule(ScheduleDefinition when) {
    this.schedule = Optional.of(when);
    return this;
  }

  /** Unless it is set, each extractor is a process of its own. */
  JdbcTrial timing(Timing ofTheProcess) {
    this.timing = Optional.of(ofTheProcess);
    return this;
  }

  JdbcTrial timeout(Duration ofAStatement) {
    this.timeout = ofAStatement;
    return this;
  }

  JdbcTrial driver(Path jar) {
    this.driver = Optional.of(jar);
    return this;
  }

  JdbcTrial fetchSize(int rows) {
    this.fetchSize = rows;
    return this;
  }

  JdbcTrial rowsATransaction(int rows) {
    this.rowsATransaction = rows;
    return this;
  }

  /** With the schema that its columns suggest. */
  JdbcTrial inferred() {
    this.schema = InferredSchema.of("orders", origin());
    return this;
  }

  JdbcTrial schema(Schema other) {
    this.schema = other;
    return this;
  }

  Schema schema() {
    return schema;
  }

  private Origin.Jdbc origin() {
    Origin.Jdbc origin =
        new Origin.Jdbc(
            new Database(url, Optional.empty(), Optional.empty(), driver, fetchSize, timeout),
            new Selection(text, isQuery, primaryKey, cursor, overlap),
            new Publishing(2, Optional.empty(), Optional.empty(), Optional.empty(), schedule),
            poll);
    return again
        ? new Origin.Jdbc(
            origin.database(), origin.selection(), origin.publishing(), origin.poll(), true)
        : origin;
  }

  Extractor extractor() {
    RelationDefinition source = tableKey.isPresent() ? table() : stream();
    return new Extractor(
        new Extraction(topics, List.of(), server(), new OneSchema(schema), events),
        source,
        Tuning.usual()
            .withLimit(new Transaction.Limit(rowsATransaction, Duration.ofMinutes(1)))
            .withTiming(timing.orElseGet(() -> Timing.startingNow(Clock.systemUTC()))));
  }

  private SourceDefinition stream() {
    return new SourceDefinition(
        "orders",
        origin(),
        schema,
        Optional.empty(),
        new EventTime("id", Optional.empty(), ZoneOffset.UTC),
        Map.of());
  }

  private TableDefinition table() {
    return new TableDefinition(
        "orders",
        origin(),
        schema,
        tableKey.orElseThrow(),
        Optional.empty(),
        Duration.ofSeconds(30),
        false,
        true);
  }

  private ServerSettings server() {
    return new ServerSettings(
        brokers, URI.create("http://unused"), Path.of("unused"), Map.of(), (short) 1);
  }

  /** Reads to the end, once. */
  JdbcTrial run() {
    again = origin().again();
    poll = Optional.empty();
    schedule = Optional.empty();
    try (Extractor extractor = extractor()) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return this;
  }

  static void awaitRows(Extractor extractor, long rows) {
    Await.until(
        rows + " rows",
        Duration.ofSeconds(60),
        () -> extractor.progress().rows() >= rows || extractor.failure().isPresent());
    assertThat(extractor.failure()).isEmpty();
  }

  JdbcTrial sql(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  Connection connect() {
    try {
      return connect(url);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static Connection connect(String url) throws SQLException {
    for (Driver driver : ServiceLoader.load(Driver.class, JdbcTrial.class.getClassLoader())) {
      Connection connection = driver.connect(url, new Properties());
      if (connection != null) {
        return connection;
      }
    }
    throw new SQLException("no driver for " + url);
  }

  List<ConsumerRecord<byte[], byte[]>> records() {
    return TestClients.settled(brokers, topic()).stream()
        .filter(record -> header(record, Headers.PUBLISHED).isEmpty())
        .toList();
  }

  String topic() {
    return topics.source("orders");
  }

  /** What was published. */
  List<Object[]> rows() {
    AvroRowDecoder decoder = new AvroRowDecoder(schema, new OneSchema(schema));
    return records().stream()
        .map(
            record -> {
              assertThat(header(record, Headers.UNREADABLE)).isEmpty();
              try {
                return decoder.decode(record.value());
              } catch (DecodeException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  /** The values of the first column, sorted. */
  List<Object> firsts() {
    return rows().stream().map(row -> row[0]).sorted().toList();
  }

  /** The names of what is remembered. */
  Set<String> positions() {
    return new PositionTopic(topics.positions(), "orders").read(server()).entries().keySet();
  }

  /** Of the schedule, those that are done. */
  long runsDone() {
    return runs(ScheduledRun.Outcome.DONE);
  }

  /** Of the schedule. */
  long runs(ScheduledRun.Outcome outcome) {
    Positions positions = new PositionTopic(topics.positions(), "orders").read(server());
    return SourceSchedule.of("orders", positions.notes()).stream()
        .flatMap(known -> known.runs().stream())
        .filter(run -> run.outcome() == outcome)
        .count();
  }

  private static String last(Object[] row) {
    return String.valueOf(row[row.length - 1]);
  }

  /** What a table holds after all: the last column, by the key. */
  Map<String, String> contents() {
    AvroRowDecoder decoder = new AvroRowDecoder(schema, new OneSchema(schema));
    Map<String, String> contents = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records()) {
      if (record.key() == null) {
        continue;
      }
      String key = new String(record.key(), UTF_8);
      try {
        if (record.value() == null) {
          contents.remove(key);
        } else {
          contents.put(key, last(decoder.decode(record.value())));
        }
      } catch (DecodeException e) {
        throw new AssertionError(e);
      }
    }
    return contents;
  }

  /** How often each partition was told to be at its end. */
  long ends() {
    return TestClients.settled(brokers, topic()).stream()
            .filter(record -> header(record, Headers.END_OF_INPUT).isPresent())
            .count()
        / 2;
  }

  /** In the order of their keys, each reading for itself. */
  List<String> sortedIds() {
    return ids().stream().sorted().toList();
  }

  List<String> ids() {
    return records().stream().map(record -> header(record, Headers.ID).orElseThrow()).toList();
  }

  static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), UTF_8));
  }
}
