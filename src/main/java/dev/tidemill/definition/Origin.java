package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Where a source's records come from. */
public sealed interface Origin {

  /** What an extractor of ours publishes, each row once, to a topic of our own. */
  sealed interface Extracted extends Origin {
    Publishing publishing();

    /** The same, read to its end and not looked at again. */
    Extracted once();

    /** Whether it is read once by each start, and not looked at again. */
    boolean ends();

    /** In a few words, for people: what is read. Without secrets. */
    String summary();
  }

  /**
   * Files.
   *
   * @param path absolute and normalized; what it means, {@link FilePattern} says
   * @param layout how rows lie in them
   * @param watch how often to look for files that are new or have grown; empty: they are read once,
   *     and then the input is at its end
   * @param manifests what is delivered with the files, and says what is in them
   */
  record Files(
      Path path,
      Format format,
      FileLayout layout,
      Publishing publishing,
      Optional<Duration> watch,
      FilePolicies policies,
      Optional<ManifestFiles> manifests)
      implements Extracted {
    public Files {
      requireNonNull(manifests, "manifests");
      requireNonNull(policies, "policies");
      requireNonNull(publishing, "publishing");
      requireNonNull(watch, "watch");
      requireNonNull(path, "path");
      requireNonNull(format, "format");
      requireNonNull(layout, "layout");
    }

    /** Of files of which nobody says what is in them. */
    public Files(
        Path path,
        Format format,
        FileLayout layout,
        Publishing publishing,
        Optional<Duration> watch,
        FilePolicies policies) {
      this(path, format, layout, publishing, watch, policies, Optional.empty());
    }

    /** Of files that have to be as they should be. */
    public Files(
        Path path,
        Format format,
        FileLayout layout,
        Publishing publishing,
        Optional<Duration> watch) {
      this(path, format, layout, publishing, watch, FilePolicies.STOP);
    }

    @Override
    public Files once() {
      return new Files(
          path, format, layout, publishing.once(), Optional.empty(), policies, manifests);
    }

    @Override
    public boolean ends() {
      return watch.isEmpty() && publishing.schedule().isEmpty();
    }

    @Override
    public String summary() {
      return format.name().toLowerCase(Locale.ROOT) + " files " + path.getFileName();
    }
  }

  /**
   * Rows of a database.
   *
   * @param poll how often to look for new ones; empty: all that are there are read, and then the
   *     input is at its end
   * @param again whether what was read whole is read whole again: at each look, or else by each run
   */
  record Jdbc(
      Database database,
      Selection selection,
      Publishing publishing,
      Optional<Duration> poll,
      boolean again)
      implements Extracted {
    public Jdbc {
      requireNonNull(database, "database");
      requireNonNull(selection, "selection");
      requireNonNull(publishing, "publishing");
      requireNonNull(poll, "poll");
      if (again && !selection.cursor().isEmpty()) {
        throw new IllegalArgumentException("by a cursor only what is new is read");
      }
    }

    /** Without a cursor, whoever says when to look wants to see it all then. */
    public Jdbc(
        Database database, Selection selection, Publishing publishing, Optional<Duration> poll) {
      this(
          database,
          selection,
          publishing,
          poll,
          selection.cursor().isEmpty() && (poll.isPresent() || publishing.schedule().isPresent()));
    }

    @Override
    public Jdbc once() {
      return new Jdbc(database, selection, publishing.once(), Optional.empty(), again);
    }

    @Override
    public boolean ends() {
      return poll.isEmpty() && publishing.schedule().isEmpty();
    }

    @Override
    public String summary() {
      return database.kind() + " " + selection.summary();
    }
  }

  /**
   * The records of an HTTP API's list.
   *
   * @param poll how often to look for new ones; empty: the list is read once, and then the input is
   *     at its end
   */
  record Api(ApiRequest request, ApiList list, Publishing publishing, Optional<Duration> poll)
      implements Extracted {
    public Api {
      requireNonNull(request, "request");
      requireNonNull(list, "list");
      requireNonNull(publishing, "publishing");
      requireNonNull(poll, "poll");
    }

    @Override
    public Api once() {
      return new Api(request, list, publishing.once(), Optional.empty());
    }

    @Override
    public boolean ends() {
      return poll.isEmpty() && publishing.schedule().isEmpty();
    }

    @Override
    public String summary() {
      return request + ", " + list.paging().summary();
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
    /** Avro: in topics in Confluent's wire format, in files as an object container. */
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
    PROTOBUF,
    /** Apache Parquet. Files only. */
    PARQUET;

    /** Whether a file of it has lines, in some encoding, and may be packed as a whole. */
    public boolean isText() {
      return this == CSV || this == JSON;
    }
  }
}
