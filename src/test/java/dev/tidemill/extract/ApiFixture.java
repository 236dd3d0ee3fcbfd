package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.cli.Await;
import dev.tidemill.definition.DefinitionReader;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Reading;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.ExponentialBackoff;

/** A pipeline whose source {@code orders} is an API, as its definition says. */
final class ApiFixture {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredInt("id").requiredString("at").endRecord();

  /** In ms: nobody waits in a test. */
  private static final ExponentialBackoff AT_ONCE = new ExponentialBackoff(1, 2, 4, 0.2);

  private static final Registry REGISTRY = new OneSchema(ORDER);

  private final Path folder;
  private final String brokers;
  private final String pipeline;
  private String more = "";

  ApiFixture(Path folder, String brokers, String pipeline) {
    this.folder = folder;
    this.brokers = brokers;
    this.pipeline = pipeline;
  }

  /** Of the source; a row comes not later than this after its event time. */
  ApiFixture completeAfter(String duration) {
    more = "\n    complete-after: " + duration;
    return this;
  }

  /**
   * @param http what is below {@code http:}, a line each, without indentation
   */
  PipelineDefinition definition(String http) {
    try {
      Files.writeString(folder.resolve("order.avsc"), ORDER.toString());
      Path file =
          Files.writeString(
              folder.resolve("pipeline.yaml"),
              """
              pipeline: %s
              batch: {every: "@daily"}
              sources:
                orders:
                  schema: order.avsc
                  event-time: at%s
                  http:
              %ssql: SELECT * FROM orders
              load: [{duckdb: {path: out.duckdb, table: orders}}]
              """
                  .formatted(pipeline, more, http.indent(6)));
      Reading reading = DefinitionReader.read(file, Map.of("SECRET", "hunter2-hunter2")::get);
      return reading
          .definition()
          .orElseThrow(() -> new AssertionError(reading.problems().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Extractor extractor(String http, Transaction.Limit limit, Clock clock) {
    PipelineDefinition definition = definition(http);
    SourceDefinition source = definition.sources().get(0);
    return new Extractor(
        new Extraction(definition.topics(), List.of(), server(), REGISTRY, Events.unheard()),
        source,
        new ApiFeed(source, (Origin.Api) source.origin(), clock),
        Tuning.usual().withLimit(limit).withBackoff(AT_ONCE));
  }

  private ServerSettings server() {
    return new ServerSettings(brokers, URI.create("http://unused"), folder, Map.of(), (short) 1);
  }

  /** The positions that say what was seen. */
  List<String> seen() {
    String positions = "tidemill." + pipeline + ".positions";
    return new PositionTopic(positions, "orders")
        .read(server()).entries().keySet().stream()
            .filter(name -> name.startsWith("seen/"))
            .toList();
  }

  /** Each page is a transaction. */
  Extractor extractor(String http) {
    return extractor(http, new Transaction.Limit(1, Duration.ofMinutes(1)), Clock.systemUTC());
  }

  void run(String http) {
    try (Extractor extractor = extractor(http)) {
      extractor.start();
      if (!extractor.await(Duration.ofSeconds(30))) {
        throw new AssertionError("it does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** When all that was committed can be read: the markers of a commit come a little later. */
  List<ConsumerRecord<byte[], byte[]>> all() {
    TopicPartition partition = new TopicPartition("tidemill." + pipeline + ".source.orders", 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      Await.until(
          "no transaction is under way",
          Duration.ofSeconds(30),
          () ->
              end(admin, partition, IsolationLevel.READ_COMMITTED)
                  == end(admin, partition, IsolationLevel.READ_UNCOMMITTED));
    }
    return TestClients.committed(brokers, partition.topic());
  }

  private static long end(Admin admin, TopicPartition partition, IsolationLevel isolation) {
    return TestClients.get(
            admin
                .listOffsets(
                    Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition))
        .offset();
  }

  /** How often a position was written. */
  int positions() {
    return TestClients.committed(brokers, "tidemill." + pipeline + ".positions").size();
  }

  /** With a value. */
  List<ConsumerRecord<byte[], byte[]>> published() {
    return all().stream().filter(record -> record.value() != null).toList();
  }

  static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), UTF_8));
  }

  /** Of readable rows, in their order. */
  List<Integer> ids() {
    return published().stream()
        .filter(record -> header(record, Headers.UNREADABLE).isEmpty())
        .map(ApiFixture::id)
        .toList();
  }

  List<String> unreadable() {
    return published().stream().flatMap(r -> header(r, Headers.UNREADABLE).stream()).toList();
  }

  private static int id(ConsumerRecord<byte[], byte[]> record) {
    try {
      return (Integer) new AvroRowDecoder(ORDER, REGISTRY).decode(record.value())[0];
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }
}
