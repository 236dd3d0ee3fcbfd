package dev.tidemill.load;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Unavailable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The Kafka clients of one loader. What the server file says never overrules what they rest on. */
final class LoaderClients {
  private final ServerSettings settings;
  private final String group;

  LoaderClients(ServerSettings settings, String group) {
    this.settings = settings;
    this.group = group;
  }

  /** Reads the ledger, and takes part in the election by it. */
  Consumer<String, byte[]> ledger() {
    Map<String, Object> own = reading("earliest");
    own.put("client.id", group + "-ledger");
    own.put("group.id", group);
    own.put("group.protocol", "classic");
    // The elected one stays elected when others come and go.
    own.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
    // ms. Longer than any statement can take (PostgreSQL's socket timeout here is 10 min).
    own.put("max.poll.interval.ms", 900_000);
    // ms. How long nobody loads after the elected one was killed.
    own.put("session.timeout.ms", (int) settings.sessionTimeout().toMillis());
    own.put("heartbeat.interval.ms", (int) ServerSettings.HEARTBEAT.toMillis());
    return new KafkaConsumer<>(
        withSettings(own), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads results at positions that the target knows, so never at any other. */
  Consumer<byte[], byte[]> results() {
    Map<String, Object> own = reading("none");
    own.put("client.id", group + "-results");
    own.put("max.poll.records", 10_000);
    return new KafkaConsumer<>(
        withSettings(own), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Producer<String, byte[]> acks() {
    Map<String, Object> own = new HashMap<>();
    own.put("client.id", group + "-acks");
    own.put("acks", "all");
    own.put("enable.idempotence", true);
    own.put("max.block.ms", 10_000);
    own.put("request.timeout.ms", 10_000);
    own.put("delivery.timeout.ms", 30_000);
    return new KafkaProducer<>(
        withSettings(own), new StringSerializer(), new ByteArraySerializer());
  }

  Admin admin() {
    return Admin.create(withSettings(new HashMap<>(Map.of("client.id", group + "-admin"))));
  }

  /** Whether some loader of this target takes part in the election already. */
  boolean isLoading(Admin admin) {
    try {
      return !admin
          .describeConsumerGroups(List.of(group))
          .all()
          .get(30, TimeUnit.SECONDS)
          .get(group)
          .members()
          .isEmpty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw new Unavailable(
          "could not describe group " + group + ": " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new Unavailable("no broker tells of group " + group + " at " + settings.brokers(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while asking for group " + group, e);
    }
  }

  private static Map<String, Object> reading(String reset) {
    Map<String, Object> own = new HashMap<>();
    own.put("auto.offset.reset", reset);
    own.put("enable.auto.commit", false);
    own.put("isolation.level", "read_committed");
    own.put("allow.auto.create.topics", false);
    return own;
  }

  private Map<String, Object> withSettings(Map<String, Object> own) {
    Map<String, Object> all = new HashMap<>(settings.kafka());
    all.putAll(own);
    all.put("bootstrap.servers", settings.brokers());
    return all;
  }
}
