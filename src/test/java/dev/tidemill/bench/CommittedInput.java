package dev.tidemill.bench;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the group of a Streams program has committed the log. Exactly once, so what came out of
 * the records is committed with them.
 */
final class CommittedInput implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final Map<TopicPartition, Long> ends;

  CommittedInput(Job job) throws ExecutionException, InterruptedException {
    admin = Admin.create(Map.of("bootstrap.servers", job.brokers()));
    group = job.name();
    ends =
        admin
            .listOffsets(
                IntStream.range(0, job.log().sentinels())
                    .mapToObj(partition -> new TopicPartition(job.log().topic(), partition))
                    .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())))
            .all()
            .get()
            .entrySet()
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  boolean isAll() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata offset = committed.get(end.getKey());
              return offset != null && offset.offset() >= end.getValue();
            });
  }

  @Override
  public void close() {
    admin.close();
  }
}
