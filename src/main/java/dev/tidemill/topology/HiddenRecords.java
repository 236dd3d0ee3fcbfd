package dev.tidemill.topology;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds partitions in which a transaction that does not end hides what comes after it from
 * everybody who reads committed records only, and tells of each once (KIP-664). Asks the broker a
 * few times within its patience, on a thread of its own. Thread-safe.
 */
final class HiddenRecords implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HiddenRecords.class);
  private static final int ROUNDS = 8; // questions within the patience
  private static final int WAIT_SECONDS = 30;

  /**
   * @param stable the partition's last stable offset, with records behind it
   * @param since when it was first seen there
   */
  private record Standing(long stable, Instant since, long sinceNanos, boolean told) {
    Standing whenTold() {
      return new Standing(stable, since, sinceNanos, true);
    }
  }

  private final Admin admin;
  private final Map<TopicPartition, OffsetSpec> ends;
  private final Duration patience;
  private final Clock clock;
  private final Map<TopicPartition, Standing> standing = new HashMap<>(); // the executor's alone
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tidemill-hidden-records");
            thread.setDaemon(true);
            return thread;
          });
  private volatile long hidden;

  /**
   * @param patience how long a transaction may be open before it is told of
   */
  HiddenRecords(
      Admin admin, Collection<TopicPartition> partitions, Duration patience, Clock clock) {
    this.admin = admin;
    this.ends =
        partitions.stream()
            .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
    this.patience = patience;
    this.clock = clock;
  }

  void start() {
    long pause = Math.max(1, patience.toMillis() / ROUNDS);
    executor.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  /**
   * Offsets behind transactions that were told of, in all partitions; 0 if there is none. As it was
   * when the broker last answered.
   */
  long count() {
    return hidden;
  }

  private void look() {
    try {
      // In this order nothing that is committed in between looks hidden.
      Map<TopicPartition, ListOffsetsResultInfo> high = ends(IsolationLevel.READ_UNCOMMITTED);
      Map<TopicPartition, ListOffsetsResultInfo> stable = ends(IsolationLevel.READ_COMMITTED);
      long sum = 0;
      for (TopicPartition partition : ends.keySet()) {
        long from = stable.get(partition).offset();
        long behind = high.get(partition).offset() - from;
        if (behind > 0 && isStuck(partition, from)) {
          sum += behind;
        }
        if (behind <= 0) {
          standing.remove(partition);
        }
      }
      hidden = sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.debug("Could not read the last stable offsets", e); // the next round asks again
    }
  }

  private boolean isStuck(TopicPartition partition, long stable) throws InterruptedException {
    long now = System.nanoTime();
    Standing known = standing.get(partition);
    if (known == null || known.stable() != stable) {
      standing.put(partition, new Standing(stable, clock.instant(), now, false));
      return false;
    }
    if (!known.told() && now - known.sinceNanos() > patience.toNanos()) {
      standing.put(partition, known.whenTold());
      tell(partition, known);
    }
    return standing.get(partition).told();
  }

  private void tell(TopicPartition partition, Standing known) throws InterruptedException {
    log.warn(
        "A transaction{} hides the records of {} from offset {} on, since {} or longer. Nobody can"
            + " read them, and their batches stay open, until it ends. If its producer is gone: bin/"
            + "kafka-transactions.sh --bootstrap-server HOST:PORT abort --topic {} --partition {}"
            + " --start-offset {}. See 'Hidden records' in docs/cluster.md.",
        producer(partition, known.stable()),
        partition,
        known.stable(),
        known.since(),
        partition.topic(),
        partition.partition(),
        known.stable());
  }

  /** Whose transaction it is, as far as the broker tells. */
  private String producer(TopicPartition partition, long start) throws InterruptedException {
    try {
      return admin
          .describeProducers(List.of(partition))
          .partitionResult(partition)
          .get(WAIT_SECONDS, TimeUnit.SECONDS)
          .activeProducers()
          .stream()
          .filter(producer -> producer.currentTransactionStartOffset().orElse(-1) == start)
          .findFirst()
          .map(producer -> " of producer id " + producer.producerId())
          .orElse("");
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Could not describe the producers of {}", partition, e);
      return "";
    }
  }

  private Map<TopicPartition, ListOffsetsResultInfo> ends(IsolationLevel level)
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin
        .listOffsets(ends, new ListOffsetsOptions(level))
        .all()
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
