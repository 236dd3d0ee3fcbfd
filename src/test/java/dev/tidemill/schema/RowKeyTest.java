package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class RowKeyTest {
  private static final Schema SCHEMA =
      Rows.record(
          """
          {'name': 'a', 'type': ['null', 'string']},
          {'name': 'other', 'type': 'long'},
          {'name': 'b', 'type': ['null', 'string']},
          {'name': 'd', 'type': 'double'}
          """);

  private final RowKey key = new RowKey(SCHEMA, List.of("b", "a", "d"));

  @Test
  void rows_that_agree_in_the_fields_have_equal_keys() {
    assertThat(of("x", 1, "y", 1.5)).isEqualTo(of("x", 2, "y", 1.5));
  }

  @Test
  void where_one_value_ends_and_the_next_begins_is_part_of_the_key() {
    assertThat(of("x", 1, "yz", 0)).isNotEqualTo(of("zx", 1, "y", 0));
  }

  @Test
  void two_nulls_are_equal_and_unlike_an_empty_text() {
    assertThat(of(null, 1, "y", 0)).isEqualTo(of(null, 2, "y", 0)).isNotEqualTo(of("", 1, "y", 0));
  }

  @Test
  void the_two_zeros_are_equal() {
    assertThat(of("x", 1, "y", 0.0)).isEqualTo(of("x", 1, "y", -0.0));
  }

  @Test
  void a_long_key_is_short_and_still_tells_rows_apart() {
    String text = "x".repeat(10_000);
    assertThat(of(text, 1, "y", 0)).hasSize(33).isEqualTo(of(text, 2, "y", 0));
    assertThat(of(text, 1, "y", 0)).isNotEqualTo(of(text + "x", 1, "y", 0));
  }

  @Test
  void a_field_within_a_record_that_is_null_is_null() {
    Schema schema =
        Rows.record(
            """
            {'name': 'r', 'type': ['null', {'type': 'record', 'name': 'R', 'fields': [
              {'name': 'other', 'type': 'int'}, {'name': 'id', 'type': 'int'}]}]}
            """);
    RowKey within = new RowKey(schema, List.of("r.id"));
    byte[] some = within.of(new Object[] {List.of(1, 7)});
    assertThat(within.of(new Object[] {List.of(2, 7)})).isEqualTo(some);
    assertThat(within.of(new Object[] {List.of(1, 8)})).isNotEqualTo(some);
    assertThat(within.of(new Object[] {null}))
        .isNotEqualTo(some)
        .isEqualTo(within.of(new Object[] {null}));
  }

  private byte[] of(String a, long other, String b, double d) {
    return key.of(new Object[] {a, other, b, d});
  }
}
