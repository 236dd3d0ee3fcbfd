package dev.tidemill.definition;

import java.util.Optional;

/** The names of everything that a pipeline owns in Kafka: one rule, in one place. */
public record Topics(String pipeline) {

  /** Also the consumer group of the topology and the prefix of its transactional ids. */
  public String applicationId() {
    return "tidemill." + pipeline;
  }

  /** What the extractor of {@code source} writes. */
  public String source(String source) {
    return applicationId() + ".source." + source;
  }

  /** The source of ours that writes a topic; empty if something else does. */
  public Optional<String> sourceOf(String topic) {
    String prefix = source("");
    return topic.startsWith(prefix)
        ? Optional.of(topic.substring(prefix.length()))
        : Optional.empty();
  }

  /** Partials, rows and watermarks on their way from intake to the shares. */
  public String shuffle() {
    return applicationId() + "-shuffle-repartition";
  }

  /** Counts and end marks on their way to the batches' owner. One partition. */
  public String owner() {
    return applicationId() + "-owner-repartition";
  }

  /** Result rows, a partition for each share, with an end mark after each share. */
  public String results() {
    return applicationId() + ".results";
  }

  public String rejects() {
    return applicationId() + ".rejects";
  }

  /** Compacted, one partition, written by the owner alone. */
  public String ledger() {
    return applicationId() + ".ledger";
  }

  /** Registry subject of the end marks, which share the results topic with the rows. */
  public String endOfShareSubject() {
    return results() + "-end-of-share";
  }

  /**
   * Registry subject of the partitions' own counts, which share the ledger topic with the entries.
   */
  public String partitionReadSubject() {
    return ledger() + "-partition-read";
  }

  /** Key of a batch's attempt in the ledger. */
  public static String ledgerKey(String batchId, int attempt) {
    return batchId + "#" + attempt;
  }

  /** Key of a source partition's own count in the ledger. */
  public static String readKey(String topic, int partition) {
    return "read/" + topic + "-" + partition;
  }

  /** Registry subject of the pauses, which share the ledger topic with the entries. */
  public String pauseSubject() {
    return ledger() + "-pause";
  }

  /** Key of the last pause before a record of a source partition, in the ledger. */
  public static String pauseKey(String topic, int partition) {
    return "pause/" + topic + "-" + partition;
  }

  /** Whether a key of the ledger topic is a {@link #pauseKey}. */
  public static boolean isPause(String key) {
    return key.startsWith("pause/");
  }

  /** Whether a key of the ledger topic is a {@link #ledgerKey}. */
  public static boolean isLedgerEntry(String key) {
    return !key.startsWith("read/") && !isPause(key);
  }

  /** The pipeline whose {@link #ledger} this topic is; empty if it is none's. */
  public static Optional<String> pipelineOfLedger(String topic) {
    String prefix = new Topics("").applicationId();
    String suffix = ".ledger";
    return topic.startsWith(prefix)
            && topic.endsWith(suffix)
            && topic.length() > prefix.length() + suffix.length()
        ? Optional.of(topic.substring(prefix.length(), topic.length() - suffix.length()))
        : Optional.empty();
  }

  /** What the loaders have published. One partition, read by the owner. */
  public String acks() {
    return applicationId() + ".acks";
  }

  /** How far the extractors are. Compacted. */
  public String positions() {
    return applicationId() + ".positions";
  }

  /**
   * Who is assigned its one partition extracts {@code source}. A topic for each source, rather than
   * a partition of one: so the group's assignor spreads the sources evenly over the instances, and
   * which is whose does not depend on what other sources a definition has.
   */
  public String control(String source) {
    return applicationId() + ".control." + source;
  }

  /** The consumer group that shares the extractors out among the instances. */
  public String extractGroup() {
    return applicationId() + ".extract";
  }

  /** The consumer group that elects the one loader of {@code target}. */
  public String loaderGroup(String target) {
    return applicationId() + ".load." + target.replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
