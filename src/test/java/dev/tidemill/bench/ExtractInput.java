package dev.tidemill.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** The orders of the reference, as somebody else would hand them over. */
final class ExtractInput {
  private static final int WIRE_HEADER = 5;

  private ExtractInput() {}

  /** One file with a header. */
  static void writeCsv(Path file, long orders) throws IOException {
    OrderGenerator generator = new OrderGenerator(orders, 0, 0);
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(Order.SCHEMA);
    BinaryDecoder decoder = null;
    GenericRecord order = null;
    try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
      out.write("order_id,customer_id,region,status,product,amount,currency,event_time\n");
      while (generator.hasNext()) {
        byte[] bytes = generator.next();
        decoder =
            DecoderFactory.get()
                .binaryDecoder(bytes, WIRE_HEADER, bytes.length - WIRE_HEADER, decoder);
        order = reader.read(order, decoder);
        for (int field = 0; field < Order.SCHEMA.getFields().size() - 1; field++) {
          out.append(String.valueOf(order.get(field))).append(',');
        }
        out.append(Instant.ofEpochMilli((long) order.get("event_time")).toString()).append('\n');
      }
    }
  }
}
