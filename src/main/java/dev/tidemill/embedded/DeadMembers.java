package dev.tidemill.embedded;

import dev.tidemill.definition.Unavailable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends away the members of consumer groups that a killed process has left in a lasting broker.
 * Else everyone waits for them until their sessions are over, 45 s. Nobody who lives is among them:
 * one process at a time has the folder, and this broker has just started.
 */
final class DeadMembers {
  private static final Logger LOG = LoggerFactory.getLogger(DeadMembers.class);
  private static final int WAIT_SECONDS = 15;

  private final Admin admin;

  private DeadMembers(Admin admin) {
    this.admin = admin;
  }

  /**
   * @throws Unavailable if interrupted; other trouble costs time only, and is told
   */
  static void remove(String brokers) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      new DeadMembers(admin).removeAll();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The start may take a minute: the members of the last run are still there", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Interrupted at the start of the embedded broker", e);
    }
  }

  private void removeAll() throws ExecutionException, InterruptedException, TimeoutException {
    ListTopicsOptions internalToo = new ListTopicsOptions().listInternal(true);
    if (!get(admin.listTopics(internalToo).names()).contains(Topic.GROUP_METADATA_TOPIC_NAME)) {
      return; // a new broker, or one that never had a group
    }
    awaitLoaded();
    List<String> groups =
        get(admin.listGroups().all()).stream().map(GroupListing::groupId).toList();
    for (var group : get(admin.describeConsumerGroups(groups).all()).values()) {
      if (!group.members().isEmpty()) {
        var all = new RemoveMembersFromConsumerGroupOptions();
        get(admin.removeMembersFromConsumerGroup(group.groupId(), all).all());
      }
    }
  }

  /**
   * The list of groups leaves out, without a word, those of partitions that are still being loaded.
   * But a question for one group is only answered when its partition is; so one for each.
   */
  private void awaitLoaded() throws ExecutionException, InterruptedException, TimeoutException {
    String topic = Topic.GROUP_METADATA_TOPIC_NAME;
    int partitions =
        get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size();
    Map<Integer, String> probes = new HashMap<>();
    for (int i = 0; probes.size() < partitions; i++) {
      String group = "tidemill-probe-" + i;
      probes.putIfAbsent((group.hashCode() & 0x7fffffff) % partitions, group); // as the broker does
    }
    for (var answer : admin.describeConsumerGroups(probes.values()).describedGroups().values()) {
      try {
        get(answer);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof GroupIdNotFoundException)) {
          throw e;
        }
      }
    }
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
