package dev.tidemill.bench;

import static dev.tidemill.bench.Bench.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** From a file to the topic, each row exactly once, against a loop by hand. */
final class ExtractBenchmark {
  private final Settings settings = Settings.ofSystemProperties();

  @Test
  void each_origin_is_held_against_a_loop_by_hand() throws Exception {
    assumeTrue(settings.cases().contains("extract"));
    Path folder = Files.createDirectories(Bench.FOLDER);
    try (BrokerProcess broker = BrokerProcess.start(folder);
        EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      say("writing %,d orders to files and a table", settings.records());
      Path csv = folder.resolve("orders.csv");
      ExtractInput.writeCsv(csv, settings.records());
      Path parquet = folder.resolve("orders.parquet");
      ExtractInput.writeParquet(csv, parquet);
      Path json = folder.resolve("orders.json");
      ExtractInput.writeJson(json, settings.records());
      Path avro = folder.resolve("orders.avro");
      ExtractInput.writeAvro(avro, settings.records());
      String table = postgres.getJdbcUrl("postgres", "postgres");
      ExtractInput.writePostgres(csv, table);
      Map<ExtractJob.Origin, String> inputs = new EnumMap<>(ExtractJob.Origin.class);
      inputs.put(ExtractJob.Origin.CSV, csv.toString());
      inputs.put(ExtractJob.Origin.JSON, json.toString());
      inputs.put(ExtractJob.Origin.AVRO, avro.toString());
      inputs.put(ExtractJob.Origin.PARQUET, parquet.toString());
      inputs.put(ExtractJob.Origin.POSTGRES, table);
      List<Run> runs = new ArrayList<>();
      try (ApiProcess api = ApiProcess.start(json, folder)) {
        inputs.put(ExtractJob.Origin.HTTP, api.url());
        for (int round = 1; round <= settings.rounds(); round++) {
          for (ExtractJob.Origin origin : ExtractJob.Origin.values()) {
            for (boolean limit : new boolean[] {true, false}) {
              if (settings.isWanted(ExtractProcess.label(origin, limit))) {
                runs.add(run(broker, origin, inputs.get(origin), limit, round));
              }
            }
          }
        }
      }
      RunTable results = new RunTable("extract", "extraction", settings.records(), runs);
      for (ExtractJob.Origin origin : ExtractJob.Origin.values()) {
        String ours = ExtractProcess.label(origin, false);
        String limit = ExtractProcess.label(origin, true);
        results.compare(ours, limit, RunTable.RATE);
        results.compare(ours, limit, RunTable.CPU);
      }
      Results.put("extract", results.json());
      say("%s", results);
      Files.delete(csv);
      Files.delete(parquet);
      Files.delete(json);
      Files.delete(avro);
    }
  }

  private Run run(
      BrokerProcess broker, ExtractJob.Origin origin, String input, boolean limit, int round)
      throws IOException {
    String label = ExtractProcess.label(origin, limit);
    String name = "extract-" + label + "-" + round;
    ExtractJob job =
        new ExtractJob(
            name,
            limit,
            origin,
            input,
            broker.brokers(),
            broker.registry(),
            broker.pid(),
            settings.records(),
            Bench.newFolder(name));
    Measurement measured = ExtractProcess.run(job, settings.jfr());
    AtomicLong published = new AtomicLong();
    Topics.read(
        broker.brokers(),
        job.topic(),
        record -> published.addAndGet(record.value() == null ? 0 : 1));
    assertThat(published.get()).as(name).isEqualTo(settings.records());
    say(
        "%s: %,.0f rows/s, %.2f CPU s/M, %.0f MB",
        name, measured.recordsPerSecond(), measured.cpuSecondsPerMillion(), measured.peakRssMb());
    return new Run(label, round, measured, 0);
  }
}
