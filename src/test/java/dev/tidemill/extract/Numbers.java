package dev.tidemill.extract;

import dev.tidemill.definition.EventTime;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Publishing;
import dev.tidemill.definition.Rate;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.Events;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.Registry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.utils.ExponentialBackoff;

/** Sources of numbers, and what is published of them. */
record Numbers(Topics topics, ServerSettings server, Events events) {
  static final Schema NUMBER =
      SchemaBuilder.record("Number").fields().requiredInt("number").endRecord();

  private static final Registry REGISTRY = new OneSchema(NUMBER);

  Numbers(String pipeline, String brokers, Duration sessionTimeout) {
    this(
        new Topics(pipeline),
        new ServerSettings(
            brokers,
            URI.create("http://unused"),
            Path.of("unused"),
            Map.of(),
            (short) 1,
            0,
            ServerSettings.STATE_MEMORY,
            sessionTimeout,
            HttpSettings.NONE),
        Events.unheard());
  }

  static SourceDefinition source(String name) {
    return source(name, Optional.empty(), Optional.empty());
  }

  static SourceDefinition source(
      String name, Optional<Rate> rate, Optional<ScheduleDefinition> schedule) {
    return source(
        name,
        Path.of("unused"),
        new Publishing(2, Optional.empty(), Optional.empty(), rate, schedule));
  }

  static SourceDefinition source(String name, Path file, Publishing publishing) {
    return new SourceDefinition(
        name,
        new Origin.Files(file, Origin.Format.CSV, FileLayout.PLAIN, publishing, Optional.empty()),
        NUMBER,
        Optional.empty(),
        new EventTime("number", Optional.empty(), ZoneOffset.UTC),
        Map.of());
  }

  /** In transactions of three rows. */
  Extractor extractor(SourceDefinition source, Feed feed) {
    return extractor(source, feed, Timing.startingNow(Clock.systemUTC()));
  }

  Extractor extractor(SourceDefinition source, Feed feed, Timing timing) {
    return extractor(source, feed, timing, List.of());
  }

  Extractor extractor(SourceDefinition source, Feed feed, Timing timing, List<String> targets) {
    return new Extractor(
        extraction(targets),
        source,
        feed,
        new Tuning(
            new Transaction.Limit(3, Duration.ofMinutes(1)),
            new ExponentialBackoff(10, 2, 100, 0),
            timing,
            Optional.empty()));
  }

  Extraction extraction(List<String> targets) {
    return new Extraction(topics, targets, server, REGISTRY, events);
  }

  /** In the order of the numbers. */
  List<Integer> published(String source) {
    return TestClients.settled(server.brokers(), topics.source(source)).stream()
        .filter(record -> record.headers().lastHeader(Headers.PUBLISHED) == null)
        .map(record -> number(record.value()))
        .sorted()
        .toList();
  }

  private static int number(byte[] value) {
    try {
      return (Integer) new AvroRowDecoder(NUMBER, REGISTRY).decode(value)[0];
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }
}
