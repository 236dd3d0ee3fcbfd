package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.SharedCluster;
import dev.tidemill.embedded.TestClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That one partition is busy keeps no other one from being known to be silent. */
@Timeout(60)
class Rule03BusyTest {
  private static final String TOPIC = "busy-and-quiet";
  private static final TopicPartition QUIET = new TopicPartition(TOPIC, 0);
  private static final TopicPartition BUSY = new TopicPartition(TOPIC, 1);
  private static final TopicPartition EMPTY = new TopicPartition(TOPIC, 2);
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final CaughtUp caughtUp = new CaughtUp();

  @Test
  void a_quiet_partition_is_silent_though_each_poll_finds_something_in_another_one() {
    TestClients.createTopic(SharedCluster.brokers(), TOPIC, 3);
    Map<String, Object> settings = Map.of("bootstrap.servers", SharedCluster.brokers());
    Map<String, Object> reading =
        Map.of("bootstrap.servers", SharedCluster.brokers(), "auto.offset.reset", "earliest");
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        Consumer<byte[], byte[]> consumer =
            new TrackedClients(caughtUp, Set.of(TOPIC), null).getConsumer(reading)) {
      consumer.assign(List.of(QUIET, BUSY, EMPTY));
      send(producer, QUIET);
      boolean isHanded = false;
      for (int polls = 0; polls < 5 || !isHanded; polls++) {
        send(producer, BUSY);
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofSeconds(20));
        assertThat(polled.isEmpty()).as("poll %d is empty", polls).isFalse();
        isHanded |= polled.partitions().contains(QUIET);
      }
    }
    assertThat(isSilent(QUIET, 1)).isTrue();
    assertThat(isSilent(EMPTY, 0)).isTrue();
    assertThat(isSilent(BUSY, Long.MAX_VALUE)).isFalse();
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, TopicPartition to) {
    TestClients.get(
        producer.send(new ProducerRecord<>(TOPIC, to.partition(), null, new byte[] {1})));
  }

  private boolean isSilent(TopicPartition partition, long end) {
    long nanos = System.nanoTime();
    caughtUp.highWatermark(partition, new CaughtUp.HighWatermark(end, nanos, 1));
    return caughtUp.silentAt(partition, end - 1, nanos - SILENCE.toNanos(), SILENCE)
        != ShuffleMessage.NONE;
  }
}
