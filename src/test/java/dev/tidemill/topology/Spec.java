package dev.tidemill.topology;

import dev.tidemill.batch.Calendar;
import dev.tidemill.batch.CountCalendar;
import dev.tidemill.batch.Macro;
import dev.tidemill.batch.ZonedCalendar;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.Expectation;
import dev.tidemill.definition.FunctionDefinition;
import dev.tidemill.definition.MaxRejects;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Requirement;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.EventTimes;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.SomeFunctions;
import dev.tidemill.sql.SqlException;
import dev.tidemill.sql.UserFunctions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;

/**
 * The pipeline of a test: hourly batches over one Avro topic that somebody else writes. Never
 * changed: each method gives another one.
 */
final class Spec {

  /** Longer than any test: only clocks close batches. */
  static final Duration NEVER_IDLE = Duration.ofHours(1);

  static final Duration SOON_IDLE = Duration.ofMillis(300);
  static final String SUMS =
      "SELECT k, COUNT(*) AS n, SUM(amount) AS total FROM events WHERE amount >= 0 GROUP BY k";

  /** What a statement can call: {@code total(x, whether)}. */
  private static final UserFunctions TOTAL =
      UserFunctions.load(
          List.of(
              new FunctionDefinition(
                  "total", SomeFunctions.class.getName() + "$Total", Optional.empty())),
          new ArrayList<>());

  private int partitions;
  private String sql = SUMS;
  private BatchRule.Clock clock = BatchRule.Clock.EVENT;
  private Calendar calendar = new ZonedCalendar(Macro.HOURLY, ZoneOffset.UTC);
  private Duration grace = Duration.ZERO;
  private Duration idleAfter = NEVER_IDLE;
  private Optional<Duration> maxJump = Optional.empty();

  /** As the topics of tests are CreateTime, it is this or {@link #maxJump}. */
  private boolean trustTimestamps = true;

  private Map<String, Expectation> expect = Map.of();

  /** A DuckDB file to load; empty: nothing is loaded, and READY is the end. */
  private Optional<Path> warehouse = Optional.empty();

  private List<Requirement> require = List.of();
  private BatchRule.LatePolicy late = BatchRule.LatePolicy.REJECT;
  private Duration amendAfter = NEVER_IDLE;

  /** What the table "names" is joined with; none: there is no such table. */
  private Optional<Query.OnMiss> onMiss = Optional.empty();

  private MaxRejects maxRejects = MaxRejects.ANY;
  private Optional<Duration> early = Optional.empty();

  /** Of a table {@code rates}, whose rows are events too; empty: there is none. */
  private Optional<Duration> rates = Optional.empty();

  private UserFunctions functions = TOTAL;

  private Spec() {}

  private Spec with(Consumer<Spec> change) {
    Spec copy = new Spec();
    copy.partitions = partitions;
    copy.sql = sql;
    copy.clock = clock;
    copy.calendar = calendar;
    copy.grace = grace;
    copy.idleAfter = idleAfter;
    copy.maxJump = maxJump;
    copy.trustTimestamps = trustTimestamps;
    copy.expect = expect;
    copy.warehouse = warehouse;
    copy.require = require;
    copy.late = late;
    copy.amendAfter = amendAfter;
    copy.onMiss = onMiss;
    copy.maxRejects = maxRejects;
    copy.early = early;
    copy.rates = rates;
    copy.functions = functions;
    change.accept(copy);
    return copy;
  }

  /** Sums per key, no grace; only clocks close. */
  static Spec sums(int partitions) {
    return new Spec().with(spec -> spec.partitions = partitions);
  }

  int partitions() {
    return partitions;
  }

  String sql() {
    return sql;
  }

  /** The definition says nothing about who sets the timestamps. */
  Spec withoutTrust() {
    return with(spec -> spec.trustTimestamps = false);
  }

  Spec sql(String statement) {
    return with(spec -> spec.sql = statement);
  }

  /** Batches of the time at which records are written. */
  Spec byTheWall() {
    return with(spec -> spec.clock = BatchRule.Clock.WALL);
  }

  /** Batches of so many records of each partition. */
  Spec every(long records) {
    return with(
        spec -> {
          spec.clock = BatchRule.Clock.RECORDS;
          spec.calendar = new CountCalendar(records);
        });
  }

  Spec grace(Duration time) {
    return with(spec -> spec.grace = time);
  }

  Spec soonIdle() {
    return with(spec -> spec.idleAfter = SOON_IDLE);
  }

