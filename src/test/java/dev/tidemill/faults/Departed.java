package dev.tidemill.faults;

import dev.tidemill.cli.Await;
import dev.tidemill.embedded.TestClients;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Does what the group coordinator does when sessions are over, which takes 15 s: the members of a
 * killed process leave.
 */
final class Departed {
  private Departed() {}

  /** Not for a group in which somebody lives. */
  static void sendAway(Admin admin, String application) {
    for (String group : groups(admin, application)) {
      Await.until(
          "group " + group + " is empty", Duration.ofSeconds(30), () -> empty(admin, group));
    }
  }

  /** All leave, and those who live come back. */
  static void sendAwayAmongOthers(Admin admin, String application) {
    groups(admin, application).forEach(group -> empty(admin, group));
  }

  private static List<String> groups(Admin admin, String application) {
    return TestClients.get(admin.listGroups().all()).stream()
        .map(GroupListing::groupId)
        .filter(group -> group.equals(application) || group.startsWith(application + "."))
        .toList();
  }

  static void endTransactions(Admin admin, String application) {
    List<String> open =
        TestClients.get(admin.listTransactions().all()).stream()
            .filter(transaction -> transaction.state() == TransactionState.ONGOING)
            .map(TransactionListing::transactionalId)
            .filter(id -> id.startsWith(application + "-"))
            .toList();
    if (!open.isEmpty()) {
      TestClients.get(admin.fenceProducers(open).all());
    }
  }

  private static boolean empty(Admin admin, String group) {
    var described = TestClients.get(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    if (described.members().isEmpty()) {
      return true;
    }
    try {
      admin
          .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
    } catch (ExecutionException e) {
      return false; // one is gone already
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return false;
  }
}
