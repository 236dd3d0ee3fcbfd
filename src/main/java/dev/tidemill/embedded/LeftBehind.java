package dev.tidemill.embedded;

import dev.tidemill.definition.Unavailable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears away what a killed process has left in a lasting broker: members of consumer groups, for
 * whom everyone would wait until their sessions are over (15 s), and open transactions, whose
 * offsets nobody could read until their time is over (60 s). Nobody who lives is among them: one
 * process at a time has the folder, and this broker has just started.
 */
final class LeftBehind {
  private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);
  private static final int WAIT_SECONDS = 15;
  private static final Set<TransactionState> UNFINISHED =
      Set.of(
          TransactionState.ONGOING,
          TransactionState.PREPARE_ABORT,
          TransactionState.PREPARE_COMMIT,
          TransactionState.PREPARE_EPOCH_FENCE);

  private final Admin admin;

  private LeftBehind(Admin admin) {
    this.admin = admin;
  }

  /**
   * @throws Unavailable if interrupted; other trouble costs time only, and is told
   */
  static void clear(String brokers) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      LeftBehind left = new LeftBehind(admin);
      left.endTransactions();
      left.removeMembers();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The start may take a minute: what the last run has begun has to time out", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Interrupted at the start of the embedded broker", e);
    }
  }

  private void endTransactions() throws ExecutionException, InterruptedException, TimeoutException {
    List<String> open =
        get(admin.listTransactions().all()).stream()
            .filter(transaction -> UNFINISHED.contains(transaction.state()))
            .map(TransactionListing::transactionalId)
            .toList();
    if (!open.isEmpty()) {
      get(admin.fenceProducers(open).all());
    }
  }

  private void removeMembers() throws ExecutionException, InterruptedException, TimeoutException {
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
