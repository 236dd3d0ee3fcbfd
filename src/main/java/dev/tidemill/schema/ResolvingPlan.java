package dev.tidemill.schema;

import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads through Avro's schema resolution: promotions, aliases, enum defaults, wider unions. Slower
 * than {@link DirectPlan}, and goes over the bytes twice: Avro's reader believes lengths, so they
 * are checked first.
 */
final class ResolvingPlan implements WriterPlan {
  private final Schema writer;
  private final int width;
  private final List<Column> columns;
  private final GenericDatumReader<IndexedRecord> reader;
  private BinaryDecoder decoder;

  ResolvingPlan(Schema writer, Schema reader) {
    Schema projection = Projection.of(reader, writer);
    this.writer = writer;
    this.width = reader.getFields().size();
    this.columns =
        Column.of(reader).stream()
            .filter(column -> column.kind() != Kind.NESTED)
            .map(column -> column.written(type(projection, column)))
            .toList();
    this.reader = new GenericDatumReader<>(writer, projection, new GenericData());
  }

  private static Schema type(Schema projection, Column column) {
    return Column.withoutNull(projection.getField(column.name()).schema());
  }

  @Override
  public Object[] read(AvroInput in) throws DecodeException {
    int from = in.position();
    SchemaSkipper.skip(writer, in);
    IndexedRecord record;
    try {
      decoder = DecoderFactory.get().binaryDecoder(in.bytes(), from, in.position() - from, decoder);
      record = reader.read(null, decoder);
    } catch (IOException | AvroRuntimeException e) {
      throw new DecodeException("not a record of the source's schema: " + e.getMessage());
    }
    Object[] row = new Object[width];
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      row[column.index()] = GenericValues.toRow(column, record.get(i));
    }
    return row;
  }
}
