package dev.tidemill.bench;

import static dev.tidemill.bench.Bench.say;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/** Runs contenders against one broker, checks what came out, and keeps the measurements. */
final class Rounds {
  private final BrokerProcess broker;
  private final boolean jfr;
  private final List<Run> runs = new ArrayList<>();

  Rounds(BrokerProcess broker, boolean jfr) {
    this.broker = broker;
    this.jfr = jfr;
  }

  List<Run> runs() {
    return List.copyOf(runs);
  }

  /**
   * @param label what the table calls it
   */
  void run(
      String label,
      Contender.Name system,
      Statement statement,
      LogInfo log,
      Outcome expected,
      int round)
      throws IOException {
    String name = label + "-" + round;
    Path folder = Bench.newFolder(name);
    Job job =
        new Job(
            system,
            name,
            statement,
            broker.brokers(),
            broker.registry(),
            broker.pid(),
            log,
            folder);
    List<Path> recording =
        Stream.of(Bench.FOLDER.resolve(name + ".jfr")).filter(file -> jfr).toList();
    ContenderProcess.Answer answer = ContenderProcess.run(job, recording);
    Outcome outcome =
        answer.outcome().isEmpty() ? OutcomeReader.read(job) : answer.outcome().get(0);
    long missing = expected.rows() - outcome.rows();
    if (system.isComplete()) {
      assertThat(outcome)
          .as("%s, which should be %s", name, expected)
          .matches(result -> result.matches(expected));
    }
    say("%s: %s", name, line(answer.measurement(), missing));
    Utils.delete(folder.resolve("state").toFile());
    runs.add(new Run(label, round, answer.measurement(), missing));
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
