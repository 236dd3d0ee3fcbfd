package dev.tidemill.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.postgresql.PGConnection;

/** The orders of the reference, as somebody else would hand them over. */
final class ExtractInput {
  private static final int WIRE_HEADER = 5;

  private ExtractInput() {}

  /** The same rows. */
  static void writeParquet(Path csv, Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (SELECT * REPLACE (event_time::TIMESTAMPTZ AS event_time) FROM read_csv('%s')) TO '%s'"
              .formatted(csv, file));
    }
  }

  /** The same rows, in a table with a primary key. */
  static void writePostgres(Path csv, String url) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        Reader rows = Files.newBufferedReader(csv, UTF_8)) {
      statement.execute(
          "CREATE TABLE orders (order_id BIGINT, customer_id BIGINT, region TEXT, status TEXT,"
              + " product TEXT, amount DOUBLE PRECISION, currency TEXT, event_time TIMESTAMPTZ)");
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY orders FROM STDIN (FORMAT csv, HEADER true)", rows);
      statement.execute("ALTER TABLE orders ADD PRIMARY KEY (order_id)");
      statement.execute("VACUUM ANALYZE orders");
    }
  }

  /** One file with a header. */
  static void writeCsv(Path file, long orders) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
      out.write("order_id,customer_id,region,status,product,amount,currency,event_time\n");
      write(
          orders,
          order -> {
            for (int field = 0; field < Order.SCHEMA.getFields().size() - 1; field++) {
              out.append(String.valueOf(order.get(field))).append(',');
            }
            out.append(Instant.ofEpochMilli((long) order.get("event_time")).toString())
                .append('\n');
          });
    }
  }

  /** One object a line. */
  static void writeJson(Path file, long orders) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, UTF_8)) {
      write(
          orders,
          order -> {
            char before = '{';
            for (Schema.Field field : Order.SCHEMA.getFields()) {
              Object value = order.get(field.pos());
              if (field.name().equals("event_time")) {
                value = Instant.ofEpochMilli((long) value);
              }
              String quote = value instanceof Number ? "" : "\"";
              out.append(before).append('"').append(field.name()).append("\":");
              out.append(quote).append(value.toString()).append(quote);
              before = ',';
            }
            out.append("}\n");
          });
    }
  }

  /** One container. */
  static void writeAvro(Path file, long orders) throws IOException {
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<>(Order.SCHEMA))) {
      out.setCodec(CodecFactory.deflateCodec(1)).create(Order.SCHEMA, file.toFile());
      write(orders, out::append);
    }
  }

  private interface Out {
    void write(GenericRecord order) throws IOException;
  }

  private static void write(long orders, Out out) throws IOException {
    OrderGenerator generator = new OrderGenerator(orders, 0, 0);
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(Order.SCHEMA);
    BinaryDecoder decoder = null;
    GenericRecord order = null;
    while (generator.hasNext()) {
      byte[] bytes = generator.next();
      decoder =
          DecoderFactory.get()
              .binaryDecoder(bytes, WIRE_HEADER, bytes.length - WIRE_HEADER, decoder);
      order = reader.read(order, decoder);
      out.write(order);
    }
  }
}
