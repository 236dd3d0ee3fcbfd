package dev.tidemill.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;

/** How a broker of one, on this machine alone, differs from Kafka's defaults. */
final class BrokerSettings {
  static final int NODE = 1;
  static final String HOST = "127.0.0.1";
  static final String CLIENTS = "PLAINTEXT";
  static final String CONTROLLER = "CONTROLLER";

  private BrokerSettings() {}

  /**
   * @param port for clients; 0: a free one
   * @param more settings, in the place of ours
   */
  static KafkaConfig of(Path logs, int port, Map<String, String> more) {
    Map<String, Object> settings =
        new HashMap<>(
            Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE),
                "log.dirs",
                logs.toString(),
                "listeners",
                CLIENTS + "://" + HOST + ":" + port + "," + CONTROLLER + "://" + HOST + ":0",
                "listener.security.protocol.map",
                CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
                "controller.listener.names",
                CONTROLLER,
                // Only the voter's id counts: EmbeddedBroker passes the port on once it is bound.
                "controller.quorum.voters",
                NODE + "@" + HOST + ":0"));
    settings.putAll(ONE_REPLICA);
    settings.putAll(NOTHING_IS_FORGOTTEN);
    settings.putAll(SMALL_AND_QUICK);
    settings.putAll(more);
    return new KafkaConfig(settings, false);
  }

  private static final Map<String, String> ONE_REPLICA =
      Map.of(
          "default.replication.factor", "1",
          "min.insync.replicas", "1",
          "offsets.topic.replication.factor", "1",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "share.coordinator.state.topic.replication.factor", "1",
          "share.coordinator.state.topic.min.isr", "1");

  private static final Map<String, String> NOTHING_IS_FORGOTTEN =
      Map.of(
          "auto.create.topics.enable",
          "false",
          "log.retention.ms",
          "-1",
          // minutes; a data folder that is picked up after a month goes on where it was
          "offsets.retention.minutes",
          String.valueOf(Integer.MAX_VALUE));

  private static final Map<String, String> SMALL_AND_QUICK =
      Map.ofEntries(
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // ms. The shortest that a client may ask for; the default, 6 s, spares busy clusters.
          Map.entry("group.min.session.timeout.ms", "500"),
          // Each is a folder, its files and an election at start; the defaults are 50.
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.num.partitions", "1"),
          Map.entry(
              "log.cleaner.dedupe.buffer.size", "2097152"), // bytes; the smallest for a thread
          // ms. A transaction that begins while its predecessor's markers are being written has to
          // wait; not here but in the client, which costs a retry of all batches under way and
          // pages of OutOfOrderSequenceException in the log, if this is over (KIP-890).
          Map.entry("add.partitions.to.txn.retry.backoff.ms", "5"),
          Map.entry("add.partitions.to.txn.retry.backoff.max.ms", "10000"),
          // ms. After a kill -9 the new broker waits until the old one's session is over.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("num.recovery.threads.per.data.dir", "2"));
}
