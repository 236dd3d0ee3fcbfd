package dev.tidemill.extract;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/** Which files of a source do not have the rows of their manifest, as its positions say. */
public final class DifferentFiles {
  private DifferentFiles() {}

  /**
   * For people; for a process that extracts nothing itself.
   *
   * @param source something of ours has extracted it
   * @throws Unavailable if the positions can not be read
   */
  public static List<String> of(String source, Topics topics, ServerSettings server) {
    try {
      return FilePosition.different(new PositionTopic(topics.positions(), source).read(server));
    } catch (KafkaException e) {
      throw new Unavailable(
          topics.positions() + " can not be read at " + server.brokers() + ": " + e.getMessage(),
          e);
    }
  }
}
