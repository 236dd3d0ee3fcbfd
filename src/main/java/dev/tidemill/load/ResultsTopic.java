package dev.tidemill.load;

import dev.tidemill.definition.Unavailable;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * The results topic as the broker knows it.
 *
 * @param id of the topic: another one after it was deleted and created again, or on another cluster
 * @param partitions how many: one for each share
 */
record ResultsTopic(String name, String id, int partitions) {
  private static final long PATIENCE_SECONDS = 10;

  /**
   * @throws Unavailable if it is not there or the broker does not answer
   */
  static ResultsTopic describe(Admin admin, String name) {
    try {
      TopicDescription topic =
          admin
              .describeTopics(List.of(name))
              .allTopicNames()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .get(name);
      return new ResultsTopic(name, topic.topicId().toString(), topic.partitions().size());
    } catch (ExecutionException | TimeoutException e) {
      throw new Unavailable(
          "the results topic %s can not be described: %s; check that the pipeline has been started"
                  .formatted(name, e.getCause() == null ? e : e.getCause())
              + " and that brokers points to its cluster",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while describing the results topic " + name, e);
    }
  }
}
