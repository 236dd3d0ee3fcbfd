package dev.tidemill.bench;

import static dev.tidemill.bench.Bench.say;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What other statements and another log cost Tidemill, against the plain aggregate. */
final class StatementsBenchmark {
  private static final String PLAIN = "plain";
  private static final String HOT = "hot-key";

  private final Settings settings = Settings.ofSystemProperties();

  @Test
  void each_statement_is_held_against_the_plain_aggregate() throws Exception {
    assumeTrue(settings.cases().contains("statements"));
    try (BrokerProcess broker = BrokerProcess.start(Files.createDirectories(Bench.FOLDER))) {
      say("writing %,d orders twice, and a million products", settings.records());
      OrderLog even = OrderLog.write(broker, "orders", settings.records());
      OrderLog hot = OrderLog.writeHot(broker, "orders-hot", settings.records());
      ProductTable.write(broker);
      Rounds rounds = new Rounds(broker, settings.jfr());
      for (int round = 1; round <= settings.rounds(); round++) {
        run(rounds, PLAIN, Statement.HOURLY_REVENUE, even.info(), even.expected(), round);
        run(rounds, HOT, Statement.HOURLY_REVENUE, hot.info(), hot.expected(), round);
        for (Statement other :
            List.of(Statement.JOIN_MILLION_ROWS, Statement.DISTINCT_MILLION_VALUES)) {
          Outcome expected =
              other == Statement.JOIN_MILLION_ROWS ? even.expected() : even.expectedDistinct();
          run(rounds, other.text(), other, even.info(), expected, round);
        }
      }
      RunTable table = new RunTable("statements", "statement", settings.records(), rounds.runs());
      for (String other :
          List.of(
              HOT, Statement.JOIN_MILLION_ROWS.text(), Statement.DISTINCT_MILLION_VALUES.text())) {
        table.compare(other, PLAIN, RunTable.RATE);
        table.compare(other, PLAIN, RunTable.CPU);
        table.compare(other, PLAIN, RunTable.MEMORY);
      }
      Results.put("statements", table.json());
      say("%s", table);
    }
  }

  private static void run(
      Rounds rounds, String label, Statement statement, LogInfo log, Outcome expected, int round)
      throws Exception {
    rounds.run(label, Contender.Name.TIDEMILL, statement, log, expected, round);
  }
}
