package dev.tidemill.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.schema.JsonRow;
import dev.tidemill.schema.Schemas;
import dev.tidemill.schema.TextRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Groups have names and can be asked for by them. */
class GroupSchemaTest {
  private static final Schema EVENTS =
      Schemas.parse(
          """
          {"type": "record", "name": "Event", "fields": [
            {"name": "flown", "type": {"type": "int", "logicalType": "date"}},
            {"name": "carrier", "type": ["null", "string"]},
            {"name": "n", "type": "long"}]}
          """,
          "test");

  @Test
  void a_group_is_named_as_in_the_result_or_else_as_it_is_grouped() throws Exception {
    assertThat(names("SELECT carrier AS airline, COUNT(*) AS c FROM e GROUP BY carrier, flown"))
        .containsExactlyInAnyOrder("airline", "flown");
    assertThat(names("SELECT COUNT(*) AS c FROM e GROUP BY n + 1")).containsExactly("group_1");
    assertThat(names("SELECT n + 1 AS m, COUNT(*) AS c FROM e GROUP BY n + 1"))
        .containsExactly("m");
  }

  @Test
  void the_key_of_a_group_is_the_one_of_its_rows() throws Exception {
    Query query =
        Query.compile(
            "SELECT flown, carrier, COUNT(*) AS c FROM e GROUP BY flown, carrier",
            Map.of("e", EVENTS));
    Aggregation aggregation = query.aggregation().orElseThrow();
    Object[] row = query.branches().get(0).operator().apply(new Object[] {11_323, null, 5L});
    Object[] asked =
        TextRow.of(aggregation.groupSchema(), List.of(Optional.of("2001-01-01"), Optional.empty()));
    assertThat(aggregation.keyOf(asked)).isEqualTo(aggregation.key(row));
    assertThat(new JsonRow(aggregation.groupSchema()).of(asked).toString())
        .isEqualTo("{\"flown\":\"2001-01-01\",\"carrier\":null}");
  }

  private static List<String> names(String sql) throws SqlException {
    return Query.compile(sql, Map.of("e", EVENTS))
        .aggregation()
        .orElseThrow()
        .groupSchema()
        .getFields()
        .stream()
        .map(Schema.Field::name)
        .toList();
  }
}
