package dev.tidemill.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import org.junit.jupiter.api.Test;

class TableNameTest {

  @Test
  void a_qualified_name_is_quoted_in_both_parts() {
    assertThat(TableName.parse("ware.daily").quoted()).isEqualTo("\"ware\".\"daily\"");
  }

  @Test
  void quotes_are_doubled() {
    assertThat(TableName.parse("a\"b").quoted()).isEqualTo("\"a\"\"b\"");
  }

  @Test
  void the_staging_table_is_in_the_same_schema() {
    assertThat(TableName.parse("ware.daily").staging())
        .isEqualTo(TableName.parse("ware._tidemill_staging_daily"));
  }

  @Test
  void staging_tables_of_long_names_stay_apart() {
    String longName = "x".repeat(60);

    assertThat(TableName.parse(longName + "1").staging())
        .isNotEqualTo(TableName.parse(longName + "2").staging());
  }

  @Test
  void a_name_that_postgres_would_cut_is_refused() {
    assertThatThrownBy(() -> TableName.parse("x".repeat(64))).isInstanceOf(Unavailable.class);
  }
}
