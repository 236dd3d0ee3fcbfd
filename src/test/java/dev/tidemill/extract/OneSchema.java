package dev.tidemill.extract;

import dev.tidemill.schema.Registry;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A registry that knows one schema, under every subject and with every id; it gives each its own.
 */
record OneSchema(Schema schema) implements Registry {
  @Override
  public int register(String subject, Schema registered) {
    return registered.hashCode() & Integer.MAX_VALUE;
  }

  @Override
  public Schema byId(int id) {
    return schema;
  }

  @Override
  public Optional<Schema> latest(String subject) {
    return Optional.of(schema);
  }
}
