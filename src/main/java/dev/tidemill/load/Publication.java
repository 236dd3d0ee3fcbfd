package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/** What came of the command to publish an attempt of a batch. */
public sealed interface Publication {

  /** In a word: published, incomplete or refused. */
  String outcome();

  /** Why it is not published; empty if it is. */
  default String reason() {
    return "";
  }

  /** Of the batch in the target, if it is published. */
  default long rows() {
    return 0;
  }

  /**
   * The target holds this attempt, or did already.
   *
   * @param attempt of the batch: the one asked for, or a later one that had taken its place
   * @param rows of the batch in the target
   */
  record Published(int attempt, long rows) implements Publication {
    @Override
    public String outcome() {
      return "published";
    }
  }

  /**
   * Not everything is staged yet. Nothing has changed.
   *
   * @param missing for people: which share, what is expected and what is there
   * @param share one whose results have not come, or not to their end; empty if that is not why
   */
  record Incomplete(String missing, OptionalInt share) implements Publication {
    public Incomplete {
      requireNonNull(missing, "missing");
      requireNonNull(share, "share");
    }

    @Override
    public String outcome() {
      return "incomplete";
    }

    @Override
    public String reason() {
      return missing;
    }
  }

  /**
   * This attempt can never be published here. Nothing has changed.
   *
   * @param reason for people: which value or count, and where it came from
   */
  record Refused(String reason) implements Publication {
    public Refused {
      requireNonNull(reason, "reason");
    }

    @Override
    public String outcome() {
      return "refused";
    }
  }
}
