package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what nobody needs any more (rule 12): results that every target has staged, once they are
 * older than {@code keep}, and acks that the owner has read. A target of which no offset is known
 * keeps all results. Several instances may do it at the same time. Trouble is logged, and tried
 * again the next time.
 *
 * <p>A thread of its own does it, from {@link #start} to {@link #close}.
 */
public final class Cleanup implements AutoCloseable {

  /** How often a running pipeline looks. */
  public static final Duration INTERVAL = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
  private static final long PATIENCE_SECONDS = 30;

  private final Topics topics;
  private final List<String> targets;
  private final Duration keep;
  private final Clock clock;
  private final Duration interval;
  private final BackOff backOff;
  private final Admin admin;
  private final ScheduledExecutorService executor;

  /**
   * @param targets the names of all targets of the pipeline
   * @param keep how old results must be, by the time at which the broker appended them
   */
  public Cleanup(
      ServerSettings settings,
      Topics topics,
      Collection<String> targets,
      Duration keep,
      Clock clock,
      Duration interval) {
    this.topics = requireNonNull(topics, "topics");
    this.targets = List.copyOf(targets);
    this.keep = requireNonNull(keep, "keep");
    this.clock = requireNonNull(clock, "clock");
    this.interval = requireNonNull(interval, "interval");
    this.backOff = new BackOff(clock);
    String name = topics.applicationId() + ".cleanup";
    this.admin = new LoaderClients(settings, name).admin();
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  public void start() {
    executor.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    if (!backOff.isOver()) {
      return;
    }
    try {
      clean();
      backOff.worked();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      backOff.failed(topics.results() + ": old results are not deleted: " + cause, e);
    }
  }

  /** Once, and now. */
  void clean() throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> deletable = results();
    deletable.putAll(acks());
    Map<TopicPartition, Long> first = offsets(deletable.keySet(), OffsetSpec.earliest());
    deletable.entrySet().removeIf(each -> each.getValue() <= first.get(each.getKey()));
    if (!deletable.isEmpty()) {
      LOG.debug("deleting what is before {}", deletable);
      get(
          admin
              .deleteRecords(
                  deletable.entrySet().stream()
                      .collect(
                          Collectors.toMap(
                              Map.Entry::getKey,
                              each -> RecordsToDelete.beforeOffset(each.getValue()))))
              .all());
    }
  }

  /** Before which offsets no target needs the results. */
  private Map<TopicPartition, Long> results()
      throws ExecutionException, TimeoutException, InterruptedException {
    ResultsTopic topic = ResultsTopic.describe(admin, topics.results());
    // The ends come first: what is appended after them is young.
    Map<TopicPartition, Long> bounds = new HashMap<>(offsets(topic.all(), OffsetSpec.latest()));
    long youngest = Math.max(0, clock.instant().minus(keep).toEpochMilli()); // ms since 1970
    offsets(topic.all(), OffsetSpec.forTimestamp(youngest))
        .forEach(
            (partition, offset) -> {
              if (offset >= 0) {
                bounds.merge(partition, offset, Math::min);
              }
            });
    if (targets.isEmpty()) {
      bounds.clear();
    }
    // And these last: a target that was lost takes back what it had said.
    for (String target : targets) {
      Map<TopicPartition, Long> staged = committed(topics.loaderGroup(target));
      bounds.keySet().retainAll(staged.keySet());
      bounds.replaceAll((partition, bound) -> Math.min(bound, staged.get(partition)));
    }
    return bounds;
  }

  /** Before which offset the owner has read the acks. */
  private Map<TopicPartition, Long> acks()
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> read = committed(topics.applicationId());
    read.keySet().removeIf(partition -> !partition.topic().equals(topics.acks()));
    return read;
  }

  private Map<TopicPartition, Long> committed(String group)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> known =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    known.forEach(
        (partition, offset) -> {
          if (offset != null) {
            committed.put(partition, offset.offset());
          }
        });
    return committed;
  }

  private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, TimeoutException, InterruptedException {
    return get(
            admin
                .listOffsets(
                    partitions.stream().collect(Collectors.toMap(Function.identity(), p -> spec)))
                .all())
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
    admin.close(Duration.ofSeconds(1));
  }
}
