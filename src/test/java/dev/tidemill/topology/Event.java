package dev.tidemill.topology;

import dev.tidemill.schema.Schemas;
import java.time.Instant;
import org.apache.avro.Schema;

/** A record of the tests' source. */
public record Event(Instant at, String k, double amount) {
  public static final Schema SCHEMA =
      Schemas.parse(
          """
          {"type": "record", "name": "Event", "fields": [
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
            {"name": "k", "type": "string"},
            {"name": "amount", "type": "double"}]}
          """,
          "test");

  /**
   * @param at ISO-8601 without the Z
   */
  static Event of(String at, String k, double amount) {
    return new Event(Instant.parse(at + "Z"), k, amount);
  }

  static Event of(String at, String k) {
    return of(at, k, 1);
  }

  public Object[] row() {
    return new Object[] {at.toEpochMilli(), k, amount};
  }
}
