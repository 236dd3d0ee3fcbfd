package dev.tidemill.extract;

import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics that an extractor writes, or checks those that are there. */
final class ExtractorTopics {
  private final Topics topics;
  private final ServerSettings server;

  ExtractorTopics(Topics topics, ServerSettings server) {
    this.topics = topics;
    this.server = server;
  }

  /**
   * @throws Unavailable if the broker does not answer, refuses, or has the source's topic with
   *     another number of partitions
   */
  void require(RelationDefinition source, int partitions) {
    try (Admin admin = admin()) {
      create(admin, topics.positions(), 1, Map.of("cleanup.policy", "compact"));
      // A pause and a rate hold until somebody says otherwise.
      create(admin, topics.control(source.name()), 1, Map.of("retention.ms", "-1"));
      // Event time is in the value: a record stamped with 2001 would be deleted before it is read.
      Map<String, String> unlimited =
          Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "-1");
      String topic = topics.source(source.name());
      if (!create(admin, topic, partitions, unlimited)) {
        requirePartitions(admin, topic, partitions);
      }
    }
  }

  /**
   * Only looks; what is missing is no problem.
   *
   * @throws Unavailable as {@link #require}
   */
  void requireFitting(RelationDefinition source, int partitions) {
    try (Admin admin = admin()) {
      requirePartitions(admin, topics.source(source.name()), partitions);
    }
  }

  private Admin admin() {
    Map<String, Object> settings = new HashMap<>(server.kafka());
    settings.put("bootstrap.servers", server.brokers());
    return Admin.create(settings);
  }

  /** Whether it was missing. */
  private boolean create(Admin admin, String name, int partitions, Map<String, String> config) {
    Optional<Short> replicas =
        server.replicationFactor() < 0 ? Optional.empty() : Optional.of(server.replicationFactor());
    NewTopic topic = new NewTopic(name, Optional.of(partitions), replicas).configs(config);
    try {
      admin.createTopics(List.of(topic)).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw unavailable(name, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** If it is there at all. */
  private void requirePartitions(Admin admin, String topic, int expected) {
    try {
      int found =
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
      if (found != expected) {
        throw new Unavailable(
            "Topic %s has %d partitions, the definition says %d: rows of one key would be spread over both. Set partitions: %d, or give the pipeline a new name."
                .formatted(topic, found, expected, found));
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw unavailable(topic, e);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Unavailable unavailable(String topic, ExecutionException e) {
    return new Unavailable(
        "Topic "
            + topic
            + " can not be made or described at "
            + server.brokers()
            + " ("
            + e.getCause()
            + "); check the brokers and the rights of this user",
        e);
  }

  private static Unavailable interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new Unavailable("Interrupted at the start of an extractor", e);
  }
}
