package dev.tidemill.schema;

/** Turns the bytes of one record into a row. Not thread-safe: one per task. */
public interface RowDecoder {

  /**
   * @param bytes the record's value; null for a tombstone
   * @return a new array with one value per field of the source's schema
   * @throws DecodeException if the bytes are not a record of the schema: a reject
   * @throws RegistryUnavailableException if the registry can not be asked: infrastructure, never a
   *     reject (rule 8)
   */
  Object[] decode(byte[] bytes) throws DecodeException;
}
