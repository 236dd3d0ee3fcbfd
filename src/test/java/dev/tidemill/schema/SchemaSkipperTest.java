package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class SchemaSkipperTest {
  private final AvroOutput out = new AvroOutput();

  @Test
  void blocks_with_and_without_their_length_are_skipped() throws DecodeException {
    out.writeLong(-2); // two elements, whose length follows
    out.writeLong(2);
    out.writeLong(1);
    out.writeLong(1);
    out.writeLong(1); // one element
    out.writeLong(1);
    out.writeLong(0);
    assertThat(remainingAfter(Schema.createArray(Schema.create(Schema.Type.LONG)))).isZero();
  }

  @Test
  void more_elements_than_there_are_bytes_are_refused() {
    out.writeLong(Long.MAX_VALUE);
    out.writeLong(1);
    assertRefused(Schema.createArray(Schema.create(Schema.Type.LONG)), "cut off");
  }

  @Test
  void elements_without_bytes_are_not_counted_one_by_one() {
    out.writeLong(Long.MAX_VALUE);
    out.writeLong(0);
    assertRefused(
        Schema.createArray(Schema.create(Schema.Type.NULL)), "elements without a single byte");
  }

  @Test
  void the_count_whose_negative_does_not_exist_is_refused() {
    out.writeLong(Long.MIN_VALUE);
    out.writeLong(0);
    assertRefused(Schema.createMap(Schema.create(Schema.Type.LONG)), "a block of");
  }

  @Test
  void a_list_without_end_does_not_overflow_the_stack() {
    Schema list =
        Rows.record("{'name': 'next', 'type': ['null', 'Row']}, {'name': 'a', 'type': 'int'}");
    for (int i = 0; i < 100_000; i++) {
      out.writeLong(1);
    }
    assertRefused(list, "nested more than");
  }

  private void assertRefused(Schema schema, String why) {
    assertThatThrownBy(() -> remainingAfter(schema))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  private int remainingAfter(Schema schema) throws DecodeException {
    AvroInput in = new AvroInput();
    in.reset(out.toByteArray(), 0);
    SchemaSkipper.skip(schema, in);
    return in.remaining();
  }
}
