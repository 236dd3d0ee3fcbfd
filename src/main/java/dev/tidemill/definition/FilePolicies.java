package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

/**
 * What becomes of files that are not what they should be.
 *
 * @param onReplace of one that is not the file any more of which rows were published
 * @param onMismatch of one that does not fit the schema as a whole
 */
public record FilePolicies(OnReplace onReplace, OnMismatch onMismatch) {
  public static final FilePolicies STOP = new FilePolicies(OnReplace.STOP, OnMismatch.STOP);

  /** Of a file that was truncated, or whose name has other content now. */
  public enum OnReplace {
    /** The run stops; nothing of it is published. */
    STOP,
    /** It is a new file of the same name, and all of its rows are new. */
    READ_AGAIN
  }

  /** Of a file whose header or schema lacks a column, or has another type. */
  public enum OnMismatch {
    /** The run stops; nothing of it is published. */
    STOP,
    /** Each of its rows is a reject. */
    REJECT
  }

  public FilePolicies {
    requireNonNull(onReplace, "onReplace");
    requireNonNull(onMismatch, "onMismatch");
  }
}
