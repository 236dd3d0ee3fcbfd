package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.cli.Await;
import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FilePolicies;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.ManifestFiles;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Events;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Registry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are delivered with a manifest. */
@Timeout(60)
final class ManifestFilesTest {
  private static final Schema FLIGHT =
      SchemaBuilder.record("Flight").fields().requiredInt("delay").endRecord();
  private static final FilePolicies REJECT = new FilePolicies(OnReplace.STOP, OnMismatch.REJECT);

  private static EmbeddedBroker broker;

  @TempDir private Path folder;
  private final Events events = Events.unheard();
  private Topics topics;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.temporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void name(TestInfo test) {
    topics = new Topics(test.getTestMethod().orElseThrow().getName());
  }

  private static final Registry REGISTRY =
      new Registry() {
        @Override
        public int register(String subject, Schema schema) {
          return 1;
        }

        @Override
        public Schema byId(int id) {
          return FLIGHT;
        }

        @Override
        public Optional<Schema> latest(String subject) {
          return Optional.of(FLIGHT);
        }
      };

  private Extractor extractor(FilePolicies policies, Optional<Duration> watch) {
    Origin.Files files =
        new Origin.Files(
            folder.resolve("*.csv"),
            Origin.Format.CSV,
            FileLayout.PLAIN,
            Publishing.to(1),
            watch,
            policies,
            Optional.of(new ManifestFiles(folder.resolve("*.csv.json"), Optional.of(".json"))));
    SourceDefinition source =
        new SourceDefinition(
            "flights",
            files,
            FLIGHT,
            Optional.empty(),
            new EventTime("delay", Optional.empty(), ZoneOffset.UTC),
            Map.of());
    ServerSettings server =
        new ServerSettings(
            broker.bootstrapServers(), URI.create("http://unused"), folder, Map.of(), (short) 1);
    return new Extractor(
        new Extraction(topics, List.of(), server, REGISTRY, events),
        source,
        FileFeed.of(source, files, ExtractSettings.NONE),
        Tuning.usual().withLimit(new Transaction.Limit(3, Duration.ofMinutes(1))));
  }

  private void run(FilePolicies policies) throws InterruptedException {
    try (Extractor extractor = extractor(policies, Optional.empty())) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
    }
  }

  private void write(String file, int rows) throws IOException {
    Files.writeString(folder.resolve(file), "delay\n" + "1\n".repeat(rows));
  }

  private void manifest(String file, String json) throws IOException {
    Files.writeString(folder.resolve(file + ".json"), json);
  }

  private String sha256(String file) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve(file)));
    return HexFormat.of().formatHex(digest);
  }

  /** Of each record: a row, a reject's reason, or what is expected. */
  private List<String> topic() {
    return TestClients.settled(broker.bootstrapServers(), topics.source("flights")).stream()
        .map(ManifestFilesTest::said)
        .toList();
  }

  private static String said(ConsumerRecord<byte[], byte[]> record) {
    Header expected = record.headers().lastHeader(Headers.EXPECTED);
    if (expected != null) {
      ByteBuffer said = ByteBuffer.wrap(expected.value());
      return said.getLong() + " expected, " + said.getLong() + " unconfirmed";
    }
    Header unreadable = record.headers().lastHeader(Headers.UNREADABLE);
    return unreadable != null
        ? new String(unreadable.value(), UTF_8)
        : record.value() == null ? "end" : "row";
  }

  @Test
  void before_the_first_row_it_is_unconfirmed_and_behind_the_last_one_it_is_confirmed()
      throws Exception {
    write("a.csv", 4);
    write("b.csv", 2);
    manifest("a.csv", "{\"rows\": 4, \"sha256\": \"" + sha256("a.csv") + "\"}");
    manifest("b.csv", "{\"files\": [{\"name\": \"b.csv\", \"rows\": 2}]}");
    run(FilePolicies.STOP);
    assertThat(topic())
        .containsExactly(
            "4 expected, 1 unconfirmed",
            "row",
            "row",
            "row",
            "row",
            "row",
            "6 expected, 1 unconfirmed",
            "row",
            "6 expected, 0 unconfirmed",
            "end");
    run(FilePolicies.STOP);
    assertThat(topic()).as("a second start has nothing to say").hasSize(10);
  }

  @Test
  void a_manifest_that_is_put_right_confirms_what_was_published() throws Exception {
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 3}");
    CollectedEvents told = new CollectedEvents();
    events.subscribe("extract.differs", told);
    run(FilePolicies.STOP);
    assertThat(told.await("extract.differs").measurements())
        .isEqualTo(Map.of("rows", 2L, "expected", 3L));
    assertThat(topic()).containsExactly("3 expected, 1 unconfirmed", "row", "row", "end");
    manifest("a.csv", "{\"rows\": 2}");
    run(FilePolicies.STOP);
    assertThat(topic()).endsWith("end", "2 expected, 0 unconfirmed");
  }

  @Test
  void rows_that_are_missing_come_with_the_rest_of_the_file() throws Exception {
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 3}");
    run(FilePolicies.STOP);
    write("a.csv", 3);
    run(FilePolicies.STOP);
    assertThat(topic())
        .containsExactly(
            "3 expected, 1 unconfirmed",
            "row",
            "row",
            "end",
            "row",
            "3 expected, 0 unconfirmed",
            "end");
  }

  @Test
  void other_rows_are_a_reject_if_they_may_be() throws Exception {
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 3}");
    run(REJECT);
    assertThat(topic().get(3))
        .startsWith("a.csv: has 2 rows, and its manifest ")
        .endsWith("says 3");
    assertThat(topic()).endsWith("3 expected, 0 unconfirmed", "end");
  }

  @Test
  void nothing_is_published_of_a_file_with_another_checksum() throws Exception {
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 2, \"sha256\": \"" + "0".repeat(64) + "\"}");
    write("b.csv", 1);
    manifest("b.csv", "{\"bytes\": 8}");
    assertThatThrownBy(() -> run(FilePolicies.STOP))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("a.csv has the SHA-256 " + sha256("a.csv"));
    assertThat(topic()).isEmpty();
    run(REJECT);
    assertThat(topic())
        .satisfiesExactly(
            reject -> assertThat(reject).startsWith("a.csv: has the SHA-256 "),
            row -> assertThat(row).isEqualTo("row"),
            end -> assertThat(end).isEqualTo("end"));
  }

  @Test
  void a_watched_file_waits_for_its_manifest_and_for_its_rest() throws Exception {
    write("a.csv", 2);
    try (Extractor extractor = extractor(FilePolicies.STOP, Optional.of(Duration.ofHours(1)))) {
      extractor.start();
      Await.until("it has looked", Duration.ofSeconds(30), () -> extractor.progress().files() == 1);
      assertThat(extractor.progress().rows()).isZero();
    }
    manifest("a.csv", "{\"bytes\": 12, \"rows\": 3}");
    try (Extractor extractor = extractor(FilePolicies.STOP, Optional.of(Duration.ofHours(1)))) {
      extractor.start();
      Await.until("it has looked", Duration.ofSeconds(30), () -> extractor.progress().files() == 1);
      assertThat(extractor.progress().rows()).isZero();
    }
    write("a.csv", 3);
    try (Extractor extractor = extractor(FilePolicies.STOP, Optional.of(Duration.ofHours(1)))) {
      extractor.start();
      Await.until("its rows", Duration.ofSeconds(30), () -> extractor.progress().rows() == 3);
    }
    assertThat(topic()).endsWith("3 expected, 0 unconfirmed");
  }
}
