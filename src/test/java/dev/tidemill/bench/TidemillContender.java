package dev.tidemill.bench;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.PipelineRun;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline of the benchmark, run as {@code tidemill run} runs it, with every setting at its
 * default. Its targets are left out: the results topic is the end for all contenders.
 */
final class TidemillContender implements Contender {
  private static final Duration NEWS = Duration.ofMillis(200);

  @Override
  public Optional<Outcome> run(Job job, Stopwatch watch) throws Exception {
    ServerSettings server =
        new ServerSettings(
            job.brokers(), job.registry(), job.folder().resolve("state"), Map.of(), (short) 1);
    CompiledPipeline pipeline = pipeline(job);
    try (ConfluentRegistry registry = new ConfluentRegistry(server.registry());
        PipelineRun run = new PipelineRun(pipeline, server, registry, Clock.systemUTC())) {
      run.start();
      while (!isPublished(run.progress(NEWS), job.log())) {}
      watch.finished();
    }
    return Optional.empty();
  }

  static CompiledPipeline pipeline(Job job) {
    Map<String, String> variables =
        Map.of(
            "PIPELINE",
            job.name(),
            "ORDERS",
            job.log().topic(),
            "PRODUCTS",
            ProductTable.TOPIC,
            "PG_URL",
            "jdbc:postgresql:left-out");
    CompiledPipeline.Checked checked =
        CompiledPipeline.check(job.statement().file(), variables::get);
    CompiledPipeline whole =
        checked
            .pipeline()
            .orElseThrow(() -> new IllegalStateException(checked.problems().toString()));
    PipelineDefinition d = whole.definition();
    return new CompiledPipeline(
        new PipelineDefinition(
            d.file(),
            d.name(),
            d.description(),
            d.batch(),
            d.sources(),
            d.tables(),
            d.sql(),
            d.require(),
            List.of()),
        whole.query());
  }

  /** All records are in the books, and every batch that the sentinels close can be loaded. */
  private static boolean isPublished(RunProgress progress, LogInfo log) {
    if (progress.accountedFor() < log.records()) {
      return false;
    }
    Instant closed = Instant.ofEpochMilli(log.last()).minus(Order.GRACE);
    List<LedgerEntry> due =
        progress.entries().stream().filter(entry -> !entry.batch().end().isAfter(closed)).toList();
    due.stream()
        .filter(entry -> entry.state() == BatchState.FAILED)
        .findFirst()
        .ifPresent(
            entry -> {
              throw new IllegalStateException("a batch has failed: " + entry);
            });
    return due.stream().allMatch(entry -> entry.state() == BatchState.READY);
  }
}
