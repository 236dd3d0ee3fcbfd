package dev.tidemill.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.events.Events;
import dev.tidemill.extract.Extraction;
import dev.tidemill.extract.Extractor;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One extraction, in a fresh process with the same JVM and heap for all. */
final class ExtractProcess {
  static final String SOURCE = "orders";
  static final int PARTITIONS = 4;
  private static final Duration BOUND = Duration.ofMinutes(20);
  private static final Duration NEWS = Duration.ofMillis(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private ExtractProcess() {}

  static Measurement run(ExtractJob job, boolean jfr) throws IOException {
    Path question = job.folder().resolve("job.json");
    Path answer = job.folder().resolve("answer.json");
    JSON.writeValue(question.toFile(), job);
    List<String> options = new ArrayList<>(Bench.JAVA_OPTIONS);
    if (jfr) {
      options.add(
          "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
              + Bench.FOLDER.resolve(job.name() + ".jfr"));
    }
    try (Forked process =
        new Forked(
            ExtractProcess.class,
            options,
            List.of(question.toString(), answer.toString()),
            Map.of(),
            job.folder().resolve("log.txt"))) {
      process.awaitSuccess(BOUND);
    }
    return JSON.readValue(answer.toFile(), Measurement.class);
  }

  /** The new process. */
  public static void main(String[] args) throws Exception {
    Forked.endWithParent(() -> Runtime.getRuntime().halt(1));
    ExtractJob job = JSON.readValue(Path.of(args[0]).toFile(), ExtractJob.class);
    Watch watch = new Watch(job);
    if (job.limit()) {
      ExtractLimit.run(job, watch);
    } else {
      tidemill(job, watch);
    }
    Files.write(Path.of(args[1]), JSON.writeValueAsBytes(watch.finished()));
    System.exit(0);
  }

  private static void tidemill(ExtractJob job, Watch watch) throws Exception {
    ServerSettings server =
        new ServerSettings(
            job.brokers(), job.registry(), job.folder().resolve("state"), Map.of(), (short) 1);
    CompiledPipeline.Checked checked = CompiledPipeline.check(definition(job), variable -> null);
    CompiledPipeline pipeline =
        checked
            .pipeline()
            .orElseThrow(() -> new IllegalStateException(checked.problems().toString()));
    try (ConfluentRegistry registry = new ConfluentRegistry(server.registry());
        Extractor extractor =
            new Extractor(
                new Extraction(
                    pipeline.definition().topics(), List.of(), server, registry, Events.unheard()),
                pipeline.definition().sources().get(0))) {
      extractor.check();
      watch.begins();
      extractor.start();
      while (!extractor.await(NEWS)) {
        watch.published(extractor.progress().rows());
      }
      watch.published(extractor.progress().rows());
    }
  }

  private static Path definition(ExtractJob job) throws IOException {
    Files.copy(Order.FOLDER.resolve("order.avsc"), job.folder().resolve("order.avsc"));
    String origin =
        switch (job.origin()) {
          case CSV -> "file: {path: \"%s\", format: csv, partitions: %d}";
          case JSON -> "file: {path: \"%s\", format: json, partitions: %d}";
          case AVRO -> "file: {path: \"%s\", format: avro, partitions: %d}";
          case PARQUET -> "file: {path: \"%s\", format: parquet, partitions: %d}";
          case POSTGRES -> "jdbc: {url: \"%s\", table: orders, partitions: %d}";
          case HTTP ->
              "http: {url: \"%s\", paging: {by: page, limit: "
                  + ApiProcess.PAGE
                  + "}, partitions: %d}";
        };
    return Files.writeString(
        job.folder().resolve("extract.yaml"),
        """
        pipeline: %s
        batch: {every: "@hourly"}
        sources:
          %s:
            %s
            schema: order.avsc
            key: customer_id
            event-time: event_time
        sql: SELECT COUNT(*) AS n FROM orders
        load:
          - duckdb: {path: out.duckdb, table: t}
        """
            .formatted(job.name(), SOURCE, origin.formatted(job.input(), PARTITIONS)));
  }

  /** Measures from {@link #begins} on. Not thread-safe. */
  static final class Watch {
    private final ExtractJob job;
    private final long born = System.nanoTime();
    private CpuTimes begun;
    private long begin;
    private long half;

    private Watch(ExtractJob job) {
      this.job = job;
    }

    /** All is set up, and the first row is about to be read. */
    void begins() {
      begun = CpuTimes.now(job.brokerPid());
      begin = System.nanoTime();
    }

    /**
     * @param orders that are committed
     */
    void published(long orders) {
      if (half == 0 && orders >= job.orders() / 2) {
        half = System.nanoTime();
      }
    }

    private Measurement finished() {
      long end = System.nanoTime();
      CpuTimes used = CpuTimes.now(job.brokerPid()).since(begun);
      double millions = job.orders() / 1e6;
      return new Measurement(
          job.orders() * 1e9 / (end - begin),
          job.orders() * 1e9 / (end - born),
          job.orders() / 2 * 1e9 / (end - half),
          0,
          used.self() / millions,
          used.broker() / millions,
          Proc.peakRssMb(),
          (end - born) / 1e9,
          used.foreign(),
          used.steal());
    }
  }

  static String label(ExtractJob.Origin origin, boolean limit) {
    return origin.name().toLowerCase(Locale.ROOT) + (limit ? "-limit" : "");
  }
}
