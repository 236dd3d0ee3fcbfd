package dev.tidemill.schema;

import org.apache.avro.Schema;

/**
 * Reads JSON from a topic, with a schema id in front (as JSON Schema's serializers write it) or
 * without one. The id is not looked up: what the columns need is checked, value by value, and any
 * other field may come and go. Not thread-safe: one per task.
 */
public final class JsonTopicDecoder implements RowDecoder {
  private final JsonRowDecoder rows;

  /**
   * @throws IllegalArgumentException if it is no record schema
   */
  public JsonTopicDecoder(Schema schema) {
    this.rows = new JsonRowDecoder(schema);
  }

  @Override
  public Object[] decode(byte[] bytes) throws DecodeException {
    if (bytes == null) {
      throw new DecodeException("the value is null");
    }
    return rows.decode(bytes, WireFormat.bodyFrom(bytes), bytes.length);
  }
}
