package dev.tidemill.topology;

import dev.tidemill.definition.BatchRule;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Rule 10: an event time is held against the record's timestamp. Where a producer sets both, one
 * record could close every batch, and no later check would notice.
 */
final class ForeignTimestamps {
  private static final String LET_THE_BROKER =
      " the broker set the timestamps: kafka-configs.sh --alter --entity-type topics"
          + " --entity-name TOPIC --add-config message.timestamp.type=LogAppendTime";
  private static final String BY_EVENTS =
      "\nSo one record of the year 2099 would close every batch before it. Write how far a"
          + " record may move the event clock beside the topic's name, such as 'max-jump: 1d';"
          + " or 'trust-timestamps: true' if no producer ever writes such a time; or let"
          + LET_THE_BROKER;
  private static final String BY_THE_WALL =
      "\nBut 'clock: wall' goes by the time at which the broker wrote a record. Let"
          + LET_THE_BROKER
          + ". Or remove 'clock', and name the field with the time of the event.";

  private final Admin admin;
  private final PipelineDefinition definition;

  ForeignTimestamps(Admin admin, PipelineDefinition definition) {
    this.admin = admin;
    this.definition = definition;
  }

  /**
   * Asks nothing about a source whose definition has {@code max-jump} or {@code trust-timestamps},
   * unless its batches go by the clock of the wall.
   *
   * @throws Unavailable if producers set the timestamps of a source topic, and the definition says
   *     nothing about that, or wants those of the broker; names all such topics
   */
  void require() {
    List<String> problems = new ArrayList<>();
    for (SourceDefinition source : definition.sources()) {
      if (source.origin() instanceof Origin.Topic topic
          && asksForTheBrokers(topic)
          && producersSetThem(topic.topic())) {
        problems.add("source '" + source.name() + "', topic " + topic.topic());
      }
    }
    if (!problems.isEmpty()) {
      throw new Unavailable(
          "producers set the timestamps of these topics themselves (message.timestamp.type is"
              + " CreateTime):\n  "
              + String.join("\n  ", problems)
              + (isByTheWall() ? BY_THE_WALL : BY_EVENTS));
    }
  }

  private boolean asksForTheBrokers(Origin.Topic topic) {
    return switch (definition.batch().clock()) {
      case EVENT -> topic.maxJump().isEmpty() && !topic.trustTimestamps();
      case WALL -> true;
      case RECORDS -> false;
    };
  }

  private boolean isByTheWall() {
    return definition.batch().clock() == BatchRule.Clock.WALL;
  }

  private boolean producersSetThem(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return Preflight.get(admin.describeConfigs(List.of(resource)).all())
          .get(resource)
          .get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
          .value()
          .equals("CreateTime");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        throw new Unavailable(
            "it can not be told who sets the timestamps of topic "
                + topic
                + ": DescribeConfigs is not permitted. Permit it"
                + (isByTheWall()
                    ? "."
                    : ", or write 'max-jump' or 'trust-timestamps: true' beside the topic's name."),
            e);
      }
      throw Preflight.brokerTrouble("read the settings of topic " + topic, e.getCause());
    }
  }
}
