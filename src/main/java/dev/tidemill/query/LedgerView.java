package dev.tidemill.query;

import dev.tidemill.batch.Batch;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.Pause;
import dev.tidemill.batch.SourceCounts;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.LedgerCodec;
import dev.tidemill.schema.PartitionReadCodec;
import dev.tidemill.schema.PauseCodec;
import dev.tidemill.schema.Registry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed ledger of a pipeline, read from its topic. Not thread-safe; {@link #poll} brings it
 * up to date.
 */
public final class LedgerView implements AutoCloseable {
  private static final Duration BROKER_WAIT = Duration.ofSeconds(10);

  private final LedgerCodec entryCodec;
  private final PartitionReadCodec readCodec;
  private final PauseCodec pauseCodec;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private long endAtFirst = -1;
  private boolean caughtUp;
  private final TreeMap<Batch, LedgerEntry> entries = new TreeMap<>();
  private final Map<String, PartitionRead> reads = new TreeMap<>();
  private final Map<String, Pause> pauses = new TreeMap<>();

  /** The ledger's topic must exist. Nothing is registered, so that looking changes nothing. */
  public LedgerView(Topics topics, Registry registry, ServerSettings server) {
    entryCodec = LedgerCodec.reading(registry);
    readCodec = PartitionReadCodec.reading(registry);
    pauseCodec = PauseCodec.reading(registry);
    Map<String, Object> config = new HashMap<>(server.kafka());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, server.brokers());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partition = new TopicPartition(topics.ledger(), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /**
   * The pipelines that have a ledger on these brokers.
   *
   * @throws Unavailable if no broker answers
   */
  public static Set<String> pipelines(ServerSettings server) {
    Map<String, Object> config = new HashMap<>(server.kafka());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, server.brokers());
    try (Admin admin = Admin.create(config)) {
      // The call's own timeout: one that is still under way would keep close() waiting for it.
      var timeout = new ListTopicsOptions().timeoutMs((int) BROKER_WAIT.toMillis());
      return admin.listTopics(timeout).names().get().stream()
          .flatMap(topic -> Topics.pipelineOfLedger(topic).stream())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (KafkaException | ExecutionException e) {
      throw new Unavailable(
          "no broker answers at "
              + server.brokers()
              + ". Start it, or correct 'brokers' (TIDEMILL_BROKERS) in the server settings.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while connecting to " + server.brokers(), e);
    }
  }

  /**
   * @throws Unavailable if no such pipeline has a ledger on these brokers; names those that have
   */
  public static void require(String pipeline, ServerSettings server) {
    Set<String> pipelines = pipelines(server);
    if (!pipelines.contains(pipeline)) {
      throw new Unavailable(
          "no pipeline '%s' has run on %s; there %s%s"
              .formatted(
                  pipeline,
                  server.brokers(),
                  pipelines.isEmpty() ? "is none" : "is " + String.join(", ", pipelines),
                  pipeline.matches(".*\\.ya?ml") ? "; write the name that is in the file" : ""));
    }
  }

  /** Takes in what is new, waiting for it at most so long. */
  public void poll(Duration atMost) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
      take(record);
    }
    if (!caughtUp) {
      lookForTheEnd();
    }
  }

  /** Whether everything has been taken in that was there when this view began to read. */
  public boolean isCaughtUp() {
    return caughtUp;
  }

  private void lookForTheEnd() {
    try {
      if (endAtFirst < 0) {
        endAtFirst = consumer.endOffsets(List.of(partition)).get(partition);
      }
      caughtUp = consumer.position(partition, Duration.ZERO) >= endAtFirst;
    } catch (TimeoutException notYet) {
      // The next poll looks again.
    }
  }

  /**
   * Reads everything that is there now.
   *
   * @throws Unavailable if there is no such ledger, or it can not be read in time
   */
  public void pollToEnd(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      long end = consumer.endOffsets(List.of(partition), atMost).get(partition);
      while (consumer.position(partition, atMost) < end) {
        if (System.nanoTime() > deadline) {
          throw new Unavailable("the ledger " + partition + " could not be read within " + atMost);
        }
        poll(Duration.ofMillis(100));
      }
    } catch (TimeoutException | UnknownTopicOrPartitionException e) {
      throw new Unavailable(
          "there is no ledger "
              + partition.topic()
              + ", or no broker that has it. Has the pipeline run there?",
          e);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    try {
      if (Topics.isLedgerEntry(key)) {
        LedgerEntry entry = entryCodec.decode(record.value());
        entries.merge(
            entry.batch(), entry, (known, next) -> next.attempt() < known.attempt() ? known : next);
      } else if (Topics.isPause(key)) {
        pauses.put(key, pauseCodec.decode(record.value()));
      } else {
        reads.put(key, readCodec.decode(record.value()));
      }
    } catch (DecodeException e) {
      throw new IllegalStateException(
          partition + "@" + record.offset() + " is not of the ledger: " + e.getMessage(), e);
    }
  }

  /** The latest attempt of every batch, oldest batch first. */
  public Collection<LedgerEntry> entries() {
    return List.copyOf(entries.values());
  }

  /** What each source partition counted itself. */
  public Collection<PartitionRead> reads() {
    return List.copyOf(reads.values());
  }

  /** The counts of each source, over all batches. */
  public List<SourceCounts> sources() {
    return SourceCounts.of(reads.values());
  }

  /**
   * Where the pipeline stands still, since too many records were rejected; empty if it does not, or
   * has gone on.
   */
  public List<Pause> pauses() {
    return pauses.values().stream()
        .filter(pause -> reads.values().stream().noneMatch(pause::isOver))
        .toList();
  }

  /** Records that are in the book of a batch, or known to belong to none. */
  public long accountedFor() {
    long inBooks = entries.values().stream().mapToLong(entry -> entry.books().read()).sum();
    return inBooks + withoutBatch();
  }

  /** Records that belong to no batch. */
  public long withoutBatch() {
    return reads.values().stream().mapToLong(PartitionRead::withoutBatch).sum();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
