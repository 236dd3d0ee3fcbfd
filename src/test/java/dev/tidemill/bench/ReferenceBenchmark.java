package dev.tidemill.bench;

import static dev.tidemill.bench.Bench.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** The hourly revenue per customer: each contender in turn, round after round. */
final class ReferenceBenchmark {
  private final Settings settings = Settings.ofSystemProperties();

  @Test
  void every_contender_works_off_the_same_log_to_the_right_result() throws Exception {
    assumeTrue(settings.cases().contains("reference"));
    List<Run> runs = new ArrayList<>();
    try (BrokerProcess broker = BrokerProcess.start(Files.createDirectories(Bench.FOLDER))) {
      say("writing %,d orders", settings.records());
      OrderLog log = OrderLog.write(broker, "orders", settings.records());
      say("expected: %s", log.expected());
      for (int round = 1; round <= settings.rounds(); round++) {
        for (Contender.Name system : settings.systems()) {
          runs.add(run(broker, log, system, round));
        }
      }
    }
    ReferenceTable table = new ReferenceTable(settings.records(), runs);
    Results.put("reference", table.json());
    say("%s", table);
  }

  private Run run(BrokerProcess broker, OrderLog log, Contender.Name system, int round)
      throws IOException {
    String name = system + "-" + round;
    Path folder = Bench.newFolder(name);
    Job job =
        new Job(
            system, name, broker.brokers(), broker.registry(), broker.pid(), log.info(), folder);
    List<Path> recording =
        Stream.of(Bench.FOLDER.resolve(name + ".jfr")).filter(file -> settings.jfr()).toList();
    ContenderProcess.Answer answer = ContenderProcess.run(job, recording);
    Outcome outcome =
        answer.outcome().isEmpty() ? OutcomeReader.read(job) : answer.outcome().get(0);
    long missing = log.expected().rows() - outcome.rows();
    if (system.isComplete()) {
      assertThat(outcome)
          .as("%s, which should be %s", name, log.expected())
          .matches(result -> result.matches(log.expected()));
    }
    say("%s: %s", name, line(answer.measurement(), missing));
    Utils.delete(folder.resolve("state").toFile());
    return new Run(system, round, answer.measurement(), missing);
  }

  private static String line(Measurement m, long missing) {
    return String.format(
        Locale.ROOT,
        "%,.0f records/s, %.2f CPU s/M, %.0f MB, drain %.1f s, foreign CPU %.1f s, steal %.1f s%s",
        m.recordsPerSecond(),
        m.cpuSecondsPerMillion(),
        m.peakRssMb(),
        m.drainSeconds(),
        m.foreignCpuSeconds(),
        m.stealSeconds(),
        missing == 0 ? "" : String.format(Locale.ROOT, ", %,d results missing", missing));
  }
}
