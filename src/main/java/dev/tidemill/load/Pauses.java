package dev.tidemill.load;

import dev.tidemill.batch.Pause;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.schema.PauseCodec;
import dev.tidemill.schema.Registry;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down beside the ledger why a pipeline stands still: the transaction in which it was found
 * is gone, and so may be the process.
 */
public final class Pauses {
  private static final Logger log = LoggerFactory.getLogger(Pauses.class);
  private static final int SECONDS = 10;

  private Pauses() {}

  /** Returns when it is in Kafka. If it can not be written, only the log tells of it. */
  public static void tell(Pause pause, Topics topics, ServerSettings server, Registry registry) {
    Map<String, Object> config = new HashMap<>(server.kafka());
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, server.brokers());
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, SECONDS * 1_000L);
    byte[] key = Topics.pauseKey(pause.topic(), pause.partition()).getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      byte[] value = PauseCodec.register(registry, topics.pauseSubject()).encode(pause);
      producer
          .send(new ProducerRecord<>(topics.ledger(), key, value))
          .get(SECONDS, TimeUnit.SECONDS);
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      log.warn("Could not write to {} why the pipeline has paused", topics.ledger(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
