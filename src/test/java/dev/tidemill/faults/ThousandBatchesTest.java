package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.topology.RandomLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is kept does not grow with the number of batches that have passed. */
@Tag("faults")
final class ThousandBatchesTest {
  private static final Duration KEEP = Duration.ofDays(1);
  private static final int PARTS = 10;
  private static final int KEYS = 8;

  @Test
  void memory_and_state_stay_after_a_thousand_batches_and_a_kill() {
    Setting setting = Setting.usual().records(20_000).pace(Duration.ofMinutes(13)).keep("1d");
    Trial.run(
        "thousand-batches",
        setting,
        trial -> {
          trial.append(setting.records() / PARTS);
          trial.start("a").awaitErr(" is published, ");
          trial.kill("a");
          ForkedTidemill running = trial.start("a");
          List<Footprint> samples = new ArrayList<>();
          for (int part = 1; part < PARTS; part++) {
            trial.append(setting.records() / PARTS);
            trial.awaitLoaded();
            samples.add(Footprint.of(running));
          }
          System.out.println("memory, a tenth of the batches each: " + samples);
          Footprint early = samples.get(PARTS / 3);
          Footprint late = samples.get(samples.size() - 1);
          assertThat(late.heap()).isLessThan(early.heap() + 16 * Footprint.MIB);
          assertThat(late.resident()).isLessThan(early.resident() * 5 / 4);
          assertThat(trial.watch().batches()).isGreaterThan(900);
          long kept = KEYS * keptBatches(trial.log());
          trial.await("groups of old batches are gone", () -> liveGroups(trial) <= kept);
        });
  }

  /** What a restore of all shares would bring back. */
  private static long liveGroups(Trial trial) {
    Map<Bytes, Integer> live = new HashMap<>();
    for (var record :
        TestClients.committed(
            trial.setting().brokers(), trial.topics().applicationId() + "-groups-changelog")) {
      if (record.value() == null) {
        live.remove(Bytes.wrap(record.key()));
      } else {
        live.put(Bytes.wrap(record.key()), record.partition());
      }
    }
    return live.size();
  }

  /** Those that some partition's clock has not left behind for good, and the one after. */
  private static long keptBatches(RandomLog log) {
    Instant[] clocks = new Instant[log.partitions()];
    for (RandomLog.Entry entry : log.entries()) {
      Instant clock = clocks[entry.partition()];
      if (entry.event().isPresent() && (clock == null || entry.event().get().at().isAfter(clock))) {
        clocks[entry.partition()] = entry.event().get().at();
      }
    }
    Instant slowest = List.of(clocks).stream().min(Instant::compareTo).orElseThrow();
    Instant kept = slowest.minus(KEEP).minus(RandomLog.GRACE).minus(Duration.ofHours(2));
    return log.spans().keySet().stream().filter(batch -> batch.isAfter(kept)).count();
  }
}
