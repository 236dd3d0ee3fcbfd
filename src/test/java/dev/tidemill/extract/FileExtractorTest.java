package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.cli.Await;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.Demand;
import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FilePolicies;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.Rate;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Event;
import dev.tidemill.events.Events;
import dev.tidemill.events.Subscription;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Registry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileExtractorTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("Flight")
          .fields()
          .requiredString("origin")
          .requiredInt("delay")
          .endRecord();
  private static final int PARTITIONS = 2;

  @TempDir Path folder;
  private Topics topics;
  private ExtractSettings settings = ExtractSettings.NONE;

  @BeforeEach
  void name(TestInfo test) {
    topics = new Topics(test.getTestMethod().orElseThrow().getName());
  }

  private static final Registry REGISTRY = new OneSchema(FLIGHT);

  private final Events events = Events.unheard();

  private SourceDefinition source(Optional<String> key, int partitions) {
    return new SourceDefinition(
        "flights",
        new Origin.Files(
            folder.resolve("flights-*.csv"),
            Origin.Format.CSV,
            FileLayout.PLAIN,
            Publishing.to(partitions),
            Optional.empty()),
        FLIGHT,
        key,
        new EventTime("origin", Optional.empty(), ZoneOffset.UTC),
        Map.of());
  }

  private SourceDefinition source() {
    return source(Optional.of("origin"), PARTITIONS);
  }

  private Extractor extractor(SourceDefinition source, Reads reads) {
    return new Extractor(
        new Extraction(topics, List.of(), SharedCluster.settings(), REGISTRY, events),
        source,
        new FileFeed((Origin.Files) source.origin(), settings, reads.of(opener(source))),
        Tuning.usual().withLimit(new Transaction.Limit(3, Duration.ofMinutes(1))));
  }

  private Extractor extractor() {
    return extractor(source());
  }

  private void run() throws InterruptedException {
    run(extractor());
  }

  private void run(Extractor made) throws InterruptedException {
    try (Extractor extractor = made) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
    }
  }

  private void write(String file, String... rows) throws IOException {
    Files.writeString(folder.resolve(file), "origin,delay\n" + String.join("\n", rows) + "\n");
  }

  private void writeRows(String file, int from, int to) throws IOException {
    write(
        file,
        IntStream.range(from, to).mapToObj(i -> "A" + i % 5 + "," + i).toArray(String[]::new));
  }

  private List<ConsumerRecord<byte[], byte[]>> all() {
    return TestClients.settled(SharedCluster.brokers(), topics.source("flights"));
  }

  private List<ConsumerRecord<byte[], byte[]>> published() {
    return all().stream().filter(r -> header(r, Headers.PUBLISHED) == null).toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  private static int delay(ConsumerRecord<byte[], byte[]> record) {
    try {
      return (Integer) new AvroRowDecoder(FLIGHT, REGISTRY).decode(record.value())[1];
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private List<Integer> delays() {
    return published().stream().map(FileExtractorTest::delay).sorted().toList();
  }

  private static List<Integer> numbers(int to) {
    return IntStream.range(0, to).boxed().toList();
  }

  /** How a test comes between an extractor and its files. */
  private interface Reads {
    FileRows.Opener of(FileRows.Opener real);
  }

  private static FileRows.Opener opener(SourceDefinition source) {
    return FileRows.of((Origin.Files) source.origin(), source.schema());
  }

  private Extractor extractor(SourceDefinition source) {
    return extractor(source, real -> real);
  }

  /** As the real one, until row {@code number}: there it does {@code instead}. */
  private Reads until(int number, Runnable instead) {
    return real -> (file, from) -> new InterruptedRows(real.open(file, from), number, instead);
  }

  private record InterruptedRows(FileRows real, int number, Runnable instead) implements FileRows {
    @Override
    public Optional<FileRow> next() throws IOException {
      Optional<FileRow> row = real.next();
      try {
        if (row.isPresent() && row.get().values()[1].equals(number)) {
          instead.run();
        }
      } catch (DecodeException e) {
        throw new AssertionError(e);
      }
      return row;
    }

    @Override
    public Place place() {
      return real.place();
    }

    @Override
    public long bytesOnDisk(Place next) throws IOException {
      return real.bytesOnDisk(next);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  @Test
  void every_row_becomes_one_record() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    run();
    assertThat(delays()).isEqualTo(numbers(20));
  }

  @Test
  void files_of_a_glob_are_read_in_the_order_of_their_names() throws Exception {
    writeRows("flights-2.csv", 3, 6);
    writeRows("flights-1.csv", 0, 3);
    Files.writeString(folder.resolve("other.csv"), "not,meant\n");
    try (Extractor extractor = extractor(source(Optional.empty(), 1))) {
      extractor.start();
      extractor.await(Duration.ofSeconds(30));
    }
    assertThat(published()).extracting(FileExtractorTest::delay).isEqualTo(numbers(6));
  }

  @Test
  void a_packed_file_may_grow_as_others_and_is_read_once() throws Exception {
    append("flights-1.csv.gz", "origin,delay\nLAS,0\nLAS,1\nLAS,2\nLAS,3\n");
    run(packed());
    run(packed()); // and finds nothing
    append("flights-1.csv.gz", "LAS,4\n");
    run(packed());
    assertThat(delays()).isEqualTo(numbers(5));
  }

  private Extractor packed() {
    SourceDefinition source = source();
    Origin.Files gz =
        new Origin.Files(
            folder.resolve("flights-*.csv.gz"),
            Origin.Format.CSV,
            FileLayout.PLAIN,
            Publishing.to(PARTITIONS),
            Optional.empty());
    return extractor(
        new SourceDefinition(
            source.name(), gz, FLIGHT, source.key(), source.eventTime(), Map.of()));
  }

  private void append(String file, String rows) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(
            Files.newOutputStream(
                folder.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      out.write(rows.getBytes(UTF_8));
    }
  }

  @Test
  void a_record_carries_its_rows_identity() throws Exception {
    write("flights-1.csv", "LAS,0", "\"AT\nL\",1", "PHL,2");
    run();
    assertThat(published())
        .extracting(record -> header(record, Headers.ID))
        .containsExactlyInAnyOrder("flights-1.csv:2", "flights-1.csv:3", "flights-1.csv:5");
  }

  @Test
  void the_key_decides_the_partition_as_kafka_would() throws Exception {
    writeRows("flights-1.csv", 0, 10);
    run();
    assertThat(published())
        .allSatisfy(
            record ->
                assertThat(record.partition())
                    .isEqualTo(Utils.toPositive(Utils.murmur2(record.key())) % PARTITIONS));
  }

  @Test
  void without_a_key_rows_take_turns() throws Exception {
    writeRows("flights-1.csv", 0, 10);
    try (Extractor extractor = extractor(source(Optional.empty(), PARTITIONS))) {
      extractor.start();
      extractor.await(Duration.ofSeconds(30));
    }
    assertThat(published())
        .allSatisfy(record -> assertThat(record.partition()).isEqualTo(delay(record) % PARTITIONS));
  }

  @Test
  void a_row_that_does_not_fit_is_published_as_it_is_with_the_reason() throws Exception {
    write("flights-1.csv", "LAS,0", "ATL,many", "PHL,1");
    run();
    assertThat(published())
        .filteredOn(record -> header(record, Headers.UNREADABLE) != null)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(new String(record.value(), UTF_8)).isEqualTo("ATL,many");
              assertThat(header(record, Headers.UNREADABLE))
                  .startsWith("flights-1.csv:3: ")
                  .contains("delay");
            });
  }

  @Test
  void the_end_of_the_input_is_announced_to_every_partition_last() throws Exception {
    writeRows("flights-1.csv", 0, 4);
    run();
    assertThat(all())
        .filteredOn(record -> header(record, Headers.END_OF_INPUT) != null)
        .hasSize(PARTITIONS)
        .allSatisfy(record -> assertThat(record.value()).isNull())
        .extracting(ConsumerRecord::partition)
        .containsExactly(0, 1);
  }

  @Test
  void a_second_start_without_news_publishes_nothing() throws Exception {
    writeRows("flights-1.csv", 0, 4);
    run();
    int records = all().size();
    run();
    assertThat(all()).hasSize(records);
  }

  @Test
  void a_file_that_came_later_is_read_at_the_next_start_and_ends_again() throws Exception {
    writeRows("flights-1.csv", 0, 4);
    run();
    writeRows("flights-2.csv", 4, 9);
    run();
    assertThat(delays()).isEqualTo(numbers(9));
    assertThat(all()).hasSize(9 + 2 * PARTITIONS);
  }

  @Test
  void a_file_that_grew_is_read_on() throws Exception {
    writeRows("flights-1.csv", 0, 4);
    run();
    Files.writeString(folder.resolve("flights-1.csv"), "LAS,4\n", StandardOpenOption.APPEND);
    run();
    assertThat(delays()).isEqualTo(numbers(5));
  }

  @Test
  void another_file_of_the_same_name_is_refused() throws Exception {
    writeRows("flights-1.csv", 0, 4);
    run();
    writeRows("flights-1.csv", 100, 110);
    assertThatThrownBy(this::run)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("flights-1.csv")
        .hasMessageContaining("new name");
  }

  @Test
  void another_file_with_the_same_beginning_is_refused() throws Exception {
    writeRows("flights-1.csv", 0, 1_000);
    run();
    String known = Files.readString(folder.resolve("flights-1.csv"));
    String beginning = known.substring(0, known.length() / 2);
    Files.writeString(
        folder.resolve("flights-1.csv"), beginning + "LAS,1".repeat(3) + "\n" + known);
    assertThatThrownBy(this::run)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("is not the file any more of which 1000 rows were published");
  }

  @Test
  @SuppressWarnings("try")
  void it_tells_of_each_transaction_and_of_its_end() throws Exception {
    CollectedEvents told = new CollectedEvents();
    Subscription subscription = events.subscribe("extract", told);
    write("flights-1.csv", "LAS,0", "ATL,many", "PHL,1", "PHX,2");
    run();
    subscription.close();
    assertThat(told.names())
        .containsExactly(
            "extract.run.start",
            "extract.transaction.start",
            "extract.transaction.stop",
            "extract.transaction.start",
            "extract.transaction.stop",
            "extract.run.stop");
    assertThat(told.under("extract.transaction.stop"))
        .extracting(event -> event.measurements())
        .containsExactly(
            Map.of("rows", 3L, "unreadable", 1L), Map.of("rows", 1L, "unreadable", 0L));
    Event end = told.await("extract.run.stop");
    assertThat(end.measurements()).isEqualTo(Map.of("rows", 4L, "unreadable", 1L));
    assertThat(end.metadata()).isEqualTo(Map.of("source", "flights"));
  }

  @Test
  void what_ends_it_ends_its_spans() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    IllegalStateException broken = new IllegalStateException("pulled the plug");
    Runnable fail =
        () -> {
          throw broken;
        };
    CollectedEvents told = new CollectedEvents();
    events.subscribe("extract", told);
    try (Extractor extractor = extractor(source(), until(10, fail))) {
      extractor.start();
      assertThat(told.await("extract.run.exception").error()).containsSame(broken);
    }
    assertThat(told.under("extract.transaction.stop")).hasSize(3);
    Event failed = told.await("extract.transaction.exception");
    assertThat(failed.error()).containsSame(broken);
    assertThat(failed.span())
        .isEqualTo(told.under("extract.transaction.start").get(3).span())
        .isPresent();
  }

  @Test
  void after_a_failure_no_row_is_missing_and_none_is_twice() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    Runnable fail =
        () -> {
          throw new IllegalStateException("pulled the plug");
        };
    try (Extractor extractor = extractor(source(), until(10, fail))) {
      extractor.start();
      assertThatThrownBy(() -> extractor.await(Duration.ofSeconds(30)))
          .hasMessage("pulled the plug");
    }
    assertThat(delays()).as("three whole transactions").isEqualTo(numbers(9));
    run();
    assertThat(delays()).isEqualTo(numbers(20));
  }

  @Test
  void who_takes_over_need_not_have_looked_at_the_files_or_not_lately() throws Exception {
    Runnable fail =
        () -> {
          throw new IllegalStateException("pulled the plug");
        };
    writeRows("flights-1.csv", 0, 5);
    try (Extractor first = extractor(source(), until(10, fail));
        Extractor second = extractor(source(), until(15, fail));
        Extractor third = extractor()) {
      second.check();
      writeRows("flights-1.csv", 0, 20);
      first.start();
      assertThatThrownBy(() -> first.await(Duration.ofSeconds(30))).hasMessage("pulled the plug");
      second.start();
      assertThatThrownBy(() -> second.await(Duration.ofSeconds(30))).hasMessage("pulled the plug");
      third.takeOver();
      assertThat(third.await(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(delays()).isEqualTo(numbers(20));
  }

  @Test
  void a_container_goes_on_within_its_block() throws Exception {
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(FLIGHT))
            .create(FLIGHT, folder.resolve("flights-1.avro").toFile())) {
      for (int i = 0; i < 20; i++) {
        writer.append(
            new GenericRecordBuilder(FLIGHT).set("origin", "LAS").set("delay", i).build());
      }
    }
    goes_on_in("flights-*.avro", Origin.Format.AVRO);
    assertThat(published())
        .extracting(record -> header(record, Headers.ID))
        .contains("flights-1.avro#1", "flights-1.avro#20");
  }

  @Test
  void a_parquet_file_goes_on_within_its_row_group() throws Exception {
    try (Connection duck = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (SELECT 'LAS' AS origin, i::INT AS delay FROM range(0, 20) r(i)) TO '%s'"
              .formatted(folder.resolve("flights-1.parquet")));
    }
    goes_on_in("flights-*.parquet", Origin.Format.PARQUET);
  }

  private void goes_on_in(String files, Origin.Format format) throws Exception {
    SourceDefinition csv = source();
    SourceDefinition source =
        new SourceDefinition(
            csv.name(),
            new Origin.Files(
                folder.resolve(files),
                format,
                FileLayout.PLAIN,
                Publishing.to(PARTITIONS),
                Optional.empty()),
            FLIGHT,
            csv.key(),
            csv.eventTime(),
            Map.of());
    Runnable fail =
        () -> {
          throw new IllegalStateException("pulled the plug");
        };
    try (Extractor extractor = extractor(source, until(10, fail))) {
      extractor.start();
      assertThatThrownBy(() -> extractor.await(Duration.ofSeconds(30)))
          .hasMessage("pulled the plug");
    }
    assertThat(delays()).isEqualTo(numbers(9));
    run(extractor(source));
    assertThat(delays()).isEqualTo(numbers(20));
  }

  @Test
  void a_zombie_is_fenced_by_its_successor_and_publishes_nothing_more() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    CountDownLatch asleep = new CountDownLatch(1);
    CountDownLatch awake = new CountDownLatch(1);
    Runnable sleep =
        () -> {
          asleep.countDown();
          try {
            awake.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try (Extractor zombie = extractor(source(), until(10, sleep))) {
      zombie.start();
      asleep.await();
      run();
      awake.countDown();
      assertThatThrownBy(() -> zombie.await(Duration.ofSeconds(30)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("Another instance extracts source flights");
    }
    assertThat(delays()).isEqualTo(numbers(20));
  }

  /** Its end would be before the other's open transaction for a read_committed consumer. */
  @Test
  void the_open_transaction_of_another_source_hides_no_position() throws Exception {
    writeRows("flights-1.csv", 0, 6);
    try (var other = transactional("another")) {
      Runnable open =
          () -> {
            other.beginTransaction();
            TestClients.get(
                other.send(
                    new ProducerRecord<>(topics.positions(), 0, "x/".getBytes(UTF_8), null)));
          };
      try (Extractor first = extractor(source(), until(0, open))) {
        first.start();
        first.await(Duration.ofSeconds(30));
      }
      try (Extractor second = extractor(source())) {
        second.start();
        assertThat(second.await(Duration.ofMillis(500))).as("waits for the other").isFalse();
        other.commitTransaction();
        assertThat(second.await(Duration.ofSeconds(30))).isTrue();
      }
    }
    assertThat(delays()).isEqualTo(numbers(6));
  }

  private KafkaProducer<byte[], byte[]> transactional(String id) {
    var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", SharedCluster.brokers(), "transactional.id", id),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  @Test
  void a_header_without_a_column_is_refused_before_anything_is_published() throws Exception {
    Files.writeString(folder.resolve("flights-1.csv"), "origin,lateness\nLAS,1\n");
    try (Extractor extractor = extractor()) {
      assertThatThrownBy(extractor::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("flights-1.csv")
          .hasMessageContaining("delay");
    }
  }

  @Test
  void a_topic_with_other_partitions_is_refused() throws Exception {
    writeRows("flights-1.csv", 0, 1);
    TestClients.createTopic(SharedCluster.brokers(), topics.source("flights"), 5);
    try (Extractor extractor = extractor()) {
      assertThatThrownBy(extractor::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("has 5 partitions, the definition says 2");
    }
  }

  @Test
  void no_file_is_named_with_the_path() {
    try (Extractor extractor = extractor()) {
      assertThatThrownBy(extractor::start)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(folder.resolve("flights-*.csv").toString());
    }
  }

  private Extractor demanding(long max, long min) {
    SourceDefinition source = source();
    Origin.Files files = (Origin.Files) source.origin();
    Origin.Files wanted =
        new Origin.Files(
            files.path(),
            files.format(),
            files.layout(),
            new Publishing(PARTITIONS, Optional.of(new Demand(max, min)), Optional.empty()),
            Optional.empty());
    return extractor(
        new SourceDefinition(
            source.name(), wanted, FLIGHT, source.key(), source.eventTime(), Map.of()));
  }

  /** Committed by hand here: what the pipeline does after it has read. */
  private void readAll(Admin admin) {
    List<TopicPartition> partitions =
        IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition(topics.source("flights"), partition))
            .toList();
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    partitions.forEach(p -> ends.put(p, new OffsetAndMetadata(end(admin, p))));
    TestClients.get(admin.alterConsumerGroupOffsets(topics.applicationId(), ends).all());
  }

  private static long end(Admin admin, TopicPartition partition) {
    return TestClients.get(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all())
        .get(partition)
        .offset();
  }

  @Test
  void it_is_not_further_ahead_of_its_pipeline_than_is_wanted() throws Exception {
    writeRows("flights-1.csv", 0, 100);
    int pauses = 0;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedCluster.brokers()));
        Extractor extractor = demanding(30, 10)) {
      extractor.start();
      long before = 0;
      while (!extractor.progress().ended()) {
        Await.until(
            "it waits, or is at the end",
            Duration.ofSeconds(30),
            () -> extractor.progress().waitsFor().isPresent() || extractor.progress().ended());
        if (extractor.progress().waitsFor().isPresent()) {
          long rows = extractor.progress().rows();
          // A transaction has three rows here, and a marker in each partition.
          assertThat(rows - before).isBetween(8L, PARTITIONS * 34L);
          assertThat(published()).hasSize((int) rows);
          before = rows;
          pauses++;
          readAll(admin);
          Await.until(
              "it goes on",
              Duration.ofSeconds(30),
              () -> extractor.progress().waitsFor().isEmpty());
        }
      }
      assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(pauses).isGreaterThan(1);
    assertThat(delays()).isEqualTo(numbers(100));
  }

  @Test
  void it_can_be_stopped_while_it_waits_and_goes_on_there() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    CollectedEvents told = new CollectedEvents();
    events.subscribe("extract", told);
    try (Extractor extractor = demanding(4, 1)) {
      extractor.start();
      told.await("extract.waiting");
    }
    assertThat(published()).hasSizeLessThan(20);
    run();
    assertThat(delays()).isEqualTo(numbers(20));
  }

  private SourceDefinition reading(String files, FilePolicies policies) {
    return reading(files, Origin.Format.CSV, policies);
  }

  private SourceDefinition reading(String files, Origin.Format format, FilePolicies policies) {
    SourceDefinition source = source();
    return new SourceDefinition(
        source.name(),
        new Origin.Files(
            folder.resolve(files),
            format,
            FileLayout.PLAIN,
            Publishing.to(PARTITIONS),
            Optional.empty(),
            policies),
        FLIGHT,
        source.key(),
        source.eventTime(),
        Map.of());
  }

  private List<String> ids() {
    return published().stream().map(record -> header(record, Headers.ID)).sorted().toList();
  }

  private SourceDefinition lenient(String files, Origin.Format format) {
    return reading(files, format, new FilePolicies(OnReplace.STOP, OnMismatch.REJECT));
  }

  private void parquet(String file, int from, int to) throws Exception {
    try (Connection duck = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (SELECT 'LAS' AS origin, i::INT AS delay FROM range(%d, %d) r(i)) TO '%s' (ROW_GROUP_SIZE 2048, CODEC gzip)"
              .formatted(from, to, folder.resolve(file)));
    }
  }

  private List<String> rejects() {
    return published().stream()
        .filter(record -> header(record, Headers.UNREADABLE) != null)
        .map(record -> header(record, Headers.UNREADABLE))
        .sorted()
        .toList();
  }

  @Test
  void a_damaged_parquet_file_is_one_reject_and_the_next_one_is_read() throws Exception {
    parquet("flights-1.parquet", 0, 3 * 2048);
    parquet("flights-2.parquet", 0, 10);
    parquet("flights-4.parquet", 10_000, 10_010);
    byte[] pages = Files.readAllBytes(folder.resolve("flights-1.parquet"));
    Arrays.fill(pages, pages.length / 2, pages.length / 2 + 200, (byte) 0);
    Files.write(folder.resolve("flights-1.parquet"), pages);
    byte[] whole = Files.readAllBytes(folder.resolve("flights-2.parquet"));
    Files.write(folder.resolve("flights-2.parquet"), Arrays.copyOf(whole, whole.length - 9));
    Files.writeString(folder.resolve("flights-3.parquet"), "no parquet");
    run(extractor(lenient("flights-*.parquet", Origin.Format.PARQUET)));
    List<ConsumerRecord<byte[], byte[]>> rows =
        published().stream().filter(r -> header(r, Headers.UNREADABLE) == null).toList();
    assertThat(rows).as("none of a damaged file").hasSize(10);
    assertThat(rejects())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("flights-1.parquet: can not be read as Parquet"),
            second -> assertThat(second).startsWith("flights-2.parquet: can not be read"),
            third -> assertThat(third).startsWith("flights-3.parquet: can not be read"));
    run(extractor(lenient("flights-*.parquet", Origin.Format.PARQUET)));
    assertThat(published()).as("nothing is new").hasSize(10 + 3);
    Files.write(folder.resolve("flights-2.parquet"), whole); // its whole has come
    run(extractor(lenient("flights-*.parquet", Origin.Format.PARQUET)));
    assertThat(published()).hasSize(10 + 3 + 10);
  }

  @Test
  void a_damaged_file_stops_the_run_by_name_unless_it_may_be_rejected() throws Exception {
    parquet("flights-1.parquet", 0, 10);
    Files.writeString(folder.resolve("flights-2.parquet"), "no parquet");
    SourceDefinition strict =
        reading("flights-*.parquet", Origin.Format.PARQUET, FilePolicies.STOP);
    assertThatThrownBy(() -> run(extractor(strict)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("flights-2.parquet can not be read as Parquet")
        .hasMessageContaining("on-mismatch: reject");
  }

  @Test
  void a_packed_file_that_is_cut_off_is_one_reject_behind_its_rows() throws Exception {
    append("flights-1.csv.gz", "origin,delay\nLAS,0\nLAS,1\nLAS,2\nLAS,3\n");
    append("flights-2.csv.gz", "origin,delay\nLAS,4\n");
    Path cut = folder.resolve("flights-1.csv.gz");
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 4));
    run(extractor(lenient("flights-*.csv.gz", Origin.Format.CSV)));
    assertThat(rejects())
        .singleElement()
        .asString()
        .startsWith("flights-1.csv.gz: can not be unpacked");
    assertThat(ids()).contains("flights-1.csv.gz", "flights-2.csv.gz:2");
  }

  @Test
  void a_file_that_was_renamed_goes_on_under_its_old_identity() throws Exception {
    writeRows("flights-1.csv", 0, 3);
    run();
    Files.move(folder.resolve("flights-1.csv"), folder.resolve("flights-2.csv"));
    run();
    assertThat(delays()).as("nothing is new").isEqualTo(numbers(3));
    Files.writeString(folder.resolve("flights-2.csv"), "LAS,3\n", StandardOpenOption.APPEND);
    writeRows("flights-1.csv", 4, 6); // and its name is given to another one
    run();
    assertThat(delays()).isEqualTo(numbers(6));
    assertThat(ids()).contains("flights-1.csv:5", "flights-1.csv@2:2", "flights-1.csv@2:3");
    run();
    assertThat(delays()).isEqualTo(numbers(6));
  }

  @Test
  void a_part_of_a_file_that_was_renamed_is_published_once() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    Runnable fail =
        () -> {
          throw new IllegalStateException("pulled the plug");
        };
    try (Extractor extractor = extractor(source(), until(10, fail))) {
      extractor.start();
      assertThatThrownBy(() -> extractor.await(Duration.ofSeconds(30)))
          .hasMessage("pulled the plug");
    }
    Files.move(folder.resolve("flights-1.csv"), folder.resolve("flights-9.csv"));
    run();
    assertThat(delays()).isEqualTo(numbers(20));
  }

  @Test
  void a_file_that_is_renamed_while_it_is_read_is_read_on() throws Exception {
    writeRows("flights-1.csv", 0, 20);
    run(extractor(source(), until(10, () -> move("flights-1.csv", "flights-9.csv"))));
    assertThat(delays()).isEqualTo(numbers(20));
  }

  @Test
  void a_file_that_is_replaced_while_it_is_read_is_read_from_its_beginning() throws Exception {
    SourceDefinition again =
        reading("flights-*.csv", new FilePolicies(OnReplace.READ_AGAIN, OnMismatch.STOP));
    writeRows("flights-1.csv", 0, 5);
    writeRows("next", 5, 20);
    run(extractor(again, until(4, () -> move("next", "flights-1.csv"))));
    run(extractor(again));
    assertThat(delays()).filteredOn(delay -> delay >= 5).isEqualTo(numbers(20).subList(5, 20));
    assertThat(ids()).contains("flights-1.csv@2:2");
  }

  private void move(String from, String to) {
    try {
      if (Files.exists(folder.resolve(from))) {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_copy_under_another_name_is_another_file() throws Exception {
    writeRows("flights-1.csv", 0, 3);
    run();
    Files.copy(folder.resolve("flights-1.csv"), folder.resolve("flights-2.csv"));
    Files.delete(folder.resolve("flights-1.csv"));
    run();
    assertThat(ids()).hasSize(6).contains("flights-1.csv:2", "flights-2.csv:2");
  }

  @Test
  void each_of_several_names_of_a_file_is_a_file() throws Exception {
    writeRows("flights-2.csv", 0, 3);
    run();
    Files.createLink(folder.resolve("flights-1.csv"), folder.resolve("flights-2.csv"));
    run();
    run();
    assertThat(ids()).hasSize(6).contains("flights-1.csv:2", "flights-2.csv:2");
    Files.delete(folder.resolve("flights-2.csv"));
    run();
    assertThat(ids()).hasSize(6);
  }

  @Test
  void a_file_that_was_truncated_or_replaced_is_read_again_if_it_may_be() throws Exception {
    SourceDefinition again =
        reading("flights-*.csv", new FilePolicies(OnReplace.READ_AGAIN, OnMismatch.STOP));
    writeRows("flights-1.csv", 0, 4);
    run(extractor(again));
    Path file = folder.resolve("flights-1.csv");
    Files.writeString(file, "origin,delay\n");
    assertThatThrownBy(() -> run(extractor(source())))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("it was truncated")
        .hasMessageContaining("on-replace: read-again");
    run(extractor(again));
    writeRows("flights-1.csv", 0, 5); // begins as it did at first, but it is the second one
    run(extractor(again));
    assertThat(delays()).hasSize(9);
    writeRows("flights-1.csv", 5, 9);
    run(extractor(again));
    assertThat(ids())
        .hasSize(13)
        .contains("flights-1.csv@2:2", "flights-1.csv@2:6", "flights-1.csv@3:2");
    run(extractor(again));
    assertThat(ids()).hasSize(13);
  }

  @Test
  void a_file_that_was_truncated_fails_the_runs_of_a_schedule_until_it_is_put_back()
      throws Exception {
    FiringPolicy policy =
        new FiringPolicy(
            Overlap.SKIP,
            Misfire.ONCE,
            1,
            Optional.empty(),
            100,
            Duration.ofMillis(100),
            Duration.ZERO,
            0);
    FixedSchedule every = FixedSchedule.every(Duration.ofSeconds(1));
    ScheduleDefinition schedule =
        new ScheduleDefinition("1s", Optional.of(every), ZoneOffset.UTC, policy);
    CollectedEvents told = new CollectedEvents();
    events.subscribe("schedule", told);
    writeRows("flights-1.csv", 0, 10);
    try (Extractor extractor = extractor(scheduled(schedule))) {
      extractor.start();
      told.await("a run", event -> isEnd(event, "done"));
      writeRows("flights-1.csv", 0, 5);
      told.await("a run that fails", event -> isEnd(event, "failed"));
      writeRows("flights-1.csv", 0, 25);
      told.await(
          "the rest", event -> isEnd(event, "done") && event.measurements().get("rows") == 15);
      assertThat(extractor.failure()).isEmpty();
    }
    assertThat(delays()).isEqualTo(numbers(25));
  }

  private static boolean isEnd(Event event, String outcome) {
    return event.isUnder("schedule.run.stop") && outcome.equals(event.metadata().get("outcome"));
  }

  private SourceDefinition scheduled(ScheduleDefinition schedule) {
    SourceDefinition source = source();
    return new SourceDefinition(
        source.name(),
        new Origin.Files(
            folder.resolve("flights-*.csv"),
            Origin.Format.CSV,
            FileLayout.PLAIN,
            new Publishing(
                PARTITIONS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(schedule)),
            Optional.empty()),
        FLIGHT,
        source.key(),
        source.eventTime(),
        Map.of());
  }

  @Test
  void a_link_out_of_the_folder_is_refused_by_name() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path inside = Files.createDirectory(folder.resolve("inside"));
    writeRows("outside/secret.csv", 0, 2);
    Files.createSymbolicLink(inside.resolve("a.csv"), outside.resolve("secret.csv"));
    SourceDefinition links = reading("inside/*.csv", FilePolicies.STOP);
    assertThatThrownBy(() -> run(extractor(links)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("a.csv is in fact " + outside.toRealPath().resolve("secret.csv"))
        .hasMessageContaining("TIDEMILL_EXTRACT_BASE_DIRECTORIES");
    settings = new ExtractSettings(List.of(inside), Optional.empty());
    assertThatThrownBy(() -> run(extractor(links))).isInstanceOf(Unavailable.class);
    settings = new ExtractSettings(List.of(inside, outside), Optional.empty());
    run(extractor(links));
    assertThat(delays()).isEqualTo(numbers(2));
  }

  @Test
  void a_link_that_comes_later_ends_the_watch() throws Exception {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    writeRows("secret.csv", 0, 2);
    SourceDefinition links = reading("inside/*.csv", FilePolicies.STOP);
    Origin.Files once = (Origin.Files) links.origin();
    Origin.Files watched =
        new Origin.Files(
            once.path(),
            once.format(),
            once.layout(),
            once.publishing(),
            Optional.of(Duration.ofMillis(20)));
    try (Extractor extractor =
        extractor(
            new SourceDefinition(
                links.name(), watched, FLIGHT, links.key(), links.eventTime(), Map.of()))) {
      extractor.start();
      Files.createSymbolicLink(inside.resolve("a.csv"), folder.resolve("secret.csv"));
      assertThatThrownBy(() -> extractor.await(Duration.ofSeconds(30)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("which is not in the source's own folder");
    }
    assertThat(published()).isEmpty();
  }

  @Test
  void a_table_that_is_watched_has_an_end_behind_each_look_that_found_something() throws Exception {
    writeRows("flights-1.csv", 0, 2);
    Origin.Files once = (Origin.Files) source().origin();
    Origin.Files watched =
        new Origin.Files(
            once.path(),
            once.format(),
            once.layout(),
            once.publishing(),
            Optional.of(Duration.ofMillis(20)));
    TableDefinition table =
        new TableDefinition(
            "flights",
            watched,
            FLIGHT,
            "origin",
            Optional.empty(),
            Duration.ofSeconds(30),
            false,
            true);
    Extraction extraction =
        new Extraction(topics, List.of(), SharedCluster.settings(), REGISTRY, events);
    try (Extractor extractor = new Extractor(extraction, table)) {
      extractor.start();
      Await.until("two rows", Duration.ofSeconds(30), () -> endOf(extractor, 2));
      writeRows("whole.csv", 2, 5);
      Files.move(folder.resolve("whole.csv"), folder.resolve("flights-2.csv"));
      Await.until("five rows", Duration.ofSeconds(30), () -> endOf(extractor, 5));
    }
    assertThat(all())
        .filteredOn(record -> header(record, Headers.END_OF_INPUT) != null)
        .hasSize(2 * PARTITIONS);
    assertThat(delays()).isEqualTo(numbers(5));
  }

  private static boolean endOf(Extractor extractor, long rows) {
    assertThat(extractor.failure()).isEmpty();
    return extractor.progress().rows() == rows && extractor.progress().ended();
  }

  @Test
  void a_folder_means_its_files_and_stars_those_of_folders_within() throws Exception {
    Files.createDirectories(folder.resolve("in/2026/11"));
    writeRows("in/a.csv", 0, 2);
    writeRows("in/.hidden.csv", 50, 51);
    writeRows("in/_SUCCESS", 50, 51);
    writeRows("in/2026/a.csv", 2, 4);
    writeRows("in/2026/11/a.csv", 4, 6);
    run(extractor(reading("in", FilePolicies.STOP)));
    assertThat(ids()).containsExactly("a.csv:2", "a.csv:3");
    run(extractor(reading("in/**/*a.csv", FilePolicies.STOP)));
    assertThat(delays()).isEqualTo(numbers(6));
    assertThat(ids()).contains("2026/a.csv:2", "2026/11/a.csv:3");
  }

  private Extractor watching() {
    SourceDefinition source = source();
    Origin.Files files = (Origin.Files) source.origin();
    Origin.Files watched =
        new Origin.Files(
            files.path(),
            files.format(),
            files.layout(),
            files.publishing(),
            Optional.of(Duration.ofMillis(20)));
    return extractor(
        new SourceDefinition(
            source.name(), watched, FLIGHT, source.key(), source.eventTime(), Map.of()));
  }

  private void append(String file, Instant changedAt, String text) throws IOException {
    Path written = folder.resolve(file + ".part");
    Path path = folder.resolve(file);
    Files.writeString(written, Files.exists(path) ? Files.readString(path) + text : text);
    Files.setLastModifiedTime(written, FileTime.from(changedAt));
    Files.move(written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** How many rows the extractor says that it has published, over all partitions. */
  private long told() {
    Map<Integer, Long> byPartition = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all()) {
      Header said = record.headers().lastHeader(Headers.PUBLISHED);
      if (said != null) {
        byPartition.put(record.partition(), ByteBuffer.wrap(said.value()).getLong());
      }
    }
    return byPartition.values().stream().mapToLong(Long::longValue).sum();
  }

  private void awaitRows(Extractor extractor, int rows) {
    Await.until(
        rows + " rows",
        Duration.ofSeconds(30),
        () -> extractor.progress().rows() == rows || extractor.failure().isPresent());
    assertThat(extractor.failure()).isEmpty();
  }

  @Test
  void watched_files_are_read_as_they_come_and_grow() throws Exception {
    Instant justNow = Instant.now().plus(Duration.ofHours(1)); // for as long as the test takes
    Instant longAgo = Instant.now().minus(Duration.ofHours(1));
    try (Extractor extractor = watching()) {
      extractor.start();
      append("flights-1.csv", justNow, "origin,de");
      append("flights-2.csv", longAgo, "origin,delay\nLAS,0\nLAS,1");
      awaitRows(extractor, 2); // a file that nobody writes needs no last line's end
      append("flights-1.csv", justNow, "lay\nATL,2\nATL,");
      awaitRows(extractor, 3);
      append("flights-1.csv", justNow, "3\nATL,4\nPHL");
      awaitRows(extractor, 5);
      Await.until("all of them are told to be there", Duration.ofSeconds(30), () -> told() == 5);
    }
    assertThat(all()).noneMatch(record -> header(record, Headers.END_OF_INPUT) != null);
    append("flights-1.csv", longAgo, ",5");
    run();
    assertThat(delays()).isEqualTo(numbers(6));
    assertThat(all()).anyMatch(record -> header(record, Headers.END_OF_INPUT) != null);
  }

  /** As long as it takes by the rate; what is slow already may take longer. */
  @Test
  void a_rate_is_not_exceeded() throws Exception {
    SourceDefinition source = source();
    Origin.Files files = (Origin.Files) source.origin();
    Publishing slowly =
        new Publishing(
            PARTITIONS,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Rate(20, Duration.ofSeconds(1))),
            Optional.empty());
    writeRows("flights-1.csv", 0, 30);
    long begin = System.nanoTime();
    run(
        extractor(
            new SourceDefinition(
                source.name(),
                new Origin.Files(
                    files.path(), files.format(), files.layout(), slowly, Optional.empty()),
                FLIGHT,
                source.key(),
                source.eventTime(),
                Map.of())));
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThan(Duration.ofMillis(27 * 50)); // the last transaction waits for nobody
    assertThat(delays()).isEqualTo(numbers(30));
  }

  @Test
  void each_look_tells_each_partition_what_is_complete() throws Exception {
    SourceDefinition source = source();
    Origin.Files files = (Origin.Files) source.origin();
    Origin.Files watched =
        new Origin.Files(
            files.path(),
            files.format(),
            files.layout(),
            new Publishing(PARTITIONS, Optional.empty(), Optional.of(Duration.ofHours(1))),
            Optional.of(Duration.ofMillis(20)));
    writeRows("flights-1.csv", 0, 5);
    Instant before = Instant.now();
    Extractor made =
        extractor(
            new SourceDefinition(
                source.name(), watched, FLIGHT, source.key(), source.eventTime(), Map.of()));
    try (Extractor extractor = made) {
      extractor.start();
      awaitRows(extractor, 5);
    }
    List<ConsumerRecord<byte[], byte[]>> marks =
        all().stream().filter(record -> record.value() == null).toList();
    assertThat(marks).extracting(ConsumerRecord::partition).contains(0, 1);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int of = partition;
      List<ConsumerRecord<byte[], byte[]>> records =
          all().stream().filter(record -> record.partition() == of).toList();
      assertThat(records.get(records.size() - 1).value()).as("the last word").isNull();
    }
    assertThat(marks)
        .extracting(mark -> mark.headers().lastHeader(Headers.COMPLETE_TO).value())
        .extracting(time -> Instant.ofEpochMilli(ByteBuffer.wrap(time).getLong()))
        .isSorted()
        .allMatch(time -> !time.isBefore(before.minus(Duration.ofHours(1).plusMillis(1))))
        .allMatch(time -> time.isBefore(Instant.now().minus(Duration.ofMinutes(59))));
  }

  @Test
  void progress_tells_what_is_committed() throws Exception {
    writeRows("flights-1.csv", 0, 10);
    try (Extractor extractor = extractor()) {
      extractor.start();
      extractor.await(Duration.ofSeconds(30));
      long bytes = Files.size(folder.resolve("flights-1.csv"));
      assertThat(extractor.progress())
          .isEqualTo(
              new ExtractorProgress(
                  10, 0, 1, 1, bytes, bytes, true, Optional.empty(), Optional.empty()));
    }
  }
}
