package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.Embedded;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Schemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example's files, through all real parts. */
@Timeout(60)
class FlightsTest {
  private static final Path EXAMPLE = Path.of("examples", "flights").toAbsolutePath();

  @Test
  void what_is_published_is_what_the_files_say() throws Exception {
    Schema schema = Schemas.load(EXAMPLE.resolve("schemas/flight.avsc"));
    Path pattern = EXAMPLE.resolve("data/flights-*.csv");
    SourceDefinition source =
        new SourceDefinition(
            "flights",
            new Origin.Files(
                pattern, Origin.Format.CSV, FileLayout.PLAIN, Publishing.to(4), Optional.empty()),
            schema,
            Optional.of("origin"),
            new EventTime("date", Optional.of("yyyy/MM/dd HH:mm"), ZoneOffset.UTC),
            Map.of());
    List<String> lines = new ArrayList<>();
    for (InputFile file : InputFile.matching(pattern).files()) {
      try (Stream<String> rows = Files.lines(file.path()).skip(1)) {
        rows.forEach(lines::add);
      }
    }

    List<String> published = new ArrayList<>();
    Topics topics = new Topics("flights");
    try (Embedded embedded = Embedded.start(Optional.empty());
        ConfluentRegistry registry = new ConfluentRegistry(embedded.settings().registry())) {
      try (Extractor extractor =
          new Extractor(
              new Extraction(topics, List.of(), embedded.settings(), registry, Events.unheard()),
              source)) {
        extractor.start();
        assertThat(extractor.await(Duration.ofSeconds(30))).isTrue();
      }
      AvroRowDecoder decoder = new AvroRowDecoder(schema, registry);
      String topic = topics.source("flights");
      for (var record : TestClients.settled(embedded.settings().brokers(), topic)) {
        if (record.headers().lastHeader(Headers.PUBLISHED) == null) {
          Object[] row = decoder.decode(record.value());
          published.add(String.join(",", Stream.of(row).map(String::valueOf).toList()));
        }
      }
    }

    assertThat(published.stream().sorted().toList()).isEqualTo(lines.stream().sorted().toList());
  }
}
