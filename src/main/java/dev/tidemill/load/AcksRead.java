package dev.tidemill.load;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether the owner has read all that was in the acks topic when it was first asked: a batch may
 * have been released while nothing ran. Not thread-safe.
 */
public final class AcksRead implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final Admin admin;
  private final String owner;
  private final TopicPartition acks;
  private long end = -1;
  private boolean read;

  public AcksRead(ServerSettings server, Topics topics) {
    this.admin = new LoaderClients(server, topics.applicationId() + ".acks-read").admin();
    this.owner = topics.applicationId();
    this.acks = new TopicPartition(topics.acks(), 0);
  }

  /** False also if it can not be told now. */
  public boolean all() {
    if (!read) {
      try {
        read = committed() >= end();
      } catch (ExecutionException | TimeoutException e) {
        return false; // asked again
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return read;
  }

  private long end() throws ExecutionException, TimeoutException, InterruptedException {
    if (end < 0) {
      end =
          admin
              .listOffsets(Map.of(acks, OffsetSpec.latest()))
              .partitionResult(acks)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .offset();
    }
    return end;
  }

  private long committed() throws ExecutionException, TimeoutException, InterruptedException {
    OffsetAndMetadata committed =
        admin
            .listConsumerGroupOffsets(owner)
            .partitionsToOffsetAndMetadata()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .get(acks);
    return committed == null ? 0 : committed.offset();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
