package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sums and averages do not depend on the order of the records, to the last bit. */
@ExtendWith(Cluster.Shared.class)
class Rule13ExactSumsTest {
  private static final String SQL =
      "SELECT k, SUM(amount) AS total, AVG(amount) AS mean FROM events GROUP BY k";

  @Test
  void partitions_and_order_do_not_change_a_bit_of_a_double(Cluster cluster) {
    List<Event> events = new ArrayList<>();
    Random random = new Random(13);
    for (int i = 0; i < 300; i++) {
      double amount = random.nextGaussian() * Math.pow(10, random.nextInt(30));
      events.add(Event.of("2024-03-10T05:10:00", "k" + i % 3, amount));
    }
    assertThat(sumInOrder(events)).isNotEqualTo(sumInOrder(reversed(events)));

    List<String> one = run(cluster, 1, events);
    Collections.shuffle(events, random);
    assertThat(run(cluster, 3, events)).hasSize(3).isEqualTo(one);
  }

  @Test
  void a_sum_that_overflows_fails_its_batch_visibly_and_no_other(Cluster cluster) {
    String sql = "SELECT k, SUM(CAST(amount AS BIGINT)) AS total FROM events GROUP BY k";
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).sql(sql).soonIdle())) {
      for (int partition = 0; partition < 2; partition++) {
        pipeline.write(partition, Event.of("2024-03-10T05:10:00", "a", 9e18));
        pipeline.write(partition, Event.of("2024-03-10T06:10:00", "a", 4e18));
      }
      pipeline.start();
      LedgerEntry other = pipeline.awaitState("2024-03-10T06:00:00", BatchState.READY);
      LedgerEntry failed = pipeline.awaitState("2024-03-10T05:00:00", BatchState.FAILED);

      assertThat(failed.note()).contains("18000000000000000000 does not fit BIGINT");
      assertThat(other.resultRows()).isEqualTo(1);
      assertThat(pipeline.rows("2024-03-10T06:00:00")).containsExactly("[a, 8000000000000000000]");
    }
  }

  private static List<String> run(Cluster cluster, int partitions, List<Event> events) {
    Spec spec = Spec.sums(partitions).sql(SQL).soonIdle();
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      pipeline.start().running();
      for (int i = 0; i < events.size(); i++) {
        pipeline.write(i % partitions, events.get(i));
      }
      pipeline.awaitPublished();
      return pipeline.rows("2024-03-10T05:00:00");
    }
  }

  private static List<Event> reversed(List<Event> events) {
    List<Event> copy = new ArrayList<>(events);
    Collections.reverse(copy);
    return copy;
  }

  private static double sumInOrder(List<Event> events) {
    double sum = 0;
    for (Event event : events) {
      sum += event.amount();
    }
    return sum;
  }
}
