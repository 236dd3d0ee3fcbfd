package dev.tidemill.schema;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Reads envelopes of one writer's schema. Not thread-safe. */
final class DebeziumAvro {
  private static final int NOWHERE = -1;

  private final List<Schema.Field> fields;
  private final WriterPlan rows;
  private final WriterPlan rowsBefore;

  private DebeziumAvro(List<Schema.Field> fields, WriterPlan rows, WriterPlan rowsBefore) {
    this.fields = fields;
    this.rows = rows;
    this.rowsBefore = rowsBefore;
  }

  /**
   * @param reader of a row
   * @param before the same, of a deleted row
   * @throws IncompatibleSchemaException if the writer's schema is none of an envelope
   */
  static DebeziumAvro of(Schema writer, Schema reader, Schema before)
      throws IncompatibleSchemaException {
    Schema row = rowOf(writer);
    return new DebeziumAvro(
        writer.getFields(), WriterPlan.of(row, reader), WriterPlan.of(row, before));
  }

  private static Schema rowOf(Schema writer) throws IncompatibleSchemaException {
    if (writer.getType() == Schema.Type.RECORD
        && isText(writer.getField("op"))
        && writer.getField("after") != null) {
      Schema after = writer.getField("after").schema();
      List<Schema> types = after.isUnion() ? after.getTypes() : List.of(after);
      for (Schema type : types) {
        if (type.getType() == Schema.Type.RECORD) {
          return ConnectTypes.withLogicalTypes(type);
        }
      }
    }
    throw new IncompatibleSchemaException(
        "schema '%s' is none of a Debezium envelope: it needs a record 'after' and a text 'op'. If a"
                .formatted(writer.getFullName())
            + " transform unwraps the envelopes, write format: avro");
  }

  private static boolean isText(Schema.Field field) {
    return field != null && field.schema().getType() == Schema.Type.STRING;
  }

  Change read(AvroInput in) throws DecodeException {
    Envelope envelope = new Envelope(in);
    String op = "";
    for (Schema.Field field : fields) {
      switch (field.name()) {
        case "op" -> op = in.readString();
        case "before" -> envelope.before = place(field.schema(), in);
        case "after" -> envelope.after = place(field.schema(), in);
        default -> SchemaSkipper.skip(field.schema(), in);
      }
    }
    if (in.remaining() > 0) {
      throw new DecodeException(in.remaining() + " bytes are left behind the record");
    }
    return DebeziumDecoder.change(op, envelope);
  }

  /** Where the row begins, or {@link #NOWHERE} for a null; stands behind it afterwards. */
  private static int place(Schema schema, AvroInput in) throws DecodeException {
    Schema row = schema;
    if (schema.isUnion()) {
      long branch = in.readLong();
      if (branch < 0 || branch >= schema.getTypes().size()) {
        throw new DecodeException("branch " + branch + " of " + schema.getTypes().size());
      }
      row = schema.getTypes().get((int) branch);
    }
    int place = in.position();
    SchemaSkipper.skip(row, in);
    return row.getType() == Schema.Type.RECORD ? place : NOWHERE;
  }

  /** Which of the rows is wanted depends on {@code op}, which comes behind them. */
  private final class Envelope implements DebeziumDecoder.Rows {
    private final AvroInput in;
    private int before = NOWHERE;
    private int after = NOWHERE;

    Envelope(AvroInput in) {
      this.in = in;
    }

    @Override
    public Optional<Object[]> before() throws DecodeException {
      return row(before, rowsBefore);
    }

    @Override
    public Optional<Object[]> after() throws DecodeException {
      return row(after, rows);
    }

    private Optional<Object[]> row(int place, WriterPlan plan) throws DecodeException {
      if (place == NOWHERE) {
        return Optional.empty();
      }
      in.reset(in.bytes(), place);
      return Optional.of(plan.read(in));
    }
  }
}
