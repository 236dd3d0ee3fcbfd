package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRowDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Whatever an answer is, to parse it once gives what to parse each of its records again does. */
class JsonPageStreamTest {
  static final Schema SCHEMA =
      SchemaBuilder.record("Row")
          .fields()
          .requiredInt("x")
          .optionalString("s")
          .requiredDouble("d")
          .name("r")
          .type(SchemaBuilder.record("In").fields().requiredLong("n").endRecord())
          .noDefault()
          .name("a")
          .type()
          .array()
          .items()
          .intType()
          .arrayDefault(List.of())
          .endRecord();

  private static final List<JsonPointer> VALUES =
      Stream.of("/x", "/d", "/r/n", "/a/1", "/o5/x0", "/1", "/s")
          .map(JsonPointer::compile)
          .toList();

  private static final ObjectMapper ANY_NUMBER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final ObjectMapper TREE =
      ANY_NUMBER.copy().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final JsonRowDecoder decoder = new JsonRowDecoder(SCHEMA);

  /** One of the ways to read a page. */
  private interface Reading {
    JsonPage of(byte[] body) throws DecodeException;
  }

  @Property(tries = 1000)
  void a_page_is_what_its_tree_says(@ForAll Random random) throws IOException, DecodeException {
    RandomPage written = new RandomPage(random);
    JsonNode tree = TREE.readTree(written.bytes());
    JsonPage page = once(written, Integer.MAX_VALUE).of(written.bytes());
    assertThat(page.next()).isEqualTo(tree.at(written.cursor()));
    JsonNode records = tree.at(written.records());
    assertThat(page.size()).isEqualTo(records.size());
    for (int i = 0; i < page.size(); i++) {
      JsonNode record = records.get(i);
      assertThat(TREE.readTree(page.record(i))).isEqualTo(record);
      assertThat(page.values(i))
          .usingElementComparator(Comparator.comparing(JsonPageStreamTest::single))
          .containsExactly(VALUES.stream().map(record::at).toArray(JsonNode[]::new));
      Optional<Object[]> row = row(page, i);
      assertThat(row.isPresent()).as(record.toString()).isEqualTo(isRow(record));
      row.ifPresent(values -> assertThat(values).isEqualTo(values(record)));
    }
  }

  @Property(tries = 2000)
  void broken_bytes_are_broken_however_they_are_read(@ForAll Random random) {
    RandomPage written = new RandomPage(random);
    byte[] bytes = broken(written.bytes(), random);
    List<String> expected = outcome(bytes, twice(written));
    assertThat(outcome(bytes, once(written, Integer.MAX_VALUE))).isEqualTo(expected);
    assertThat(outcome(bytes, once(written, random.nextInt(bytes.length + 1)))).isEqualTo(expected);
    if (!isJson(bytes)) {
      assertThat(expected).hasSize(1);
    }
  }

  private Reading once(RandomPage written, int rowsBytes) {
    return body -> JsonPage.parse(body, layout(written), decoder, rowsBytes);
  }

  private Reading twice(RandomPage written) {
    return body -> JsonPage.withoutRows(body, layout(written), decoder);
  }

  private static PageLayout layout(RandomPage written) {
    return new PageLayout(written.records(), Optional.of(written.cursor()), VALUES);
  }

  private static byte[] broken(byte[] bytes, Random random) {
    int lost = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
    byte[] broken = Arrays.copyOf(bytes, Math.max(1, bytes.length - lost));
    for (int i = random.nextInt(3); i > 0; i--) {
      byte[] usual = "0-e.{}[]\",:\\ntu \n".getBytes(UTF_8);
      broken[random.nextInt(broken.length)] =
          random.nextInt(4) == 0 ? (byte) random.nextInt(256) : usual[random.nextInt(usual.length)];
    }
    return broken;
  }

  /** All that can be seen of a page. */
  private static List<String> outcome(byte[] bytes, Reading reading) {
    try {
      JsonPage page = reading.of(bytes);
      List<String> seen = new ArrayList<>(List.of("next: " + page.next(), "size: " + page.size()));
      for (int i = 0; i < page.size(); i++) {
        seen.add(new String(page.record(i), ISO_8859_1));
        seen.add(rowOrReason(page, i));
        Stream.of(page.values(i)).map(JsonPageStreamTest::single).forEach(seen::add);
      }
      return seen;
    } catch (DecodeException e) {
      return List.of(e.getMessage());
    }
  }

  /** As it is part of an identity; of what can not be, nothing. */
  private static String single(JsonNode value) {
    return value.isValueNode() ? value + " " + value.asText() : "";
  }

  private static String rowOrReason(JsonPage page, int index) {
    try {
      return Arrays.deepToString(page.row(index));
    } catch (DecodeException e) {
      return e.getMessage();
    }
  }

  private static Optional<Object[]> row(JsonPage page, int index) {
    try {
      return Optional.of(page.row(index));
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private static boolean isJson(byte[] bytes) {
    try {
      return !ANY_NUMBER.readTree(bytes).isMissingNode();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isRow(JsonNode record) {
    try {
      decoder.decode(record.toString().getBytes(UTF_8));
      return true;
    } catch (DecodeException e) {
      return false;
    }
  }

  private static Object[] values(JsonNode record) {
    List<Integer> a = new ArrayList<>();
    record.path("a").forEach(element -> a.add(element.intValue()));
    return new Object[] {
      record.path("x").intValue(),
      record.path("s").textValue(),
      record.path("d").doubleValue(),
      List.of(record.path("r").path("n").longValue()),
      a
    };
  }
}
