package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which batch a record belongs to, if it is not the record that tells. */
class BatchClockTest {
  private static final SimulatedPipeline.Parts WALL =
      new SimulatedPipeline.Parts(Spec.sums(2).byTheWall().soonIdle());

  @Test
  void by_the_wall_a_record_belongs_to_the_hour_in_which_it_was_written() {
    SimulatedPipeline pipeline = new SimulatedPipeline(WALL, Share.CHUNK);
    Event longAgo = Event.of("2001-01-01T00:00:00", "a", 1);
    pipeline.append(0, longAgo, at("2024-03-10T05:59:59.999Z"));
    pipeline.append(0, longAgo, at("2024-03-10T06:00:00Z"));
    pipeline.append(1, Event.of("2099-01-01T00:00:00", "a", 2), at("2024-03-10T05:10:00Z"));
    pipeline.settle();
    assertThat(rows(pipeline))
        .isEqualTo(
            Map.of(
                "2024-03-10T05:00:00Z", List.of("[a, 2, 3.0]"),
                "2024-03-10T06:00:00Z", List.of("[a, 1, 1.0]")));
    assertThat(pipeline.rejects()).isEmpty();
  }

  @Test
  void by_the_wall_no_record_is_late_though_the_clock_of_the_broker_goes_back() {
    SimulatedPipeline pipeline = new SimulatedPipeline(WALL, Share.CHUNK);
    pipeline.append(0, Event.of("2001-01-01T00:00:00", "a", 1), at("2024-03-10T08:00:00Z"));
    pipeline.append(0, Event.of("2001-01-01T00:00:00", "a", 2), at("2024-03-10T05:59:00Z"));
    pipeline.settle();
    assertThat(rows(pipeline)).isEqualTo(Map.of("2024-03-10T08:00:00Z", List.of("[a, 2, 3.0]")));
    assertThat(pipeline.rejects()).isEmpty();
  }

  private static long at(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  /** Of every batch that has any. */
  private static Map<String, List<String>> rows(SimulatedPipeline pipeline) {
    return pipeline.entries().stream()
        .filter(entry -> !pipeline.texts(entry).isEmpty())
        .collect(Collectors.toMap(entry -> entry.batch().id(), pipeline::texts));
  }
}
