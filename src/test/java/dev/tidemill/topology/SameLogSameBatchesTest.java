package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.Books;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.cli.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 1: content and books are a function of the log, whatever happens to the processes. The
 * target holds what DuckDB makes of the accepted records.
 */
@ExtendWith(Cluster.Shared.class)
class SameLogSameBatchesTest {
  private static final int RECORDS = 900;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void restarts_deaths_and_a_second_instance_change_nothing(long seed, Cluster cluster)
      throws Exception {
    RandomLog log = new RandomLog(seed, RECORDS);
    Path warehouse = cluster.folder("warehouse").resolve("seed-" + seed + ".duckdb");
    Spec spec =
        Spec.sums(RandomLog.PARTITIONS)
            .sql(RandomLog.SQL)
            .grace(RandomLog.GRACE)
            .expect("known", RandomLog.RULE)
            .soonIdle()
            .into(warehouse);
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      write(pipeline, log.entries().subList(0, 300));
      Instance first = pipeline.start("a").running();
      pipeline.awaitAccounted();
      write(pipeline, log.entries().subList(300, 500));
      Instance second = pipeline.start("b");
      pipeline.awaitAccounted();
      write(pipeline, log.entries().subList(500, 700));
      first.close();
      var death =
          new DyingProducers(1, pipeline.topics().shuffle(), commit -> commit.partials() > 0);
      pipeline.start("a", Clock.systemUTC(), death.seams()).running();
      write(pipeline, log.entries().subList(700, RECORDS));
      second.close();
      List<LedgerEntry> ledger = pipeline.awaitPublished();

      assertThat(death.happened()).isEqualTo(1);
      assertThat(books(ledger)).isEqualTo(log.books());
      assertThat(ledger).allMatch(LedgerEntry::balances);
      first.close();
      assertThat(loaded(warehouse)).isEqualTo(log.rows(RandomLog.SQL));
    }
  }

  /** At full speed by one, throttled by two, and by three of which the third comes and goes. */
  @Test
  void one_two_or_three_instances_make_the_same_bytes(Cluster cluster) {
    RandomLog log = RandomLog.rough(3, 400);
    Spec spec =
        Spec.sums(RandomLog.PARTITIONS)
            .sql(RandomLog.SQL)
            .grace(RandomLog.GRACE)
            .expect("known", RandomLog.RULE)
            .soonIdle();
    try (TestPipeline one = new TestPipeline(cluster, spec);
        TestPipeline two = new TestPipeline(cluster, spec);
        TestPipeline three = new TestPipeline(cluster, spec)) {
      write(one, log.entries());
      one.start("a");

      two.start("a");
      two.start("b");
      for (int from = 0; from < 400; from += 50) {
        write(two, log.entries().subList(from, from + 50));
        two.awaitAccounted();
      }

      Instance first = three.start("a");
      three.start("b");
      write(three, log.entries().subList(0, 100));
      three.awaitAccounted();
      Instance third = three.start("c").running();
      write(three, log.entries().subList(100, 200));
      three.awaitAccounted();
      third.close();
      write(three, log.entries().subList(200, 300));
      first.close();
      write(three, log.entries().subList(300, 400));
      three.start("a");

      assertThat(books(one.awaitPublished())).isEqualTo(log.books());
      assertThat(books(two.awaitPublished())).isEqualTo(log.books());
      assertThat(books(three.awaitPublished())).isEqualTo(log.books());
      assertThat(rows(one)).isEqualTo(log.expected());
      assertThat(rows(two)).isEqualTo(log.expected());
      assertThat(rows(three)).isEqualTo(log.expected());
    }
  }

  /** The text of a double is as exact as its bytes. Without empty batches. */
  private static SortedMap<Instant, List<String>> rows(TestPipeline pipeline) {
    SortedMap<Instant, List<String>> rows = new TreeMap<>(pipeline.content());
    rows.values().removeIf(List::isEmpty);
    return rows;
  }

  private static void write(TestPipeline pipeline, List<RandomLog.Entry> entries) {
    for (RandomLog.Entry entry : entries) {
      byte[] value = entry.bytes(pipeline::bytes);
      pipeline.send(new ProducerRecord<>(pipeline.source(), entry.partition(), null, value));
    }
    pipeline.flush();
  }

  /** Without the empty batches between. */
  private static SortedMap<Instant, Books> books(List<LedgerEntry> ledger) {
    SortedMap<Instant, Books> books = new TreeMap<>();
    for (LedgerEntry entry : ledger) {
      if (entry.books().read() > 0) {
        books.put(entry.batch().start(), entry.books());
      }
    }
    return books;
  }

  /** What the target holds, batch by batch. */
  private static SortedMap<Instant, List<String>> loaded(Path warehouse) {
    SortedMap<Instant, List<String>> loaded = new TreeMap<>();
    for (List<Object> row :
        Table.query(
            "jdbc:duckdb:" + warehouse,
            "SELECT batch_start, k, n, total, least, most FROM sums ORDER BY k")) {
      loaded
          .computeIfAbsent((Instant) row.get(0), b -> new ArrayList<>())
          .add(row.subList(1, row.size()).toString());
    }
    return loaded;
  }
}
