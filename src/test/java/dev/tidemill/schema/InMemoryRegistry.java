package dev.tidemill.schema;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** A registry without a server, with the usual rule: a new schema must read what the last wrote. */
public final class InMemoryRegistry implements Registry {
  private final List<Object> schemas = new ArrayList<>();
  private final Map<String, Schema> subjects = new HashMap<>();
  private boolean isDown;

  @Override
  public synchronized int register(String subject, Schema schema) {
    Schema last = subjects.get(subject);
    if (last != null
        && SchemaCompatibility.checkReaderWriterCompatibility(schema, last).getType()
            == SchemaCompatibilityType.INCOMPATIBLE) {
      throw new Unavailable("subject " + subject + ": the schema clashes with the last one");
    }
    subjects.put(subject, schema);
    if (!schemas.contains(schema)) {
      schemas.add(schema);
    }
    return schemas.indexOf(schema) + 1;
  }

  /** Registers a schema that is not Avro. */
  public synchronized int register(
      String subject, RegisteredSchema.Language language, String text) {
    return register(subject, new RegisteredSchema(language, text, Map.of()));
  }

  synchronized int register(String subject, RegisteredSchema schema) {
    schemas.add(schema);
    return schemas.size();
  }

  @Override
  public synchronized Schema byId(int id) throws DecodeException {
    if (found(id) instanceof Schema schema) {
      return schema;
    }
    throw new DecodeException("schema id " + id + " is not Avro");
  }

  @Override
  public synchronized RegisteredSchema registered(int id) throws DecodeException {
    return found(id) instanceof RegisteredSchema registered
        ? registered
        : Registry.super.registered(id);
  }

  /** From now on, whether it answers no question about an id. */
  void down(boolean isDown) {
    this.isDown = isDown;
  }

  private Object found(int id) throws DecodeException {
    if (isDown) {
      throw new RegistryUnavailableException("down", new IOException("down"));
    }
    if (id < 1 || id > schemas.size()) {
      throw new DecodeException("schema id " + id + " is not in the registry");
    }
    return schemas.get(id - 1);
  }

  @Override
  public synchronized Optional<Schema> latest(String subject) {
    return Optional.ofNullable(subjects.get(subject));
  }
}
