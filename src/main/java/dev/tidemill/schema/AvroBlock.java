package dev.tidemill.schema;

import static java.util.Objects.requireNonNull;

import org.apache.avro.Schema;

/**
 * Cuts records that lie one behind the other, as in a block of an object container, without making
 * values of them. Not thread-safe.
 */
public final class AvroBlock {
  private final Schema writer;
  private final AvroInput in = new AvroInput();

  /**
   * @param writer the schema that the records were written with
   * @param bytes nothing but records
   */
  public AvroBlock(Schema writer, byte[] bytes) {
    this.writer = requireNonNull(writer, "writer");
    in.reset(bytes, 0);
  }

  /**
   * The bytes of the next record.
   *
   * @throws DecodeException if there is none; where the one behind it begins is then not known
   */
  public byte[] next() throws DecodeException {
    int from = in.position();
    try {
      SchemaSkipper.skip(writer, in);
    } catch (DecodeException e) {
      in.reset(in.bytes(), from);
      throw e;
    }
    return in.copy(from, in.position());
  }

  /** What was not cut yet. */
  public byte[] rest() {
    return in.copy(in.position(), in.bytes().length);
  }

  /** In bytes. */
  public int remaining() {
    return in.remaining();
  }
}
