package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

/** What came of the command to publish an attempt of a batch. */
public sealed interface Publication {

  /**
   * The target holds this attempt, or did already.
   *
   * @param attempt of the batch: the one asked for, or a later one that had taken its place
   * @param rows of the batch in the target
   */
  record Published(int attempt, long rows) implements Publication {}

  /**
   * Not everything is staged yet. Nothing has changed.
   *
   * @param missing for people: which share, what is expected and what is there
   */
  record Incomplete(String missing) implements Publication {
    public Incomplete {
      requireNonNull(missing, "missing");
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
  }
}
