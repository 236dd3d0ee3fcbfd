package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class TopicSchemasTest {
  private final InMemoryRegistry registry = new InMemoryRegistry();

  @Test
  void a_topic_without_a_schema_is_no_problem() {
    assertThat(problems("{'name': 'a', 'type': 'int'}")).isEmpty();
  }

  @Test
  void a_promotion_is_no_problem() {
    written("{'name': 'a', 'type': 'int'}");
    assertThat(problems("{'name': 'a', 'type': 'double'}")).isEmpty();
  }

  @Test
  void a_field_that_is_not_written_needs_a_default() {
    written("{'name': 'a', 'type': 'int'}");
    assertThat(problems("{'name': 'b', 'type': 'int'}"))
        .containsExactly("field 'b': it is not written, and has no default");
  }

  @Test
  void a_nullable_field_that_is_not_written_is_no_problem() {
    written("{'name': 'a', 'type': 'int'}");
    assertThat(problems("{'name': 'b', 'type': ['int', 'null']}")).isEmpty();
  }

  @Test
  void a_nested_field_that_is_not_written_is_no_problem() {
    written("{'name': 'a', 'type': 'int'}");
    assertThat(problems("{'name': 'b', 'type': {'type': 'map', 'values': 'int'}}")).isEmpty();
  }

  @Test
  void every_field_of_another_type_is_named() {
    written("{'name': 'a', 'type': 'string'}, {'name': 'b', 'type': ['null', 'int']}");
    assertThat(problems("{'name': 'a', 'type': 'int'}, {'name': 'b', 'type': 'int'}"))
        .containsExactly(
            "field 'a': int is expected, string is written",
            "field 'b': int is expected, [null, int] is written");
  }

  @Test
  void a_date_is_not_a_timestamp() {
    written("{'name': 'a', 'type': {'type': 'int', 'logicalType': 'date'}}");
    assertThat(
            problems("{'name': 'a', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}}"))
        .containsExactly("field 'a': timestamp-millis is expected, date is written");
  }

  @Test
  void the_name_of_the_record_does_not_matter() {
    registry.register("t-value", Rows.record("Other", "{'name': 'a', 'type': 'int'}"));
    assertThat(problems("{'name': 'a', 'type': 'int'}")).isEmpty();
  }

  @Test
  void the_check_names_topic_and_fields() {
    written("{'name': 'a', 'type': 'string'}");
    Schema reader = Rows.record("{'name': 'a', 'type': 'int'}");
    assertThatThrownBy(() -> TopicSchemas.check(registry, "t", reader))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("topic 't'")
        .hasMessageContaining("field 'a': int is expected, string is written");
  }

  @Test
  void the_check_passes_when_all_is_well() {
    written("{'name': 'a', 'type': 'int'}");
    Schema reader = Rows.record("{'name': 'a', 'type': 'int'}");
    assertThatCode(() -> TopicSchemas.check(registry, "t", reader)).doesNotThrowAnyException();
  }

  private void written(String fields) {
    registry.register("t-value", Rows.record(fields));
  }

  private List<String> problems(String readerFields) {
    return TopicSchemas.problems(registry, "t", Rows.record(readerFields));
  }
}
