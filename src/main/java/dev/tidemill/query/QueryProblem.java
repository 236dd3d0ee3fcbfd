package dev.tidemill.query;

/** Why a question has no answer. The message is for who asked, and says what to do. */
public final class QueryProblem extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of trouble, as a client has to tell them apart. */
  public enum Kind {
    /** The question is wrong. */
    BAD_QUESTION,
    /** There is no such thing. */
    UNKNOWN,
    /** The batch has changed, or has no result. */
    CONFLICT,
    /** It was there. */
    GONE,
    /** Not now; ask again. */
    UNAVAILABLE
  }

  private final Kind kind;

  public QueryProblem(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
