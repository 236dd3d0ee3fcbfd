package dev.tidemill.extract;

import dev.tidemill.schema.Registry;
import java.util.Optional;
import org.apache.avro.Schema;

/** A registry that knows one schema: under every subject, with every id. */
record OneSchema(Schema schema) implements Registry {
  @Override
  public int register(String subject, Schema registered) {
    return 1;
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
