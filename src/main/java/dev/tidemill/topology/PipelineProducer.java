package dev.tidemill.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of a stream thread. Streams asks it for a topic's partitions at every single record
 * that goes to a chosen one (results, the shuffle), only to count them. Ours are as many as they
 * were when the pipeline began (rule 11), so the first answer will do. As all of Streams' producers
 * it is asked by one thread only.
 */
class PipelineProducer extends KafkaProducer<byte[], byte[]> {
  private final Map<String, List<PartitionInfo>> partitions = new HashMap<>();

  PipelineProducer(Map<String, Object> config) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    List<PartitionInfo> known = partitions.get(topic);
    if (known == null) {
      known = super.partitionsFor(topic);
      partitions.put(topic, known);
    }
    return known;
  }
}
