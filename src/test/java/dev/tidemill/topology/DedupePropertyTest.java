package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which records are duplicates is a function of the log: random logs, with tasks that die between
 * any two records, against the definition of the words.
 */
class DedupePropertyTest {
  private static final int RECORDS = 600;

  private record Outcome(SortedMap<Instant, Books> books, SortedMap<Instant, String> rows) {}

  @ParameterizedTest(name = "seed {0}, within {1}")
  @CsvSource({"1,", "2,", "3,", "4, PT5M", "5, PT40M", "6, PT90M", "7, P2D"})
  void deaths_change_no_verdict(long seed, Duration duration) {
    Optional<Duration> within = Optional.ofNullable(duration);
    RandomLog log = new RandomLog(seed, RECORDS);
    Spec spec =
        Spec.sums(RandomLog.PARTITIONS).grace(RandomLog.GRACE).expect("known", RandomLog.RULE);
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            new SimulatedPipeline.Parts(
                Deduped.compile(spec, "simulated", within, "k"), RandomLog.PARTITIONS),
            7);
    run(pipeline, log, new Random(seed));
    pipeline.settle();

    Outcome expected = expected(log, within);
    assertThat(expected.books().values().stream().mapToLong(Books::duplicate).sum())
        .as("duplicates, or it shows nothing")
        .isPositive();
    assertThat(pipeline.entries()).allMatch(LedgerEntry::balances);
    assertThat(outcome(pipeline)).isEqualTo(expected);
  }

  private static void run(SimulatedPipeline pipeline, RandomLog log, Random random) {
    List<SimulatedTask<?>> tasks = pipeline.tasks();
    SimulatedPipeline.Parts parts =
        new SimulatedPipeline.Parts(Spec.sums(RandomLog.PARTITIONS)); // of its encoder
    for (RandomLog.Entry entry : log.entries()) {
      pipeline.append(entry.partition(), entry.bytes(parts::bytes));
      SimulatedTask<?> task = tasks.get(random.nextInt(tasks.size()));
      switch (random.nextInt(6)) {
        case 0 -> pipeline.commit(List.of(task));
        case 1 -> task.restart();
        default -> {
          for (int i = random.nextInt(8); i > 0 && task.processOne(); i--) {}
        }
      }
    }
  }

  private static Outcome outcome(SimulatedPipeline pipeline) {
    SortedMap<Instant, Books> books = new TreeMap<>();
    SortedMap<Instant, String> rows = new TreeMap<>();
    for (LedgerEntry entry : pipeline.entries()) {
      if (entry.books().read() > 0) {
        books.put(entry.batch().start(), entry.books());
        rows.put(entry.batch().start(), pipeline.texts(entry).toString());
      }
    }
    return new Outcome(books, rows);
  }

  private static Outcome expected(RandomLog log, Optional<Duration> within) {
    Map<String, List<RandomLog.Entry>> firsts = new HashMap<>();
    SortedMap<Instant, Books> books = new TreeMap<>();
    SortedMap<Instant, SortedMap<String, double[]>> sums = new TreeMap<>();
    for (RandomLog.Entry entry : log.entries()) {
      if (entry.batch().isEmpty()) {
        continue;
      }
      Instant batch = entry.batch().get();
      sums.computeIfAbsent(batch, b -> new TreeMap<>());
      boolean takesPart = entry.fate() == RandomLog.Fate.ACCEPTED;
      boolean duplicate = false;
      if (takesPart) {
        String k = entry.event().orElseThrow().k();
        List<RandomLog.Entry> same =
            firsts.computeIfAbsent(entry.partition() + k, p -> new ArrayList<>());
        duplicate = same.stream().anyMatch(first -> isSame(first, entry, within));
        if (!duplicate) {
          same.add(entry);
          double[] sum = sums.get(batch).computeIfAbsent(k, group -> new double[2]);
          sum[0]++;
          sum[1] += entry.event().orElseThrow().amount();
        }
      }
      books.merge(batch, book(entry.fate(), duplicate), Books::plus);
    }
    SortedMap<Instant, String> rows = new TreeMap<>();
    sums.forEach(
        (batch, groups) ->
            rows.put(
                batch,
                groups.entrySet().stream()
                    .map(g -> List.of(g.getKey(), (long) g.getValue()[0], g.getValue()[1]))
                    .map(List::toString)
                    .sorted()
                    .toList()
                    .toString()));
    return new Outcome(books, rows);
  }

  private static boolean isSame(
      RandomLog.Entry first, RandomLog.Entry next, Optional<Duration> within) {
    Duration between =
        Duration.between(first.event().orElseThrow().at(), next.event().orElseThrow().at()).abs();
    return within
        .map(time -> between.compareTo(time) < 0)
        .orElseGet(() -> first.batch().equals(next.batch()));
  }

  private static Books book(RandomLog.Fate fate, boolean duplicate) {
    return new Books(
        1,
        fate == RandomLog.Fate.ACCEPTED && !duplicate ? 1 : 0,
        fate == RandomLog.Fate.FILTERED ? 1 : 0,
        fate == RandomLog.Fate.REJECTED ? 1 : 0,
        duplicate ? 1 : 0,
        fate == RandomLog.Fate.LATE ? 1 : 0,
        0);
  }
}
