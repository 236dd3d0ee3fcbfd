package dev.tidemill.sql;

/** Takes what joins find, row by row. Not thread-safe. */
public interface JoinCounter {
  JoinCounter NONE = (join, found) -> {};

  /**
   * A row has looked for partners.
   *
   * @param join by its place in {@link Query#joins}
   * @param found whether there is any
   */
  void count(int join, boolean found);

  /**
   * That row has looked before the table knew its time: the wait was over.
   *
   * @param join by its place in {@link Query#joins}
   */
  default void countWaitedOut(int join) {}
}
