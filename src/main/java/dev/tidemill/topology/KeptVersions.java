package dev.tidemill.topology;

import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the topics of tables hold what must be read again at each start. Compaction takes all
 * versions of a row but the last, and then a batch had another result after a restart.
 */
final class KeptVersions {
  private static final Logger log = LoggerFactory.getLogger(KeptVersions.class);

  private final Admin admin;
  private final PipelineDefinition definition;

  KeptVersions(Admin admin, PipelineDefinition definition) {
    this.admin = admin;
    this.definition = definition;
  }

  /**
   * @throws Unavailable if versions are compacted away that a batch can still ask for; names all
   *     such topics
   */
  void require() {
    long needed = definition.batch().grace().plus(definition.batch().keep()).toMillis();
    List<String> problems = new ArrayList<>();
    for (TableDefinition table : definition.tables()) {
      if (table.eventTime().isPresent() && table.origin() instanceof Origin.Topic topic) {
        Config config = config(topic.topic());
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
            && number(config, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG) < needed) {
          problems.add("table '" + table.name() + "', topic " + topic.topic());
        }
        long retention = number(config, TopicConfig.RETENTION_MS_CONFIG);
        if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE) && retention >= 0) {
          log.warn(
              "Table '{}': topic {} loses its records after {} ms (retention.ms); what is lost then"
                  + " is missing after the next start",
              table.name(),
              topic.topic(),
              retention);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new Unavailable(
          "these topics are compacted, so versions of rows get lost that 'FOR SYSTEM_TIME AS OF'"
              + " needs:\n  "
              + String.join("\n  ", problems)
              + "\nLet them stay for grace and keep at least: kafka-configs.sh --alter --entity-type"
              + " topics --entity-name TOPIC --add-config min.compaction.lag.ms="
              + needed
              + " (or more, if batches that are longer ago are read again); or remove the table's"
              + " 'event-time', and read its last rows.");
    }
  }

  private static long number(Config config, String key) {
    return Long.parseLong(config.get(key).value());
  }

  private Config config(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return Preflight.get(admin.describeConfigs(List.of(resource)).all()).get(resource);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        throw new Unavailable(
            "it can not be told whether versions of rows stay in topic "
                + topic
                + ": DescribeConfigs is not permitted. Permit it.",
            e);
      }
      throw Preflight.brokerTrouble("read the settings of topic " + topic, e.getCause());
    }
  }
}
