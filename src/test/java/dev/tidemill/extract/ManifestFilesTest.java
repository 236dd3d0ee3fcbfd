package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.TestClock;
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
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Event;
import dev.tidemill.events.Events;
import dev.tidemill.extract.ScheduledRun.Outcome;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Registry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
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

  private static final Duration BOUND = Duration.ofSeconds(30);

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
    Origin.Files files = files(policies, watch, Publishing.to(1));
    SourceDefinition source = stream(files);
    return extractor(source, FileFeed.of(source, files, ExtractSettings.NONE), Tuning.usual());
  }

  private Origin.Files files(FilePolicies policies, Optional<Duration> watch, Publishing how) {
    return new Origin.Files(
        folder.resolve("*.csv"),
        Origin.Format.CSV,
        FileLayout.PLAIN,
        how,
        watch,
        policies,
        Optional.of(new ManifestFiles(folder.resolve("*.csv.json"), Optional.of(".json"))));
  }

  private static SourceDefinition stream(Origin.Files files) {
    return new SourceDefinition(
        "flights",
        files,
        FLIGHT,
        Optional.empty(),
        new EventTime("delay", Optional.empty(), ZoneOffset.UTC),
        Map.of());
  }

  private static TableDefinition table(Origin.Files files) {
    return new TableDefinition(
        "flights", files, FLIGHT, "delay", Optional.empty(), Duration.ofSeconds(1), false, true);
  }

  private ServerSettings server() {
    return new ServerSettings(
        broker.bootstrapServers(), URI.create("http://unused"), folder, Map.of(), (short) 1);
  }

  /** In transactions of three rows. */
  private Extractor extractor(RelationDefinition source, Feed feed, Tuning tuning) {
    return new Extractor(
        new Extraction(topics, List.of(), server(), REGISTRY, events),
        source,
        feed,
        tuning.withLimit(new Transaction.Limit(3, Duration.ofMinutes(1))));
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
        : record.value() != null
            ? "row"
            : record.headers().lastHeader(Headers.END_OF_INPUT) != null ? "end" : "count";
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
  void other_rows_that_were_rejected_stay_so_whatever_the_manifest_says_later() throws Exception {
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 4}");
    run(REJECT);
    List<String> rejected = topic();
    assertThat(rejected).hasSize(6).contains("4 expected, 0 unconfirmed");
    manifest("a.csv", "{\"rows\": 2}");
    run(REJECT);
    assertThat(topic()).isEqualTo(rejected);
    write("a.csv", 3);
    run(REJECT);
    assertThat(topic().subList(6, 8)).as("its rest is not lost").containsExactly("row", "end");
  }

  @Test
  void a_file_that_was_rejected_unread_is_read_when_its_manifest_is_put_right() throws Exception {
    CollectedEvents told = new CollectedEvents();
    events.subscribe("extract.content_differs", told);
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 3, \"sha256\": \"" + "0".repeat(64) + "\"}");
    run(REJECT);
    Event differs = told.await("extract.content_differs");
    assertThat(differs.metadata())
        .containsEntry("source", "flights")
        .containsEntry("file", "a.csv");
    assertThat(differs.metadata().get("difference")).contains("has the SHA-256 " + sha256("a.csv"));
    manifest("a.csv", "{\"rows\": 3, \"sha256\": \"" + "1".repeat(64) + "\"}");
    run(REJECT);
    assertThat(topic()).as("it is wrong again, and that is known").hasSize(2).endsWith("end");
    manifest("a.csv", "{\"rows\": 2, \"sha256\": \"" + sha256("a.csv") + "\"}");
    run(REJECT);
    assertThat(topic().subList(2, 7))
        .containsExactly(
            "2 expected, 1 unconfirmed", "row", "row", "2 expected, 0 unconfirmed", "end");
    run(REJECT);
    assertThat(topic()).hasSize(7);
  }

  @Test
  void a_file_that_was_rejected_unread_is_read_when_another_one_takes_its_place() throws Exception {
    write("a.csv", 1);
    manifest("a.csv", "{\"bytes\": 10}");
    run(REJECT);
    assertThat(topic()).hasSize(2).first().asString().startsWith("a.csv: has 8 bytes");
    Files.delete(folder.resolve("a.csv"));
    Files.writeString(folder.resolve("a.csv"), "delay\n7\n8\n");
    run(REJECT);
    assertThat(topic().subList(2, 5)).containsExactly("row", "row", "end");
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
    manifest("b.csv", "{\"rows\": 1}");
    CollectedEvents told = new CollectedEvents();
    events.subscribe("extract.awaits", told);
    try (Extractor extractor = extractor(FilePolicies.STOP, Optional.of(Duration.ofHours(1)))) {
      extractor.start();
      Await.until("it has looked", Duration.ofSeconds(30), () -> extractor.progress().files() == 1);
      assertThat(extractor.progress().rows()).isZero();
      assertThat(extractor.progress().awaited()).isEqualTo(2);
    }
    told.await("the file", event -> event.metadata().get("what").equals("file"));
    assertThat(told.all())
        .extracting(event -> event.metadata().get("what") + " of " + event.metadata().get("file"))
        .containsExactlyInAnyOrder("manifest of a.csv", "file of b.csv");
    Files.delete(folder.resolve("b.csv.json"));
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

  @Test
  void a_run_of_a_schedule_without_the_manifest_has_failed_and_its_next_attempt_reads()
      throws Exception {
    TestClock now = new TestClock(Instant.parse("2026-03-01T00:30:00Z"));
    FiringPolicy policy =
        new FiringPolicy(
            Overlap.SKIP,
            Misfire.ONCE,
            1,
            Optional.empty(),
            1,
            Duration.ofSeconds(10),
            Duration.ZERO,
            0);
    ScheduleDefinition hourly =
        new ScheduleDefinition(
            "1h", Optional.of(FixedSchedule.every(Duration.ofHours(1))), ZoneOffset.UTC, policy);
    Publishing scheduled =
        new Publishing(
            1, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(hourly));
    Origin.Files files = files(FilePolicies.STOP, Optional.empty(), scheduled);
    ScheduleCommands commands = new ScheduleCommands(topics, server(), now);
    write("a.csv", 2);
    try (Extractor extractor =
        extractor(
            stream(files),
            FileFeed.of(stream(files), files, ExtractSettings.NONE),
            Tuning.usual().withTiming(Timing.startingNow(now)))) {
      extractor.start();
      Await.until("it is known", BOUND, () -> commands.schedules().size() == 1);
      now.set(Instant.parse("2026-03-01T01:00:00Z"));
      awaitRuns(extractor, commands, Outcome.FAILED);
      assertThat(commands.schedules().get(0).last().orElseThrow().error().orElseThrow())
          .contains("a.csv has no manifest in ", "nothing is lost");
      assertThat(topic()).isEmpty();
      manifest("a.csv", "{\"rows\": 3}");
      now.set(Instant.parse("2026-03-01T01:00:10Z"));
      awaitRuns(extractor, commands, Outcome.FAILED, Outcome.DONE);
      assertThat(topic()).containsExactly("3 expected, 1 unconfirmed", "row", "row", "count");
      manifest("a.csv", "{\"rows\": 2}");
      now.set(Instant.parse("2026-03-01T02:00:00Z"));
      awaitRuns(extractor, commands, Outcome.FAILED, Outcome.DONE, Outcome.DONE);
    }
    assertThat(topic())
        .as("the next firing sees that it was put right")
        .containsExactly(
            "3 expected, 1 unconfirmed", "row", "row", "count", "2 expected, 0 unconfirmed");
  }

  private static void awaitRuns(
      Extractor extractor, ScheduleCommands commands, Outcome... outcomes) {
    Await.until(
        List.of(outcomes).toString(),
        BOUND,
        () -> {
          assertThat(extractor.failure()).isEmpty();
          return commands.schedules().get(0).runs().stream()
              .map(ScheduledRun::outcome)
              .toList()
              .equals(List.of(outcomes));
        });
  }

  @Test
  void of_a_table_nothing_is_in_books_and_other_rows_end_the_run_unless_they_may_be()
      throws Exception {
    write("a.csv", 2);
    manifest("a.csv", "{\"rows\": 3}");
    assertThatThrownBy(() -> runTable(FilePolicies.STOP))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("a.csv has 2 rows, and its manifest ")
        .hasMessageContaining("says 3");
    assertThat(topic()).isEmpty();
    manifest("a.csv", "{\"rows\": 2}");
    runTable(FilePolicies.STOP);
    assertThat(topic()).containsExactly("row", "row", "end");
    write("b.csv", 1);
    manifest("b.csv", "{\"rows\": 2}");
    runTable(REJECT);
    assertThat(topic().subList(3, 6))
        .satisfiesExactly(
            row -> assertThat(row).isEqualTo("row"),
            reject -> assertThat(reject).startsWith("b.csv: has 1 rows, and its manifest "),
            end -> assertThat(end).isEqualTo("end"));
  }

  private void runTable(FilePolicies policies) throws InterruptedException {
    Origin.Files files = files(policies, Optional.empty(), Publishing.to(1));
    TableDefinition table = table(files);
    FileFeed feed = FileFeed.of(table, files, ExtractSettings.NONE);
    try (Extractor extractor = extractor(table, feed, Tuning.usual())) {
      extractor.start();
      assertThat(extractor.await(BOUND)).isTrue();
    }
  }

  /** Stands still before one row, which is how others see a process that is killed. */
  private static final class Freezing implements FileRows.Opener {
    private final FileRows.Opener opener;
    private final int row;
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thaw = new CountDownLatch(1);

    private Freezing(FileRows.Opener opener, int row) {
      this.opener = opener;
      this.row = row;
    }

    @Override
    public FileRows open(InputFile file, Place from) throws IOException {
      FileRows rows = opener.open(file, from);
      return new FileRows() {
        private int read;

        @Override
        public Optional<FileRow> next() throws IOException {
          if (read++ == row) {
            frozen.countDown();
            freeze();
          }
          return rows.next();
        }

        @Override
        public Place place() {
          return rows.place();
        }

        @Override
        public long bytesOnDisk(Place next) throws IOException {
          return rows.bytesOnDisk(next);
        }

        @Override
        public void close() throws IOException {
          rows.close();
        }
      };
    }

    private void freeze() {
      boolean interrupted = false;
      while (thaw.getCount() > 0) {
        try {
          thaw.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Extractors instance(Function<FileRows.Opener, FileRows.Opener> opener) {
    Origin.Files files = files(FilePolicies.STOP, Optional.empty(), Publishing.to(1));
    Extractors instance =
        new Extractors(
            topics,
            List.of(stream(files)),
            server(),
            source ->
                extractor(
                    source,
                    new FileFeed(
                        files, ExtractSettings.NONE, opener.apply(FileRows.of(files, FLIGHT))),
                    Tuning.usual()));
    instance.check();
    instance.start();
    return instance;
  }

  @Test
  void who_takes_over_from_an_owner_that_died_in_a_file_knows_what_was_expected_of_it()
      throws Exception {
    write("a.csv", 7);
    manifest("a.csv", "{\"rows\": 8}");
    AtomicReference<Freezing> dying = new AtomicReference<>();
    Extractors first =
        instance(
            opener -> {
              dying.set(new Freezing(opener, 4)); // two are committed, and two are not
              return dying.get();
            });
    Extractors second = null;
    try {
      assertThat(dying.get().frozen.await(30, TimeUnit.SECONDS)).isTrue();
      manifest("a.csv", "{\"rows\": 7}");
      new Thread(first::close).start(); // else it would come back for more
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        TestClients.get(
            admin
                .removeMembersFromConsumerGroup(
                    topics.extractGroup(), new RemoveMembersFromConsumerGroupOptions())
                .all());
      }
      second = instance(opener -> opener);
      Extractors successor = second;
      Await.until(
          "all is published",
          BOUND,
          () -> {
            assertThat(successor.failure()).isEmpty();
            return successor.progress("flights").ended();
          });
    } finally {
      dying.get().thaw.countDown();
      first.close();
      if (second != null) {
        second.close();
      }
    }
    assertThat(topic())
        .containsExactly(
            "8 expected, 1 unconfirmed",
            "row",
            "row",
            "row",
            "row",
            "row",
            "7 expected, 1 unconfirmed",
            "row",
            "row",
            "7 expected, 0 unconfirmed",
            "end");
  }
}
