package dev.tidemill.topology;

import java.util.Collection;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;

/**
 * A builder for stores whose changelog is a topic that the topology reads, as {@code KTable} can
 * have it: a task restores such a store up to the committed offset of the topic before its first
 * record, and reads on from there. The DSL has it for its own stores only (4.3.1).
 */
final class TopicBackedStores extends StreamsBuilder {
  void changelog(String store, String topic) {
    internalTopologyBuilder.connectSourceStoreAndTopic(store, topic);
  }

  /** Restores from records with their headers; the public callbacks get keys and values only. */
  static StateRestoreCallback restoring(Consumer<Collection<ConsumerRecord<byte[], byte[]>>> to) {
    RecordBatchingStateRestoreCallback callback = to::accept;
    return callback;
  }
}
