package dev.tidemill.sql;

/** The tables of a pipeline as they are now. Thread-safe. */
public interface TableAccess {
  /** For statements that read none. */
  TableAccess NONE =
      new TableAccess() {
        @Override
        public Object[][] find(int reading, byte[] key) {
          throw new IllegalStateException("the statement reads no tables");
        }

        @Override
        public Object[][] find(int reading, byte[] key, long time) {
          throw new IllegalStateException("the statement reads no tables");
        }

        @Override
        public Rows all(int reading) {
          throw new IllegalStateException("the statement reads no tables");
        }
      };

  /**
   * The rows with this {@link TableReading#key}, in the order of their keys in the topic.
   *
   * @param reading by its place in {@link Query#tables}
   */
  Object[][] find(int reading, byte[] key);

  /**
   * The rows that had this key at a time, of a reading that {@link TableReading#isAsOf}.
   *
   * @param time ms since the epoch
   */
  Object[][] find(int reading, byte[] key, long time);

  /**
   * Whether everything that counts at a time is there, of a reading that {@link
   * TableReading#isAsOf}. What is found before that may be another row than a later look finds.
   *
   * @param time ms since the epoch
   */
  default boolean isKnown(int reading, long time) {
    return true;
  }

  /**
   * No row is asked for at an earlier time any more.
   *
   * @param time ms since the epoch
   */
  default void forgetBefore(long time) {}

  /** All rows, in the order of their keys in the topic. */
  Rows all(int reading);
}
