package dev.tidemill.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A folder as a user has it: a pipeline, its schema, its data, its warehouse. */
final class Project {
  static final String TABLE = "departures";
  static final String HEADER = "date,delay,distance,origin,destination\n";
  static final String PER_ORIGIN =
      """
      SELECT origin, COUNT(*) AS departures, AVG(delay) AS avg_delay,
             MAX(delay) AS worst_delay, SUM(distance) AS miles
      FROM flights
      GROUP BY origin
      """;

  private static final String SCHEMA =
      """
      {"type": "record", "name": "Flight", "namespace": "test", "fields": [
        {"name": "date", "type": "string"},
        {"name": "delay", "type": "int"},
        {"name": "distance", "type": "int"},
        {"name": "origin", "type": "string"},
        {"name": "destination", "type": "string"}]}
      """;

  private static final String AIRPORT =
      """
      {"type": "record", "name": "Airport", "namespace": "test", "fields": [
        {"name": "iata", "type": "string"},
        {"name": "name", "type": "string"},
        {"name": "city", "type": ["null", "string"], "default": null},
        {"name": "state", "type": ["null", "string"], "default": null},
        {"name": "latitude", "type": "double"}]}
      """;

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Path folder;
  private final List<String> targets = new ArrayList<>();
  private String name = "flights-per-origin";
  private String origin = "file: {path: \"data/*.csv\", format: csv}";
  private String sql = PER_ORIGIN;
  private String rules = "";
  private String gates = "";
  private String functions = "";
  private String idleAfter = "30s";
  private String otherSources = "";
  private String late = "reject";
  private String timezone = "America/New_York";
  private String every = "\"@daily\"";
  private String time =
      "event-time: {field: date, format: \"yyyy/MM/dd HH:mm\", timezone: America/New_York}";

  private Project(Path folder) {
    this.folder = folder;
  }

  static Project in(Path folder) {
    return new Project(folder);
  }

  /** A name that no other test has, for a broker that is shared. */
  Project withOwnName() {
    return named("test-" + NAMES.incrementAndGet());
  }

  String name() {
    return name;
  }

  Project named(String pipeline) {
    this.name = pipeline;
    return this;
  }

  /**
   * @param yaml {@code file:} or {@code topic:}
   */
  Project from(String yaml) {
    this.origin = yaml;
    return this;
  }

  Project sql(String statement) {
    this.sql = statement;
    return this;
  }

  Project expect(String rule, String expression) {
    this.rules = "    expect: {" + rule + ": \"" + expression + "\"}\n";
    return this;
  }

  /** The airports of the flights, as a table. */
  Project withAirports(String more) {
    try {
      data("lookup/airports.csv", Files.readString(Path.of("examples/flights/data/airports.csv")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write("schemas/airport.avsc", AIRPORT);
    return withSource(
        """
        airports:
          file: {path: data/lookup/airports.csv, format: csv, partitions: 2}
          schema: schemas/airport.avsc
          table: {key: iata%s}
        """
            .formatted(more));
  }

  /**
   * @param yaml of one more source
   */
  Project withSource(String yaml) {
    otherSources += yaml.indent(2);
    return this;
  }

  /**
   * @param yaml of functions by name
   */
  Project functions(String yaml) {
    this.functions = "functions:\n" + yaml.indent(2);
    return this;
  }

  /** One more gate. */
  Project require(String gate, String condition) {
    this.gates += (gates.isEmpty() ? "require:\n" : "") + "  " + gate + ": " + condition + "\n";
    return this;
  }

  /**
   * @param yaml of {@code every}, and keys that go with it
   */
  Project every(String yaml) {
    this.every = yaml;
    return this;
  }

  /** Days of arrival. */
  Project byTheWall() {
    this.time = "";
    return every("\"@daily\"\n  clock: wall");
  }

  /** Batches of so many records of each partition. */
  Project ofRecords(int records) {
    this.time = "";
    this.timezone = "UTC";
    return every(records + " records");
  }

  Project idleAfter(String duration) {
    this.idleAfter = duration;
    return this;
  }

  /**
   * @param yaml the value of {@code max-rejects}
   */
  Project maxRejects(String yaml) {
    return every("\"@daily\"\n  max-rejects: " + yaml);
  }

  Project late(String policy) {
    this.late = policy;
    return this;
  }

  Project intoDuckDb() {
    targets.add("duckdb: {path: warehouse.duckdb, table: " + TABLE + "}");
    return this;
  }

  Project intoPostgres(String url) {
    targets.add("postgres: {url: \"" + url + "\", table: " + TABLE + "}");
    return this;
  }

  Project data(String file, String content) {
    write("data/" + file, content);
    return this;
  }

  /** Writes everything; may be called again after a change. */
  Path pipeline() {
    write("schemas/flight.avsc", SCHEMA);
    String yaml =
        """
        pipeline: %s
        description: A test
        batch:
          every: %s
          timezone: %s
          idle-after: %s
        %ssources:
          flights:
            %s
            schema: schemas/flight.avsc
            key: origin
            %s
        %s%ssql: |
        %s
        %sload:
        %s
        """
            .formatted(
                name,
                every,
                timezone,
                idleAfter,
                time.isEmpty() ? "" : "  grace: 1h\n  late: " + late + "\n",
                origin,
                time,
                rules,
                otherSources,
                sql.indent(2).stripTrailing(),
                functions + gates,
                String.join("\n", targets.stream().map(target -> "  - " + target).toList()));
    return write("pipeline.yaml", yaml);
  }

  /** A server file, with the state in this folder. */
  Path server(String brokers, Object registry) {
    return write(
        "server.yaml",
        "brokers: %s\nregistry: %s\nstate-dir: state\n".formatted(brokers, registry));
  }

  Path dataDir() {
    return folder.resolve("mill");
  }

  /** How many bytes a topic of the embedded broker has, all partitions together. */
  long bytesIn(String topic) {
    long bytes = 0;
    try (var partitions = Files.newDirectoryStream(dataDir().resolve("kafka"), topic + "-*")) {
      for (Path partition : partitions) {
        bytes += Files.size(partition.resolve("00000000000000000000.log"));
      }
    } catch (IOException e) {
      return 0; // it is being made
    }
    return bytes;
  }

  Path stateDir() {
    return folder.resolve("state");
  }

  Path warehouse() {
    return folder.resolve("warehouse.duckdb");
  }

  String warehouseUrl() {
    return "jdbc:duckdb:" + warehouse();
  }

  Path write(String file, String content) {
    Path path = folder.resolve(file);
    try {
      Files.createDirectories(path.getParent());
      return Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
