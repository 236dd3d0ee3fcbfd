package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.JsonRowDecoder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPageTest {
  private static final JsonRowDecoder DECODER =
      new JsonRowDecoder(SchemaBuilder.record("Row").fields().requiredInt("x").endRecord());

  private static JsonPage page(String body, String records, String next) throws DecodeException {
    return JsonPage.parse(
        body.getBytes(UTF_8),
        new PageLayout(
            JsonPointer.compile(records),
            next.isEmpty() ? Optional.empty() : Optional.of(JsonPointer.compile(next)),
            List.of(JsonPointer.compile("/x"))),
        DECODER);
  }

  private static List<String> records(JsonPage page) {
    return IntStream.range(0, page.size())
        .mapToObj(i -> new String(page.record(i), UTF_8))
        .toList();
  }

  @Test
  void records_are_the_bytes_that_the_answer_has_for_them() throws DecodeException {
    String body =
        "\uFEFF {\"a\": [1], \"data\": {\"items\": [ {\"x\" : 1.10} ,[ ], \"é\\n\" ,-3e2, null,true]}, \"b\": {}} ";
    assertThat(records(page(body, "/data/items", "")))
        .containsExactly("{\"x\" : 1.10}", "[ ]", "\"é\\n\"", "-3e2", "null", "true");
  }

  @Test
  void the_whole_answer_can_be_the_array() throws DecodeException {
    assertThat(records(page("[{}, {\"a\": [{}]}]", "", ""))).containsExactly("{}", "{\"a\": [{}]}");
    assertThat(records(page("[]", "", ""))).isEmpty();
  }

  @Test
  void a_null_is_no_records_as_some_servers_write_it() throws DecodeException {
    assertThat(records(page("{\"items\": null}", "/items", ""))).isEmpty();
  }

  @Test
  void of_two_arrays_at_the_same_place_the_last_one_counts() throws DecodeException {
    String body = "{\"items\": [{\"x\": 1}, 2], \"items\": [{\"x\": 3}]}";
    assertThat(records(page(body, "/items", ""))).containsExactly("{\"x\": 3}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Integer.MAX_VALUE})
  void of_two_values_with_one_name_the_last_one_counts(int rowsBytes) throws DecodeException {
    String body =
        "[{\"a\": {\"b\": 1}, \"a\": {\"c\": 2}}, {\"a\": {\"b\": [], \"b\": 3}}, {\"a\": {\"b\": 4}, \"a\": 5}]";
    PageLayout layout =
        new PageLayout(JsonPointer.empty(), Optional.empty(), List.of(JsonPointer.compile("/a/b")));
    JsonPage page = JsonPage.parse(body.getBytes(UTF_8), layout, DECODER, rowsBytes);
    assertThat(page.values(0)[0].isMissingNode()).isTrue();
    assertThat(page.values(1)[0].asText()).isEqualTo("3");
    assertThat(page.values(2)[0].isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"m\": {\"next\": \"c\"}, \"items\": [{}]}",
        "{\"items\": [{}], \"m\": {\"x\": [], \"next\": \"c\"}}"
      })
  void the_cursor_is_before_or_behind_the_records(String body) throws DecodeException {
    JsonPage page = page(body, "/items", "/m/next");
    assertThat(page.next().textValue()).isEqualTo("c");
    assertThat(page.size()).isEqualTo(1);
  }

  @Test
  void pointers_go_through_arrays() throws DecodeException {
    JsonPage page = page("[[{\"c\": 7}], {\"items\": [1, 2]}]", "/1/items", "/0/0/c");
    assertThat(records(page)).containsExactly("1", "2");
    assertThat(page.next().asInt()).isEqualTo(7);
  }

  @Test
  void no_cursor_is_none() throws DecodeException {
    assertThat(page("{\"items\": []}", "/items", "/next").next().isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                     | empty
          <html>                 | not JSON
          {"items": [{"a": 1}, { | not all of it
          {"items": [1]} x       | not JSON
          {"items": [1]} 2       | left behind
          {"error": "no"}        | nothing at 'records: /items'; its fields are [error]
          {"items": {"a": 1}}    | something else
          [1, 2]                 | nothing at 'records: /items'
          7                      | nothing at 'records: /items'
          """)
  void what_is_wrong_is_told(String body, String message) {
    assertThatThrownBy(() -> page(body, "/items", "/next"))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void only_utf_8_is_json() {
    byte[] body = "{\"items\": [1]}".getBytes(UTF_16);
    PageLayout layout = new PageLayout(JsonPointer.compile("/items"), Optional.empty(), List.of());
    assertThatThrownBy(() -> JsonPage.parse(body, layout, DECODER))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("UTF-8");
  }
}
