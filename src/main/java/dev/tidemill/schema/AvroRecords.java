package dev.tidemill.schema;

import java.util.List;
import org.apache.avro.Schema;

/**
 * Records of one writer's schema as rows of the reader's. What is read is the bare record: no
 * header says what it is. Not thread-safe.
 */
public final class AvroRecords implements RowDecoder {
  private final WriterPlan plan;
  private final AvroInput in = new AvroInput();
  private final List<String> problems;

  /**
   * @throws IllegalArgumentException if the reader's is no record schema
   */
  public AvroRecords(Schema writer, Schema reader) {
    this.plan = WriterPlan.of(writer, reader);
    this.problems = Compatibility.problems(reader, writer);
  }

  /** Why no record can be read: a text for each field that does not fit. Empty if they can. */
  public List<String> problems() {
    return problems;
  }

  @Override
  public Object[] decode(byte[] record) throws DecodeException {
    in.reset(record, 0);
    Object[] row = plan.read(in);
    if (in.remaining() > 0) {
      throw new DecodeException(in.remaining() + " bytes are left behind the record");
    }
    return row;
  }
}
