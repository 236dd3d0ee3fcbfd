package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What depends on order follows event time, then the place in the log, and never the arrival. */
@ExtendWith(Cluster.Shared.class)
class Rule13PlaceTest {
  private static final String SQL =
      """
      SELECT k, FIRST_VALUE(amount) AS first, LAST_VALUE(amount) AS last,
             STRING_AGG(CAST(CAST(amount AS INTEGER) AS VARCHAR), ' ') AS all_of_them
      FROM events GROUP BY k
      """;

  @Test
  void rows_are_ordered_by_event_time_then_partition_then_offset(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).sql(SQL).soonIdle())) {
      // The higher partition first; it has the earliest event, and two that tie with the lower.
      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a", 4));
      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a", 8));
      pipeline.write(1, Event.of("2024-03-10T05:10:00", "a", 5));
      pipeline.write(0, Event.of("2024-03-10T05:30:00", "a", 1));
      pipeline.write(0, Event.of("2024-03-10T05:20:00", "a", 3));
      pipeline.write(0, Event.of("2024-03-10T05:20:00", "a", 9));
      pipeline.start();
      pipeline.awaitPublished();

      assertThat(pipeline.rows("2024-03-10T05:00:00"))
          .isEqualTo(List.of("[a, 5.0, 1.0, 5 3 9 4 8 1]"));
    }
  }
}
