package dev.tidemill.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Who must be heard before a batch closes (rule 11): the stream partitions in one order, which is
 * the same in every instance. Immutable.
 */
final class SourcePartitions {
  private final List<TopicPartition> order;
  private final Map<TopicPartition, Integer> index;

  /**
   * @param counts partitions of each source topic
   */
  SourcePartitions(SortedMap<String, Integer> counts) {
    List<TopicPartition> partitions = new ArrayList<>();
    counts.forEach(
        (topic, count) -> {
          for (int i = 0; i < count; i++) {
            partitions.add(new TopicPartition(topic, i));
          }
        });
    order = Collections.unmodifiableList(partitions);
    index = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      index.put(order.get(i), i);
    }
  }

  int size() {
    return order.size();
  }

  List<TopicPartition> all() {
    return order;
  }

  TopicPartition at(int source) {
    return order.get(source);
  }

  int indexOf(String topic, int partition) {
    Integer found = index.get(new TopicPartition(topic, partition));
    if (found == null) {
      throw new IllegalStateException(
          topic + "-" + partition + " appeared while the pipeline ran; see rule 11");
    }
    return found;
  }
}
