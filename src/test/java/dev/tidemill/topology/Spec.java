package dev.tidemill.topology;

import dev.tidemill.batch.Macro;
import dev.tidemill.batch.ZonedCalendar;
import dev.tidemill.definition.BatchRule;
import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Query;
import dev.tidemill.sql.SqlException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pipeline of a test: hourly batches over one Avro topic that somebody else writes.
 *
 * @param trustTimestamps as the topics of tests are CreateTime, it is this or {@code maxJump}
 * @param amendAfter longer than any test, unless it is told
 * @param warehouse a DuckDB file to load; empty: nothing is loaded, and READY is the end
 */
record Spec(
    int partitions,
    String sql,
    Duration grace,
    Duration idleAfter,
    Optional<Duration> maxJump,
    boolean trustTimestamps,
    Map<String, String> expect,
    Optional<Path> warehouse,
    BatchRule.LatePolicy late,
    Duration amendAfter) {

  /** Longer than any test: only clocks close batches. */
  static final Duration NEVER_IDLE = Duration.ofHours(1);

  static final Duration SOON_IDLE = Duration.ofMillis(300);
  static final String SUMS =
      "SELECT k, COUNT(*) AS n, SUM(amount) AS total FROM events WHERE amount >= 0 GROUP BY k";

  /** Sums per key, no grace; only clocks close. */
  static Spec sums(int partitions) {
    return new Spec(
        partitions,
        SUMS,
        Duration.ZERO,
        NEVER_IDLE,
        Optional.empty(),
        true,
        Map.of(),
        Optional.empty(),
        BatchRule.LatePolicy.REJECT,
        NEVER_IDLE);
  }

  /** The definition says nothing about who sets the timestamps. */
  Spec withoutTrust() {
    return new Spec(
        partitions, sql, grace, idleAfter, maxJump, false, expect, warehouse, late, amendAfter);
  }

  Spec sql(String statement) {
    return new Spec(
        partitions,
        statement,
        grace,
        idleAfter,
        maxJump,
        trustTimestamps,
        expect,
        warehouse,
        late,
        amendAfter);
  }

  Spec grace(Duration time) {
    return new Spec(
        partitions,
        sql,
        time,
        idleAfter,
        maxJump,
        trustTimestamps,
        expect,
        warehouse,
        late,
        amendAfter);
  }

  Spec soonIdle() {
    return new Spec(
        partitions,
        sql,
        grace,
        SOON_IDLE,
        maxJump,
        trustTimestamps,
        expect,
        warehouse,
        late,
        amendAfter);
  }

  Spec maxJump(Duration jump) {
    return new Spec(
        partitions,
        sql,
        grace,
        idleAfter,
        Optional.of(jump),
        trustTimestamps,
        expect,
        warehouse,
        late,
        amendAfter);
  }

  Spec expect(String rule, String condition) {
    return new Spec(
        partitions,
        sql,
        grace,
        idleAfter,
        maxJump,
        trustTimestamps,
        Map.of(rule, condition),
        warehouse,
        late,
        amendAfter);
  }

  Spec late(BatchRule.LatePolicy policy) {
    return new Spec(
        partitions,
        sql,
        grace,
        idleAfter,
        maxJump,
        trustTimestamps,
        expect,
        warehouse,
        policy,
        amendAfter);
  }

  Spec amendAfter(Duration time) {
    return new Spec(
        partitions,
        sql,
        grace,
        idleAfter,
        maxJump,
        trustTimestamps,
        expect,
        warehouse,
        BatchRule.LatePolicy.AMEND,
        time);
  }

  Spec into(Path duckDb) {
    return new Spec(
        partitions,
        sql,
        grace,
        idleAfter,
        maxJump,
        trustTimestamps,
        expect,
        Optional.of(duckDb),
        late,
        amendAfter);
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
            new EventTime("at", Optional.empty(), ZoneOffset.UTC),
            expect);
    BatchRule batch =
        new BatchRule(
            "@hourly",
            ZoneOffset.UTC,
            new ZonedCalendar(Macro.HOURLY, ZoneOffset.UTC),
            grace,
            idleAfter,
            late,
            Duration.ofDays(7),
            Duration.ofHours(1),
            amendAfter);
    List<TargetDefinition> targets =
        warehouse.<TargetDefinition>map(path -> new TargetDefinition.DuckDb(path, "sums")).stream()
            .toList();
    try {
      return new CompiledPipeline(
          new PipelineDefinition(
              Path.of("test.yaml"), pipeline, "", batch, List.of(events), sql, targets),
          Query.compile(sql, Map.of("events", Event.SCHEMA)));
    } catch (SqlException e) {
      throw new AssertionError(e);
    }
  }
}
