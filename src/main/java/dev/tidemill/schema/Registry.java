package dev.tidemill.schema;

import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** The schema registry, in Confluent's sense. Thread-safe; answers are cached. */
public interface Registry {

  /**
   * Registers a schema, or finds it if it is there already.
   *
   * @param subject {@code <topic>-value}
   * @return the schema's id
   * @throws dev.tidemill.definition.Unavailable if the subject's compatibility rule forbids it (the
   *     message says what clashes)
   * @throws RegistryUnavailableException if the registry does not answer
   */
  int register(String subject, Schema schema);

  /**
   * @throws DecodeException if there is no schema with this id, or if it is not Avro
   * @throws RegistryUnavailableException if the registry does not answer
   */
  Schema byId(int id) throws DecodeException;

  /**
   * The schema with this id, of any language. A registry that says no more knows Avro alone.
   *
   * @throws DecodeException if there is no schema with this id
   * @throws RegistryUnavailableException if the registry does not answer
   */
  default RegisteredSchema registered(int id) throws DecodeException {
    return new RegisteredSchema(RegisteredSchema.Language.AVRO, byId(id).toString(), Map.of());
  }

  /**
   * The schema that was registered last; empty if the subject is unknown. Not cached.
   *
   * @throws RegistryUnavailableException if the registry does not answer
   */
  Optional<Schema> latest(String subject);
}
