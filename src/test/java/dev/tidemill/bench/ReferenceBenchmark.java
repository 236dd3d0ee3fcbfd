package dev.tidemill.bench;

import static dev.tidemill.bench.Bench.say;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The hourly revenue per customer: each contender in turn, round after round. */
final class ReferenceBenchmark {
  private final Settings settings = Settings.ofSystemProperties();

  @Test
  void every_contender_works_off_the_same_log_to_the_right_result() throws Exception {
    assumeTrue(settings.cases().contains("reference"));
    try (BrokerProcess broker = BrokerProcess.start(Files.createDirectories(Bench.FOLDER))) {
      say("writing %,d orders", settings.records());
      OrderLog log = OrderLog.write(broker, "orders", settings.records());
      say("expected: %s", log.expected());
      Rounds rounds = new Rounds(broker, settings.jfr());
      for (int round = 1; round <= settings.rounds(); round++) {
        for (Contender.Name system : settings.systems()) {
          rounds.run(
              system.toString(),
              system,
              Statement.HOURLY_REVENUE,
              log.info(),
              log.expected(),
              round);
        }
      }
      RunTable table = new RunTable("reference", "system", settings.records(), rounds.runs());
      String tidemill = Contender.Name.TIDEMILL.toString();
      String dsl = Contender.Name.DSL.toString();
      table.compare(tidemill, dsl, RunTable.RATE);
      table.compare(tidemill, dsl, RunTable.CPU);
      table.compare(tidemill, dsl, RunTable.MEMORY);
      table.compare(tidemill, Contender.Name.HEAP_LIMIT.toString(), RunTable.RATE);
      Results.put("reference", table.json());
      say("%s", table);
    }
  }
}
