package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A producer that sets both of a record's times is trusted by the definition, or not at all. */
@ExtendWith(Cluster.Shared.class)
class Rule10TrustTest {
  private static final Spec SPEC = Spec.sums(1).soonIdle();

  @Test
  void a_topic_whose_producers_set_its_timestamps_is_refused_with_what_to_do(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC.withoutTrust())) {
      assertThatThrownBy(pipeline::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("source 'events', topic " + pipeline.source())
          .hasMessageContaining("one record of the year 2099 would close every batch before it")
          .hasMessageContaining("'max-jump: 1d'")
          .hasMessageContaining("'trust-timestamps: true'")
          .hasMessageContaining("message.timestamp.type=LogAppendTime");
    }
  }

  @Test
  void the_brokers_timestamps_need_no_trust(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC.withoutTrust())) {
      pipeline.letTheBrokerSetTimestamps();
      assertRuns(pipeline);
    }
  }

  @Test
  void a_limit_for_jumps_is_enough(Cluster cluster) {
    Spec spec = SPEC.withoutTrust().maxJump(Duration.ofDays(1));
    try (TestPipeline pipeline = new TestPipeline(cluster, spec)) {
      assertRuns(pipeline);
    }
  }

  @Test
  void trust_is_enough(Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, SPEC)) {
      assertRuns(pipeline);
    }
  }

  @Test
  void by_the_clock_of_the_wall_only_the_brokers_timestamps_will_do(Cluster cluster) {
    Spec trusting = SPEC.byTheWall().maxJump(Duration.ofDays(1));
    try (TestPipeline pipeline = new TestPipeline(cluster, trusting)) {
      assertThatThrownBy(pipeline::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("source 'events', topic " + pipeline.source())
          .hasMessageContaining("'clock: wall'")
          .hasMessageContaining("message.timestamp.type=LogAppendTime")
          .hasMessageNotContaining("trust-timestamps");
    }
  }

  private static void assertRuns(TestPipeline pipeline) {
    pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
    pipeline.start();
    pipeline.awaitPublished();
  }
}
