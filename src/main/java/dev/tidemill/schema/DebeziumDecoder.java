package dev.tidemill.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;

/**
 * Reads Debezium's envelopes, in Avro or in JSON: {@code before}, {@code after} and {@code op}. The
 * source's schema is that of the row, not of the envelope. Not thread-safe: one per task.
 */
public final class DebeziumDecoder implements ChangeDecoder {
  private final Schema reader;
  private final Schema before;
  private final Registry registry;
  private final DebeziumJson json;
  private final Map<Integer, DebeziumAvro> plans = new HashMap<>();
  private final AvroInput in = new AvroInput();

  /**
   * @param reader the schema of the rows
   * @throws IllegalArgumentException if it is no record schema
   */
  public DebeziumDecoder(Schema reader, Registry registry) {
    this.reader = reader;
    this.before = nullable(reader);
    this.registry = registry;
    this.json = new DebeziumJson(reader, before);
  }

  @Override
  public Change decode(byte[] key, byte[] value) throws DecodeException {
    if (value == null) {
      return Change.Deletion.TOMBSTONE;
    }
    if (WireFormat.bodyFrom(value) == 0) {
      return json.decode(value, 0);
    }
    int id = WireFormat.id(value);
    DebeziumAvro plan = plans.get(id);
    if (plan == null) {
      if (registry.registered(id).language() == RegisteredSchema.Language.JSON) {
        return json.decode(value, WireFormat.HEADER_BYTES);
      }
      plan = DebeziumAvro.of(registry.byId(id), reader, before);
      plans.put(id, plan);
    }
    in.reset(value, WireFormat.HEADER_BYTES);
    return plan.read(in);
  }

  /**
   * What is known of a deleted row is often its key alone, as the database's log has no more: then
   * other fields are missing or null.
   */
  private static Schema nullable(Schema reader) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : Column.of(reader)) {
      Schema.Field field = reader.getField(column.name());
      Schema type =
          column.kind() == Kind.NESTED
              ? Schema.create(Schema.Type.NULL)
              : Schema.createUnion(Schema.create(Schema.Type.NULL), column.type());
      Schema.Field copy =
          new Schema.Field(field.name(), type, field.doc(), JsonProperties.NULL_VALUE);
      field.aliases().forEach(copy::addAlias);
      fields.add(copy);
    }
    return Schema.createRecord(reader.getName(), null, reader.getNamespace(), false, fields);
  }

  /** What an operation makes of its two rows, of which each may be there or not. */
  static Change change(String op, Rows rows) throws DecodeException {
    return switch (op) {
      case "c", "u", "r" ->
          new Change.Row(
              rows.after()
                  .orElseThrow(
                      () -> new DecodeException("operation '" + op + "' without a row 'after'")));
      case "d" -> new Change.Deletion(rows.before());
      default ->
          throw new DecodeException(
              "operation '" + op + "' is none of a row; c, u, d and r are known");
    };
  }

  /** The rows of an envelope, read when they are asked for. */
  interface Rows {
    Optional<Object[]> before() throws DecodeException;

    Optional<Object[]> after() throws DecodeException;
  }
}
