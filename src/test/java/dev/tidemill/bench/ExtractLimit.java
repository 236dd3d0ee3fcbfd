package dev.tidemill.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The same by hand, for this one schema: read, encode, and send in transactions of the same size.
 * No position, no identity, no row that does not fit: what the libraries can do.
 */
final class ExtractLimit {
  private static final int TRANSACTION = 10_000;
  private static final JsonFactory JSON = new JsonFactory();

  private ExtractLimit() {}

  static void run(ExtractJob job, ExtractProcess.Watch watch) throws IOException, SQLException {
    Topics.create(job.brokers(), job.topic(), ExtractProcess.PARTITIONS);
    byte[] header;
    try (ConfluentRegistry registry = new ConfluentRegistry(job.registry())) {
      int id = registry.register(Schemas.valueSubject(job.topic()), Order.SCHEMA);
      header = ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
    }
    try (KafkaProducer<byte[], byte[]> producer = producer(job)) {
      producer.initTransactions();
      watch.begins();
      Sender sender = new Sender(job, producer, header, watch);
      switch (job.origin()) {
        case CSV -> csv(job, sender);
        case JSON -> {
          try (InputStream in = Files.newInputStream(Path.of(job.input()))) {
            json(JSON.createParser(in), sender);
          }
        }
        case AVRO -> avro(job, sender);
        case HTTP -> http(job, sender);
        case PARQUET ->
            query("jdbc:duckdb:", "SELECT * FROM read_parquet('" + job.input() + "')", sender);
        case POSTGRES -> query(job.input(), "SELECT * FROM orders ORDER BY order_id", sender);
      }
      sender.commit();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(ExtractJob job) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", job.brokers());
    settings.put("transactional.id", job.name());
    settings.put("batch.size", 131072);
    settings.put("linger.ms", 20);
    settings.put("compression.type", "lz4");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void csv(ExtractJob job, Sender sender) throws IOException {
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(Path.of(job.input()))) {
      Iterator<CsvRecord> rows = reader.iterator();
      rows.next(); // the header
      while (rows.hasNext()) {
        List<String> row = rows.next().getFields();
        sender.send(
            Long.parseLong(row.get(0)),
            Long.parseLong(row.get(1)),
            row.get(2),
            row.get(3),
            row.get(4),
            Double.parseDouble(row.get(5)),
            row.get(6),
            millis(row.get(7)));
      }
    }
  }

  /** Of {@code 2024-02-29T12:30:59[.123]Z}, as this file has it: no other form would do. */
  private static long millis(String time) {
    LocalDate date = LocalDate.of(number(time, 0, 4), number(time, 5, 7), number(time, 8, 10));
    long minutes = date.toEpochDay() * 1440 + number(time, 11, 13) * 60 + number(time, 14, 16);
    long seconds = minutes * 60 + number(time, 17, 19);
    return seconds * 1000 + (time.length() == 24 ? number(time, 20, 23) : 0);
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  /** The objects of an array, or of lines, whose values are in the order of the schema. */
  private static long json(JsonParser parser, Sender sender) throws IOException {
    long orders = 0;
    for (JsonToken next = parser.nextToken(); next != null; next = parser.nextToken()) {
      if (next != JsonToken.START_OBJECT) {
        continue;
      }
      sender.send(
          value(parser).getLongValue(),
          value(parser).getLongValue(),
          value(parser).getText(),
          value(parser).getText(),
          value(parser).getText(),
          value(parser).getDoubleValue(),
          value(parser).getText(),
          millis(value(parser).getText()));
      orders++;
    }
    return orders;
  }

  private static JsonParser value(JsonParser parser) throws IOException {
    parser.nextToken(); // the name
    parser.nextToken();
    return parser;
  }

  private static void avro(ExtractJob job, Sender sender) throws IOException {
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(new File(job.input()), new GenericDatumReader<>())) {
      GenericRecord order = null;
      while (reader.hasNext()) {
        order = reader.next(order);
        sender.send(
            (long) order.get(0),
            (long) order.get(1),
            order.get(2).toString(),
            order.get(3).toString(),
            order.get(4).toString(),
            (double) order.get(5),
            order.get(6).toString(),
            (long) order.get(7));
      }
    }
  }

  private static void http(ExtractJob job, Sender sender) throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    try {
      long orders = 1;
      for (int page = 1; orders > 0; page++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(job.input() + "?page=" + page)).build();
        byte[] body = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        orders = json(JSON.createParser(body), sender);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void query(String url, String sql, Sender sender)
      throws IOException, SQLException {
    Properties settings = new Properties();
    if (url.startsWith("jdbc:duckdb")) {
      settings.put("jdbc_stream_results", "true");
    }
    try (Connection connection = DriverManager.getConnection(url, settings);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false); // or PostgreSQL's driver takes all rows at once
      statement.setFetchSize(TRANSACTION);
      try (ResultSet row = statement.executeQuery(sql)) {
        while (row.next()) {
          sender.send(
              row.getLong(1),
              row.getLong(2),
              row.getString(3),
              row.getString(4),
              row.getString(5),
              row.getDouble(6),
              row.getString(7),
              row.getObject(8, OffsetDateTime.class).toInstant().toEpochMilli());
        }
      }
    }
  }

  private static final class Sender {
    private final ExtractJob job;
    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[] header;
    private final ExtractProcess.Watch watch;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    private boolean open;
    private long sent;

    private Sender(
        ExtractJob job,
        KafkaProducer<byte[], byte[]> producer,
        byte[] header,
        ExtractProcess.Watch watch) {
      this.job = job;
      this.producer = producer;
      this.header = header;
      this.watch = watch;
    }

    private void send(
        long order,
        long customer,
        String region,
        String status,
        String product,
        double amount,
        String currency,
        long time)
        throws IOException {
      if (!open) {
        producer.beginTransaction();
        open = true;
      }
      bytes.reset();
      bytes.writeBytes(header);
      encoder.writeLong(order);
      encoder.writeLong(customer);
      encoder.writeString(region);
      encoder.writeString(status);
      encoder.writeString(product);
      encoder.writeDouble(amount);
      encoder.writeString(currency);
      encoder.writeLong(time);
      encoder.flush();
      byte[] key = Long.toString(customer).getBytes(UTF_8);
      producer.send(new ProducerRecord<>(job.topic(), key, bytes.toByteArray()));
      if (++sent % TRANSACTION == 0) {
        commit();
      }
    }

    private void commit() {
      if (open) {
        producer.commitTransaction();
        open = false;
        watch.published(sent);
      }
    }
  }
}
