package dev.tidemill.sql;

/**
 * What is known of the row at hand beside its columns: its batch, and the record that it comes
 * from. The pseudo-columns of a statement read it while an operator is applied. An operator has one
 * for all its rows, and whoever applies it sets it. Public also because generated code calls it.
 */
public interface RowContext {

  /** For operators of statements that can have no pseudo-columns. */
  RowContext NONE = new RowContext() {};

  /** When the batch begins in which the row takes part; ms since 1970. */
  default long batchStart() {
    throw unknown("batch");
  }

  /** When that batch ends; ms since 1970. */
  default long batchEnd() {
    throw unknown("batch");
  }

  /** The record's event time; ms since 1970. */
  default long eventTime() {
    throw unknown("record");
  }

  default String sourceTopic() {
    throw unknown("record");
  }

  default int sourcePartition() {
    throw unknown("record");
  }

  default long sourceOffset() {
    throw unknown("record");
  }

  /**
   * The record's key as text; null if it has none.
   *
   * @throws IllegalArgumentException if it is no UTF-8
   */
  default String recordKey() {
    throw unknown("record");
  }

  /**
   * The value of the last header of this name as text; null if there is none.
   *
   * @throws IllegalArgumentException if it is no UTF-8
   */
  default String header(String name) {
    throw unknown("record");
  }

  private static IllegalStateException unknown(String what) {
    return new IllegalStateException("no " + what + " is at hand here");
  }
}
