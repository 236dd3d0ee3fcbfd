package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where a source's records come from. */
public sealed interface Origin {

  /**
   * Files that our extractor publishes, each row once, to a topic of our own.
   *
   * @param path absolute and normalized; its last part may be a glob
   * @param layout how rows lie in them
   * @param partitions how many partitions the source's topic gets
   * @param demand how far the extractor may be ahead; empty: as far as it comes
   * @param watch how often to look for files that are new or have grown; empty: they are read once,
   *     and then the input is at its end
   */
  record Files(
      Path path,
      Format format,
      FileLayout layout,
      int partitions,
      Optional<Demand> demand,
      Optional<Duration> watch)
      implements Origin {
    public Files {
      requireNonNull(demand, "demand");
      requireNonNull(watch, "watch");
      requireNonNull(path, "path");
      requireNonNull(format, "format");
      requireNonNull(layout, "layout");
      if (partitions < 1) {
        throw new IllegalArgumentException("a topic needs a partition: " + partitions);
      }
    }

    /** The same, read once. */
    Files once() {
      return new Files(path, format, layout, partitions, demand, Optional.empty());
    }
  }

  /**
   * A topic that somebody else writes.
   *
   * @param format how its values are encoded
   * @param maxJump how far one record may move the event clock (rule 10); empty: any distance
   * @param trustTimestamps whether its producers may set event time and Kafka's timestamp at once
   * @param onIncompatible what becomes of records with a schema that can not be read
   */
  record Topic(
      String topic,
      Format format,
      Optional<Duration> maxJump,
      boolean trustTimestamps,
      OnIncompatible onIncompatible)
      implements Origin {
    public Topic {
      requireNonNull(topic, "topic");
      requireNonNull(format, "format");
      requireNonNull(maxJump, "maxJump");
      requireNonNull(onIncompatible, "onIncompatible");
    }

    public Topic(String topic, Format format, Optional<Duration> maxJump, boolean trustTimestamps) {
      this(topic, format, maxJump, trustTimestamps, OnIncompatible.REJECT);
    }
  }

  /** What becomes of records whose writer's schema can not be read as the source's. */
  enum OnIncompatible {
    /** Each is a reject. */
    REJECT,
    /** The pipeline stops before the first one. */
    STOP
  }

  /** Encodings of rows. */
  enum Format {
    /** Avro in Confluent's wire format. Topics only. */
    AVRO,
    /**
     * One JSON object a record; in topics perhaps behind a schema's id, in a file on a line of its
     * own or in the file's one array.
     */
    JSON,
    /** Comma-separated values. */
    CSV,
    /** The whole value is one text. Topics only. */
    STRING,
    /** Debezium's envelopes, in Avro or JSON. Topics only. */
    DEBEZIUM,
    /** Protobuf in Confluent's wire format. Topics only. */
    PROTOBUF
  }
}