  Spec maxJump(Duration jump) {
    return with(spec -> spec.maxJump = Optional.of(jump));
  }

  Spec expect(String rule, String condition) {
    return with(spec -> spec.expect = Map.of(rule, Expectation.reject(condition)));
  }

  Spec warn(String rule, String condition) {
    Expectation warns = new Expectation(condition, Expectation.OnBreak.WARN);
    return with(spec -> spec.expect = Map.of(rule, warns));
  }

  /** One more gate. */
  Spec require(String gate, String condition) {
    List<Requirement> more = new ArrayList<>(require);
    more.add(new Requirement(gate, Optional.empty(), condition));
    return with(spec -> spec.require = more);
  }

  Spec late(BatchRule.LatePolicy policy) {
    return with(spec -> spec.late = policy);
  }

  Spec amendAfter(Duration time) {
    return late(BatchRule.LatePolicy.AMEND).with(spec -> spec.amendAfter = time);
  }

  /** With {@link SomeNames}, a table that only a {@link SimulatedPipeline} has. */
  Spec names(Query.OnMiss policy) {
    return with(spec -> spec.onMiss = Optional.of(policy));
  }

  Spec early(Duration every) {
    return with(spec -> spec.early = Optional.of(every));
  }

  Spec maxRejects(MaxRejects limit) {
    return with(spec -> spec.maxRejects = limit);
  }

  /** Instead of {@code total}. */
  Spec functions(UserFunctions others) {
    return with(spec -> spec.functions = others);
  }

  /**
   * With a table {@code rates} of events, whose versions are kept.
   *
   * @param wait how long a record waits for it
   */
  Spec rates(Duration wait) {
    return with(spec -> spec.rates = Optional.of(wait));
  }

  static String ratesTopic(String pipeline) {
    return pipeline + "-rates";
  }

  Spec into(Path duckDb) {
    return with(spec -> spec.warehouse = Optional.of(duckDb));
  }

  static String topic(String pipeline) {
    return pipeline + "-events";
  }

  CompiledPipeline compile(String pipeline) {
    SourceDefinition events =
        new SourceDefinition(
            "events",
            new Origin.Topic(topic(pipeline), Origin.Format.AVRO, maxJump, trustTimestamps),
            Event.SCHEMA,
            Optional.empty(),
            new EventTime(
                clock == BatchRule.Clock.EVENT ? "at" : "record-timestamp",
                Optional.empty(),
                ZoneOffset.UTC),
            expect);
    BatchRule batch =
        new BatchRule(
            "@hourly",
            ZoneOffset.UTC,
            calendar,
            clock,
            grace,
            idleAfter,
            late,
            Duration.ofDays(7),
            Duration.ofHours(1),
            amendAfter,
            maxRejects,
            early);
    List<TargetDefinition> targets =
        warehouse.<TargetDefinition>map(path -> new TargetDefinition.DuckDb(path, "sums")).stream()
            .toList();
    EventTime at = new EventTime("at", Optional.empty(), ZoneOffset.UTC);
    List<TableDefinition> tables =
        rates
            .map(
                wait ->
                    new TableDefinition(
                        "rates",
                        new Origin.Topic(
                            ratesTopic(pipeline), Origin.Format.AVRO, Optional.empty(), true),
                        Event.SCHEMA,
                        "k",
                        Optional.of(at),
                        wait,
                        false,
                        true))
            .stream()
            .toList();
    Map<String, Schema> schemas = new HashMap<>(Map.of("events", Event.SCHEMA));
    Map<String, Query.OnMiss> misses = new HashMap<>();
    Map<String, String> versioned = new HashMap<>();
    onMiss.ifPresent(
        policy -> {
          schemas.put("names", SomeNames.SCHEMA);
          misses.put("names", policy);
        });
    for (TableDefinition table : tables) {
      schemas.put(table.name(), table.schema());
      misses.put(table.name(), Query.OnMiss.JOIN);
      versioned.put(table.name(), table.keyField());
    }
    try {
      return new CompiledPipeline(
          new PipelineDefinition(
              Path.of("test.yaml"),
              pipeline,
              "",
              batch,
              List.of(events),
              tables,
              sql,
              require,
              targets),
          Query.compile(
              sql, schemas, misses, new EventTimes(Map.of("events", "at"), versioned), functions),
          functions);
    } catch (SqlException e) {
      throw new AssertionError(e);
    }
  }
}
