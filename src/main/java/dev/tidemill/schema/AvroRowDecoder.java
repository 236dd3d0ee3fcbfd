package dev.tidemill.schema;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Reads Avro in Confluent's wire format as rows of the source's schema, whichever compatible schema
 * it was written with. Not thread-safe: one per task.
 */
public final class AvroRowDecoder implements RowDecoder {
  private final Schema reader;
  private final Registry registry;
  private final Map<Integer, WriterPlan> plans = new HashMap<>();
  private final AvroInput in = new AvroInput();
  private int lastId = -1;
  private WriterPlan lastPlan;

  /**
   * @param reader the source's schema
   * @throws IllegalArgumentException if it is no record schema
   */
  public AvroRowDecoder(Schema reader, Registry registry) {
    Column.of(reader);
    this.reader = reader;
    this.registry = requireNonNull(registry, "registry");
  }

  @Override
  public Object[] decode(byte[] bytes) throws DecodeException {
    WriterPlan plan = plan(WireFormat.id(bytes));
    in.reset(bytes, WireFormat.HEADER_BYTES);
    Object[] row = plan.read(in);
    if (in.remaining() > 0) {
      throw new DecodeException(in.remaining() + " bytes are left behind the record");
    }
    return row;
  }

  private WriterPlan plan(int id) throws DecodeException {
    if (id == lastId) {
      return lastPlan;
    }
    WriterPlan plan = plans.get(id);
    if (plan == null) {
      plan = WriterPlan.of(registry.byId(id), reader);
      plans.put(id, plan);
    }
    lastId = id;
    lastPlan = plan;
    return plan;
  }
}
