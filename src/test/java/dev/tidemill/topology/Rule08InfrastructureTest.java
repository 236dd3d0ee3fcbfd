package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.events.CollectedEvents;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.RegistryUnavailableException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Infrastructure trouble is never a data error. What is one, {@link VerdictTest} shows. */
@ExtendWith(Cluster.Shared.class)
class Rule08InfrastructureTest {

  @Test
  void a_registry_that_is_away_for_a_while_rejects_nothing(Cluster cluster) {
    Outage outage = new Outage(cluster.registry(), 2);
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2).soonIdle())) {
      CollectedEvents told = new CollectedEvents();
      pipeline.events().subscribe("pipeline", told);
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a", 2));
      pipeline.write(1, Event.of("2024-03-10T05:20:00", "a", 3));
      pipeline.start("a", Clock.systemUTC(), PipelineStreams.Seams.NONE, outage);

      pipeline.awaitPublished();
      assertThat(told.await("pipeline.thread_replaced").error()).isPresent();
      assertThat(told.await("pipeline.state").metadata()).containsKeys("from", "to");
      assertThat(outage.left.get()).as("times that the registry is still away").isZero();
      assertThat(pipeline.rejects()).isEmpty();
      assertThat(pipeline.rows("2024-03-10T05:00:00")).containsExactly("[a, 2, 5.0]");
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void a_timeout_out_of_forward_ends_the_thread_instead_of_processing_the_record_twice() {
    var context =
        (ProcessorContext<byte[], Outgoing>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ProcessorContext.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("forward")) {
                    throw new TimeoutException("no metadata");
                  }
                  return 0L;
                });
    assertThatThrownBy(
            () ->
                new StreamRecords(context)
                    .forward(
                        StreamRecords.TO_SHUFFLE,
                        StreamRecords.NO_KEY,
                        new Outgoing.Bytes(new byte[0])))
        .isInstanceOf(StreamsException.class)
        .hasCauseInstanceOf(TimeoutException.class);
  }

  /** Does not know schemas by their ids for a number of questions. */
  private static final class Outage implements Registry {
    private final Registry registry;
    private final AtomicInteger left;

    Outage(Registry registry, int times) {
      this.registry = registry;
      this.left = new AtomicInteger(times);
    }

    @Override
    public int register(String subject, Schema schema) {
      return registry.register(subject, schema);
    }

    @Override
    public Schema byId(int id) throws DecodeException {
      if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new RegistryUnavailableException("away", new IOException("away"));
      }
      return registry.byId(id);
    }

    @Override
    public Optional<Schema> latest(String subject) {
      return registry.latest(subject);
    }
  }
}
