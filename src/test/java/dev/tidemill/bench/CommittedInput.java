package dev.tidemill.bench;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the group of a Streams program has committed the log. Exactly once, so what came out of
 * the records is committed with them.
 */
final class CommittedInput implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final LogInfo log;

  CommittedInput(Job job) {
    this.admin = Admin.create(Map.of("bootstrap.servers", job.brokers()));
    this.group = job.name();
    this.log = job.log();
  }

  boolean isAll() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return IntStream.range(0, log.partitions())
        .allMatch(
            partition -> {
              var offset = committed.get(new TopicPartition(log.topic(), partition));
              return offset != null && offset.offset() >= log.ends().get(partition);
            });
  }

  @Override
  public void close() {
    admin.close();
  }
}
