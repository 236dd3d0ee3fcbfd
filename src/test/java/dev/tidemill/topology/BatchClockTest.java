package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.CloseReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which batch a record belongs to, if it is not the record that tells. */
class BatchClockTest {
  private static final SimulatedPipeline.Parts WALL =
      new SimulatedPipeline.Parts(Spec.sums(2).byTheWall().soonIdle());
  private static final SimulatedPipeline.Parts PAIRS =
      new SimulatedPipeline.Parts(Spec.sums(2).every(2).soonIdle());

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

  @Test
  void a_record_belongs_to_the_batch_of_its_number_in_its_partition_whatever_it_is() {
    SimulatedPipeline pipeline = new SimulatedPipeline(PAIRS, Share.CHUNK);
    pipeline.append(0, Event.of("2024-03-10T05:00:00", "a", 1)); // number 0
    pipeline.append(0, new byte[] {7}); // 1: can not be read, and is the last of its batch
    pipeline.append(0, Event.of("2001-01-01T00:00:00", "a", -1)); // 2: is filtered
    pipeline.append(0, Event.of("2099-01-01T00:00:00", "a", 4)); // 3
    pipeline.append(1, Event.of("2024-03-10T05:00:00", "a", 8)); // 0
    pipeline.append(1, Event.of("2024-03-10T05:00:00", "b", 16)); // 1
    pipeline.settle();
    assertThat(rows(pipeline))
        .isEqualTo(
            Map.of(
                "1970-01-01T00:00:00Z", List.of("[a, 2, 9.0]", "[b, 1, 16.0]"),
                "1970-01-01T00:00:01Z", List.of("[a, 1, 4.0]")));
    assertThat(pipeline.reads())
        .anyMatch(read -> read.endsWith("0: 4 read, 1 in no batch"))
        .anyMatch(read -> read.endsWith("1: 2 read, 0 in no batch"));
  }

  @Test
  void a_batch_closes_with_its_last_record_though_nothing_can_read_it() {
    SimulatedPipeline pipeline = new SimulatedPipeline(PAIRS, Share.CHUNK);
    for (int partition = 0; partition < 2; partition++) {
      pipeline.append(partition, Event.of("2024-03-10T05:00:00", "a", 1));
      pipeline.append(partition, new byte[] {7});
    }
    pipeline.settle();
    assertThat(pipeline.entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.closeReason()).contains(CloseReason.CLOCK);
              assertThat(entry.balances()).isTrue();
            });
  }

  @Test
  void the_numbers_go_on_after_a_restart() {
    SimulatedPipeline pipeline = new SimulatedPipeline(PAIRS, Share.CHUNK);
    for (int i = 0; i < 5; i++) {
      pipeline.append(0, Event.of("2024-03-10T05:00:00", "k" + i, 1));
      pipeline.settle();
      pipeline.tasks().forEach(SimulatedTask::restart);
    }
    assertThat(rows(pipeline))
        .isEqualTo(
            Map.of(
                "1970-01-01T00:00:00Z", List.of("[k0, 1, 1.0]", "[k1, 1, 1.0]"),
                "1970-01-01T00:00:01Z", List.of("[k2, 1, 1.0]", "[k3, 1, 1.0]"),
                "1970-01-01T00:00:02Z", List.of("[k4, 1, 1.0]")));
  }

  @Test
  void a_partition_that_was_silent_reopens_the_batch_that_did_not_wait_for_it() {
    SimulatedPipeline pipeline = new SimulatedPipeline(PAIRS, Share.CHUNK);
    pipeline.append(0, Event.of("2024-03-10T05:00:00", "a", 1));
    pipeline.append(0, Event.of("2024-03-10T05:00:00", "a", 2));
    pipeline.settle();
    assertThat(pipeline.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.closeReason()).contains(CloseReason.IDLE));

    pipeline.append(1, Event.of("2024-03-10T05:00:00", "a", 4));
    pipeline.settle();
    assertThat(pipeline.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.attempt()).isEqualTo(2));
    assertThat(rows(pipeline)).isEqualTo(Map.of("1970-01-01T00:00:00Z", List.of("[a, 3, 7.0]")));
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
