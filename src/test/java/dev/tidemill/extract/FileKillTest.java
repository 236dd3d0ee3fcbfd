package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An extractor of files dies at a named point, again and again. */
final class FileKillTest {
  private static final Schema ROW =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Row", "fields": [
                {"name": "id", "type": "long"},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
              """);
  private static final int ROWS_A_TRANSACTION = 20;
  private static final List<CrashPoint> POINTS =
      List.of(
          CrashPoint.AFTER_POSITION,
          CrashPoint.AFTER_ROW,
          CrashPoint.AFTER_EXTRACT_COMMIT,
          CrashPoint.BEFORE_POSITION);

  @TempDir private Path folder;

  /** Runs in a process of its own. */
  public static void main(String[] args) throws Exception {
    extract(args[0], Path.of(args[1]));
  }

  @Test
  void killed_a_few_times_each_row_of_text_and_of_parquet_is_published_once() throws Exception {
    killed("csv", "csv", 2, 1);
    killed("parquet", "parquet", 2, 2);
  }

  @Test
  @Tag("faults")
  void killed_fifty_times_each_row_is_published_once() throws Exception {
    killed("csv", "csv", 50, 3);
    killed("csv", "csv.gz", 50, 4);
    killed("json", "jsonl", 50, 5);
    killed("avro", "avro", 50, 6);
    killed("parquet", "parquet", 50, 7);
  }

  private void killed(String format, String suffix, int kills, int seed) throws Exception {
    Random random = new Random(seed);
    int rows = kills * 8 * ROWS_A_TRANSACTION;
    String name = "killed-" + suffix.replace('.', '-');
    for (int file = 0; file < 3; file++) {
      int from = file * rows / 3;
      int to = (file + 1) * rows / 3;
      Path path = folder.resolve(name + "-" + file + "." + suffix);
      write(path.getFileName().toString(), from, to);
      Files.writeString(
          folder.resolve(path.getFileName() + ".manifest"),
          "{\"rows\": %d, \"bytes\": %d}".formatted(to - from, Files.size(path)));
    }
    Path pipeline = pipeline(name, format, suffix);
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      String brokers = broker.bootstrapServers();
      for (int kill = 0; kill < kills; kill++) {
        CrashPoint point = POINTS.get(kill % POINTS.size());
        int transactions = 1 + random.nextInt(6);
        int times =
            point == CrashPoint.AFTER_ROW ? transactions * ROWS_A_TRANSACTION : transactions;
        String option = "-D" + CrashPoint.PROPERTY + "=" + point + ":" + times;
        try (ForkedTidemill running =
            ForkedTidemill.start(FileKillTest.class, List.of(option), brokers, pipeline)) {
          assertThat(running.awaitEnd().exitCode())
              .as("%s %s: %s", name, option, running.err())
              .isEqualTo(CrashPoint.EXIT_CODE);
        }
      }
      extract(brokers, pipeline);
      assertThat(published(brokers, name)).isEqualTo(LongStream.range(0, rows).boxed().toList());
      assertThat(expected(brokers, name))
          .as("told last: rows, and files that have others")
          .isEqualTo(List.of((long) rows, 0L));
    }
  }

  private static void extract(String brokers, Path file) throws Exception {
    CompiledPipeline.Checked checked = CompiledPipeline.check(file, variable -> null);
    CompiledPipeline pipeline =
        checked.pipeline().orElseThrow(() -> new AssertionError(checked.problems().toString()));
    SourceDefinition source = pipeline.definition().sources().get(0);
    ServerSettings server =
        new ServerSettings(
            brokers, URI.create("http://unused"), Path.of("unused"), Map.of(), (short) 1);
    try (Extractor extractor =
        new Extractor(
            new Extraction(
                pipeline.definition().topics(),
                List.of(),
                server,
                new OneSchema(ROW),
                Events.unheard()),
            source,
            FileFeed.of(source, (Origin.Files) source.origin(), server.extract()),
            Tuning.usual()
                .withLimit(new Transaction.Limit(ROWS_A_TRANSACTION, Duration.ofMinutes(1))))) {
      extractor.start();
      assertThat(extractor.await(Duration.ofSeconds(60))).isTrue();
    }
  }

  private Path pipeline(String name, String format, String suffix) throws IOException {
    Files.writeString(folder.resolve("row.avsc"), ROW.toString());
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        pipeline: %s
        batch: {every: "@daily"}
        sources:
          numbers:
            file: {path: "%s-*.%s", format: %s, partitions: 2, manifest: "{file}.manifest"}
            schema: row.avsc
            event-time: at
        sql: SELECT id FROM numbers
        load:
          - duckdb: {path: out.duckdb, table: numbers}
        """
            .formatted(name, name, suffix, format));
  }

  private void write(String file, int from, int to) throws IOException, SQLException {
    Path path = folder.resolve(file);
    switch (file.substring(file.indexOf('.') + 1)) {
      case "csv" -> Files.writeString(path, csv(from, to));
      case "csv.gz" -> {
        try (var out = new GZIPOutputStream(Files.newOutputStream(path))) {
          out.write(csv(from, to).getBytes(UTF_8));
        }
      }
      case "jsonl" ->
          Files.writeString(
              path,
              IntStream.range(from, to)
                  .mapToObj(i -> "{\"id\": %d, \"at\": \"2026-01-05T10:00:00Z\"}\n".formatted(i))
                  .collect(Collectors.joining()));
      case "avro" -> avro(path, from, to);
      default -> {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
            Statement statement = duckDb.createStatement()) {
          statement.execute(
              ("COPY (SELECT range AS id, TIMESTAMPTZ '2026-01-05 10:00:00Z' AS at"
                      + " FROM range(%d, %d)) TO '%s' (ROW_GROUP_SIZE 2048)")
                  .formatted(from, to, path));
        }
      }
    }
  }

  private static String csv(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> i + ",2026-01-05T10:00:00Z\n")
        .collect(Collectors.joining("", "id,at\n", ""));
  }

  private static void avro(Path path, int from, int to) throws IOException {
    try (var out = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(ROW))) {
      out.setSyncInterval(200).create(ROW, path.toFile());
      for (long id = from; id < to; id++) {
        out.append(
            new GenericRecordBuilder(ROW).set("id", id).set("at", 1_767_607_200_000L).build());
      }
    }
  }

  private static List<Long> expected(String brokers, String name) {
    return TestClients.settled(brokers, new Topics(name).source("numbers")).stream()
        .filter(record -> record.partition() == 0)
        .map(record -> record.headers().lastHeader(Headers.EXPECTED))
        .filter(Objects::nonNull)
        .map(header -> ByteBuffer.wrap(header.value()))
        .map(said -> List.of(said.getLong(), said.getLong()))
        .reduce((before, last) -> last)
        .orElseThrow();
  }

  private static List<Long> published(String brokers, String name) {
    AvroRowDecoder decoder = new AvroRowDecoder(ROW, new OneSchema(ROW));
    return TestClients.settled(brokers, new Topics(name).source("numbers")).stream()
        .filter(record -> record.value() != null)
        .map(
            record -> {
              try {
                return (Long) decoder.decode(record.value())[0];
              } catch (DecodeException e) {
                throw new AssertionError(e);
              }
            })
        .sorted()
        .toList();
  }

  /** A world of one schema. */
}
