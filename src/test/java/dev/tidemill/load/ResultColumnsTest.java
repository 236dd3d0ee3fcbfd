package dev.tidemill.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import org.junit.jupiter.api.Test;

class ResultColumnsTest {

  @Test
  void a_column_with_the_name_of_one_of_ours_is_refused() {
    assertThatThrownBy(() -> ResultColumns.of(Given.schema("{'name': 'ATTEMPT', 'type': 'long'}")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("ATTEMPT")
        .hasMessageContaining("AS");
  }

  @Test
  void columns_that_differ_in_case_alone_are_refused() {
    String fields = "{'name': 'state', 'type': 'long'}, {'name': 'State', 'type': 'long'}";

    assertThatThrownBy(() -> ResultColumns.of(Given.schema(fields)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("State");
  }

  @Test
  void a_batch_start_that_is_no_timestamp_is_refused() {
    assertThatThrownBy(
            () -> ResultColumns.of(Given.schema("{'name': 'batch_start', 'type': 'string'}")))
        .isInstanceOf(Unavailable.class);
  }
}
