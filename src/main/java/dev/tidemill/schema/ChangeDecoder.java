package dev.tidemill.schema;

/**
 * Turns one record into a change. A stream takes the rows and passes over the deletions; for a
 * table both have a meaning. Not thread-safe: one per task.
 */
public interface ChangeDecoder {

  /**
   * @param key the record's key; may be null
   * @param value the record's value; may be null
   * @throws DecodeException if the bytes are not a record of the schema: a reject
   * @throws RegistryUnavailableException if the registry can not be asked: infrastructure, never a
   *     reject (rule 8)
   */
  Change decode(byte[] key, byte[] value) throws DecodeException;

  /** For formats that know rows only. A value that is null is none. */
  static ChangeDecoder ofRows(RowDecoder rows) {
    return (key, value) -> new Change.Row(rows.decode(value));
  }
}
