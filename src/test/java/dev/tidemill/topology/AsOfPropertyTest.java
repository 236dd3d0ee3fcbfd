package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.Books;
import dev.tidemill.batch.JoinCount;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.definition.BatchRule.LatePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Promise 1 with a table as it was: however the logs of stream and table lie between each other,
 * whoever reads on, commits, dies or goes on elsewhere, the final content and books are those of a
 * run that has read the whole table first. Versions come late, come twice and are deleted.
 */
class AsOfPropertyTest {
  private static final int LOGS = 20;
  private static final int RECORDS = 120;
  private static final int VERSIONS = 60;
  private static final int CHUNK = 3;
  private static final Instant BEGIN = Instant.parse("2024-03-10T00:00:00Z");
  private static final Instant END = Instant.parse("2025-01-01T00:00:00Z");

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT e.k, COUNT(*) AS n, COUNT(r.k) AS found, SUM(r.amount) AS rates FROM events e"
              + " LEFT JOIN rates FOR SYSTEM_TIME AS OF e.at AS r ON e.k = r.k"
              + " WHERE e.amount >= 0 GROUP BY e.k",
          "SELECT e.k, e.amount, r.amount AS rate FROM events e"
              + " JOIN rates FOR SYSTEM_TIME AS OF e.at AS r ON e.k = r.k AND r.amount > 20");

  /** Everything of a batch that must not depend on the run. */
  private record Final(Books books, Map<String, JoinCount> joins, List<String> rows) {}

  private record Rate(int partition, String key, Optional<Event> row, Instant written) {}

  @ParameterizedTest(name = "late: {0}")
  @EnumSource
  void rows_are_those_of_the_records_time_whatever_comes_first(LatePolicy late) {
    for (String sql : STATEMENTS) {
      SimulatedPipeline.Parts parts =
          new SimulatedPipeline.Parts(
              Spec.sums(RandomLog.PARTITIONS)
                  .grace(RandomLog.GRACE)
                  .soonIdle()
                  .late(late)
                  .rates(Duration.ofDays(10_000))
                  .sql(sql));
      long first = Long.getLong("tidemill.seed", 1);
      long held = 0;
      for (long seed = first; seed < first + LOGS; seed++) {
        RandomLog log = new RandomLog(seed, RECORDS).late(late);
        List<Rate> rates = rates(new Random(seed));
        SimulatedPipeline calm = new SimulatedPipeline(parts, CHUNK);
        rates.forEach(rate -> append(calm, rate));
        log.entries().forEach(entry -> append(calm, parts, entry));
        calm.settle();

        SimulatedPipeline wild = new SimulatedPipeline(parts, CHUNK);
        held += run(wild, parts, log, rates, new Random(31 * seed));
        wild.settle();

        assertThat(wild.entries())
            .as("seed %d: every batch ends, with books that balance", seed)
            .isNotEmpty()
            .allMatch(entry -> entry.state() == BatchState.READY && entry.balances());
        assertThat(finals(wild)).as("seed %d: %s", seed, sql).isEqualTo(finals(calm));
        assertThat(wild.rejects()).containsExactlyInAnyOrderElementsOf(calm.rejects());
      }
      assertThat(held).as("records did wait").isGreaterThan(10L * LOGS);
    }
  }

  @ParameterizedTest(name = "late: {0}")
  @EnumSource
  void records_that_have_waited_for_nothing_are_counted_once_however_often_tasks_begin_again(
      LatePolicy late) {
    SimulatedPipeline.Parts parts =
        new SimulatedPipeline.Parts(
            Spec.sums(RandomLog.PARTITIONS)
                .grace(RandomLog.GRACE)
                .soonIdle()
                .late(late)
                .rates(Duration.ZERO)
                .sql(STATEMENTS.get(0)));
    long first = Long.getLong("tidemill.seed", 1);
    long inTime = 0;
    long waitedOut = 0;
    for (long seed = first; seed < first + LOGS / 2; seed++) {
      RandomLog log = new RandomLog(seed, RECORDS).late(late);
      List<Rate> rates = rates(new Random(seed)).subList(0, VERSIONS / 2);
      SimulatedPipeline calm = new SimulatedPipeline(parts, CHUNK);
      SimulatedPipeline wild = new SimulatedPipeline(parts, CHUNK);
      for (SimulatedPipeline pipeline : List.of(calm, wild)) {
        rates.forEach(rate -> append(pipeline, rate));
        pipeline.tableIsReadUntil(END);
      }
      log.entries().forEach(entry -> append(calm, parts, entry));
      calm.settle();
      run(wild, parts, log, List.of(), new Random(31 * seed));
      wild.settle();

      Instant known = known(rates);
      for (LedgerEntry entry : wild.entries()) {
        JoinCount found = entry.joins().getOrDefault("rates", JoinCount.NONE);
        long looks = found.hits() + found.misses();
        if (!entry.batch().end().isAfter(known)) {
          assertThat(found.waitedOut()).as("seed %d: %s", seed, entry.batch()).isZero();
          inTime += looks;
        } else if (!entry.batch().start().isBefore(known)) {
          assertThat(found.waitedOut()).as("seed %d: %s", seed, entry.batch()).isEqualTo(looks);
          waitedOut += looks;
        }
      }
      assertThat(finals(wild)).as("seed %d", seed).isEqualTo(finals(calm));
    }
    assertThat(inTime).as("looks in time").isPositive();
    assertThat(waitedOut).as("looks that had waited long enough").isPositive();
  }

  /** The table's clock when all of it is read. */
  private static Instant known(List<Rate> rates) {
    Map<Integer, Instant> newest = new TreeMap<>();
    for (Rate rate : rates) {
      rate.row()
          .ifPresent(
              row -> newest.merge(rate.partition(), row.at(), (a, b) -> a.isAfter(b) ? a : b));
    }
    return Collections.min(newest.values()).minus(RandomLog.GRACE);
  }

  /** Each key in one partition; the last ones say that nothing more comes. */
  private static List<Rate> rates(Random random) {
    var rates = new ArrayList<Rate>();
    Instant now = BEGIN.minus(Duration.ofHours(2));
    for (int i = 0; i < VERSIONS; i++) {
      now = now.plus(Duration.ofSeconds(random.nextInt(900)));
      int k = random.nextInt(8);
      Instant at = now.minus(Duration.ofMinutes(random.nextInt(3) == 0 ? random.nextInt(90) : 0));
      String key = "k" + k;
      boolean deleted = random.nextInt(6) == 0;
      rates.add(
          new Rate(
              k % SimulatedPipeline.TABLE_PARTITIONS,
              key,
              deleted
                  ? Optional.empty()
                  : Optional.of(new Event(at, key, random.nextInt(400) / 8.0)),
              now));
    }
    for (int partition = 0; partition < SimulatedPipeline.TABLE_PARTITIONS; partition++) {
      rates.add(new Rate(partition, "z", Optional.of(new Event(END, "z", 0)), END));
    }
    return rates;
  }

  /**
   * @return how many records waited at the ends of steps, added up
   */
  private static long run(
      SimulatedPipeline pipeline,
      SimulatedPipeline.Parts parts,
      RandomLog log,
      List<Rate> rates,
      Random random) {
    List<RandomLog.Entry> left = new ArrayList<>(log.entries());
    List<Rate> ratesLeft = new ArrayList<>(rates);
    long waiting = 0;
    List<List<SimulatedTask<?>>> threads = share(pipeline, random);
    while (!left.isEmpty() || !ratesLeft.isEmpty()) {
      List<SimulatedTask<?>> thread = threads.get(random.nextInt(threads.size()));
      int task = random.nextInt(RandomLog.PARTITIONS);
      switch (random.nextInt(10)) {
        case 0 -> {
          for (int i = random.nextInt(8); i >= 0 && !left.isEmpty(); i--) {
            append(pipeline, parts, left.remove(0));
          }
        }
        case 1 -> {
          for (int i = random.nextInt(3); i >= 0 && !ratesLeft.isEmpty(); i--) {
            append(pipeline, ratesLeft.remove(0));
          }
        }
        case 2, 3 -> {
          int partition = random.nextInt(SimulatedPipeline.TABLE_PARTITIONS);
          for (int i = random.nextInt(4); i >= 0 && pipeline.readRate(task, partition); i--) {}
        }
        case 4, 5 -> {
          SimulatedTask<?> one = thread.get(random.nextInt(thread.size()));
          for (int i = random.nextInt(30); i >= 0 && one.processOne(); i--) {}
        }
        case 6 -> pipeline.commit(thread);
        case 7 -> pipeline.commitSilent(thread);
        case 8 -> {
          thread.forEach(SimulatedTask::tick);
          pipeline.commit(thread);
        }
        default -> {
          if (random.nextInt(3) == 0) {
            thread.forEach(SimulatedTask::restart);
          } else if (random.nextInt(3) == 0) {
            threads.forEach(pipeline::commit);
            pipeline.tasks().forEach(SimulatedTask::restart);
            threads = share(pipeline, random);
          }
        }
      }
      waiting += pipeline.intake(task).entries(Intake.WAITING);
    }
    return waiting;
  }

  private static List<List<SimulatedTask<?>>> share(SimulatedPipeline pipeline, Random random) {
    List<SimulatedTask<?>> tasks = new ArrayList<>(pipeline.tasks());
    Collections.shuffle(tasks, random);
    int middle = 1 + random.nextInt(tasks.size() - 1);
    return List.of(tasks.subList(0, middle), tasks.subList(middle, tasks.size()));
  }

  private static void append(SimulatedPipeline pipeline, Rate rate) {
    pipeline.appendRate(rate.partition, rate.key, rate.row, rate.written);
  }

  private static void append(
      SimulatedPipeline pipeline, SimulatedPipeline.Parts parts, RandomLog.Entry entry) {
    pipeline.append(entry.partition(), entry.bytes(parts::bytes));
  }

  private static SortedMap<Instant, Final> finals(SimulatedPipeline pipeline) {
    SortedMap<Instant, Final> finals = new TreeMap<>();
    for (LedgerEntry entry : pipeline.entries()) {
      finals.put(
          entry.batch().start(),
          new Final(
              entry.books(),
              entry.joins(),
              pipeline.rows(entry).stream().map(HexFormat.of()::formatHex).toList()));
    }
    return finals;
  }
}
