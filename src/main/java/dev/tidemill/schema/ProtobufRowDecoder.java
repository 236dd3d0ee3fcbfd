package dev.tidemill.schema;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Reads Protobuf in Confluent's wire format: after the schema's id comes the place of the message
 * in its file, as a list of numbers. Fields are matched with columns by their names. Not
 * thread-safe: one per task.
 */
public final class ProtobufRowDecoder implements RowDecoder {
  private static final List<Integer> FIRST = List.of(0);
  private static final int MAX_DEPTH = 100;

  private final Schema reader;
  private final Registry registry;
  private final Map<Integer, ProtobufSchema> schemas = new HashMap<>();

  /** Why a schema can not be read: so that it is not parsed for every record. */
  private final Map<Integer, String> unreadable = new HashMap<>();

  private final Map<Written, ProtobufPlan> plans = new HashMap<>();
  private final AvroInput in = new AvroInput();

  private record Written(int id, List<Integer> message) {}

  /**
   * @param reader the source's schema
   * @throws IllegalArgumentException if it is no record schema
   */
  public ProtobufRowDecoder(Schema reader, Registry registry) {
    Column.of(reader);
    this.reader = reader;
    this.registry = requireNonNull(registry, "registry");
  }

  @Override
  public Object[] decode(byte[] bytes) throws DecodeException {
    int id = WireFormat.id(bytes);
    in.reset(bytes, WireFormat.HEADER_BYTES);
    List<Integer> message = message();
    return plan(new Written(id, message)).read(bytes, in.position());
  }

  /** Numbers are written as Avro's are. A single 0 stands for the list [0]. */
  private List<Integer> message() throws DecodeException {
    int depth = in.readInt();
    if (depth == 0) {
      return FIRST;
    }
    if (depth < 0 || depth > MAX_DEPTH) {
      throw new DecodeException("a message nested " + depth + " deep");
    }
    List<Integer> path = new ArrayList<>(depth);
    for (int i = 0; i < depth; i++) {
      path.add(in.readInt());
    }
    return path;
  }

  private ProtobufPlan plan(Written written) throws DecodeException {
    ProtobufPlan plan = plans.get(written);
    if (plan == null) {
      plan = ProtobufPlan.of(schema(written.id()).message(written.message()), reader);
      plans.put(written, plan);
    }
    return plan;
  }

  private ProtobufSchema schema(int id) throws DecodeException {
    ProtobufSchema schema = schemas.get(id);
    if (schema == null) {
      RegisteredSchema registered = registry.registered(id);
      if (registered.language() != RegisteredSchema.Language.PROTOBUF) {
        throw new DecodeException(
            "schema id " + id + " is " + registered.language() + ", not Protobuf");
      }
      if (unreadable.containsKey(id)) {
        throw new DecodeException(unreadable.get(id));
      }
      try {
        schema = ProtobufSchema.of(registered);
      } catch (DecodeException e) {
        unreadable.put(id, e.getMessage());
        throw e;
      }
      schemas.put(id, schema);
    }
    return schema;
  }
}
