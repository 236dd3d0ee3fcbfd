package dev.tidemill.topology;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the broker for the end of partitions, again and again, on a thread of its own. */
final class HighWatermarks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HighWatermarks.class);

  private final Admin admin;
  private final Map<TopicPartition, OffsetSpec> request;
  private final BiConsumer<TopicPartition, CaughtUp.HighWatermark> told;
  private final Clock clock;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tidemill-high-watermarks");
            thread.setDaemon(true);
            return thread;
          });

  HighWatermarks(
      Admin admin,
      Collection<TopicPartition> partitions,
      BiConsumer<TopicPartition, CaughtUp.HighWatermark> told,
      Clock clock) {
    this.admin = admin;
    this.request =
        partitions.stream()
            .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
    this.told = told;
    this.clock = clock;
  }

  void start(Duration interval) {
    executor.scheduleWithFixedDelay(this::ask, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ask() {
    long nanos = System.nanoTime();
    long millis = clock.millis();
    try {
      admin
          .listOffsets(request, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get(30, TimeUnit.SECONDS)
          .forEach(
              (partition, info) ->
                  told.accept(partition, new CaughtUp.HighWatermark(info.offset(), nanos, millis)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // Without an answer nobody is idle: the safe side. The next round asks again.
      log.debug("Could not read the ends of partitions", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
