package dev.tidemill.faults;

/**
 * Rows with the columns {@code id} (numbers from 0 on) and {@code at}, of which there come more.
 */
interface GrowingInput {
  /**
   * @param processes whose folder it may use
   * @param database the URL of a schema that it may use
   * @return the source's key in the definition
   */
  String origin(Processes processes, String database);

  /**
   * Returns when they can be read.
   *
   * @param from the row with this id, to the one before {@code to}
   */
  void grow(int from, int to);

  /** The number of a row that has this identity. */
  long id(String identity);
}
