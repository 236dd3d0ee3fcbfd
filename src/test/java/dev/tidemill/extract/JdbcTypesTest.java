package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.load.PostgresServer;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.JsonRow;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every type of PostgreSQL, by a schema that is inferred and back out of the topic. */
@Timeout(60)
final class JdbcTypesTest {
  private static final String TABLE =
      """
      CREATE TABLE everything (
        id BIGINT PRIMARY KEY, flag BOOLEAN, small SMALLINT NOT NULL, number INTEGER,
        price NUMERIC(10, 2), tens NUMERIC(3, -1), part NUMERIC(2, 4), single REAL, twice DOUBLE PRECISION,
        name VARCHAR(20), code CHAR(3), words TEXT, day DATE, hour TIME, moment TIMESTAMP,
        instant TIMESTAMPTZ, ident UUID, doc JSON, docs JSONB, raw BYTEA, size MOOD,
        numbers INT[], texts TEXT[], instants TIMESTAMPTZ[], span INTERVAL, net INET, bits BIT(3))
      """;
  private static final String ROW =
      """
      INSERT INTO everything VALUES (
        1, true, -3, 2147483647, 12345678.90, 1230, 0.0012, 0.1, 1e300,
        'é', 'ab', 'long', '2024-02-29', '23:59:59.999', '2024-03-31 02:30:00.123',
        '2024-03-31 02:30:00.123+02', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '[1]',
        '\\x00ff', 'high', '{1,NULL,3}', '{a,"b,c"}', '{2024-01-01 00:00Z}', '1 day', '10.0.0.1', B'101')
      """;

  private static JdbcTrial trial(String name) {
    return new JdbcTrial(SharedCluster.brokers(), "typed-" + name, PostgresServer.newSchema(), null)
        .table("everything");
  }

  @Test
  void values_are_in_the_topic_as_they_are_in_the_table() throws Exception {
    JdbcTrial trial =
        trial("types")
            .sql("CREATE TYPE mood AS ENUM ('low', 'high')", TABLE, ROW)
            .sql("INSERT INTO everything (id, small) VALUES (2, 0)")
            .inferred()
            .run();
    JsonRow json = new JsonRow(trial.schema());
    List<String> rows = trial.rows().stream().map(row -> json.of(row).toString()).sorted().toList();
    assertThat(rows.get(0))
        .isEqualTo(
            ("{'id':1,'flag':true,'small':-3,'number':2147483647,'price':12345678.90,'tens':1230,"
                    + "'part':0.0012,'single':0.1,'twice':1.0E300,'name':'é','code':'ab ','words':'long',"
                    + "'day':'2024-02-29','hour':'23:59:59.999','moment':'2024-03-31T02:30:00.123',"
                    + "'instant':'2024-03-31T00:30:00.123Z','ident':'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',"
                    + "'doc':'{\\'a\\': 1}','docs':'[1]','raw':'AP8=','size':'high','numbers':[1,null,3],"
                    + "'texts':['a','b,c'],'instants':['2024-01-01T00:00:00Z'],'span':'1 day',"
                    + "'net':'10.0.0.1','bits':'101'}")
                .replace('\'', '"'));
    assertThat(new ObjectMapper().readTree(rows.get(1)).findValuesAsText("words"))
        .containsExactly("null");
  }

  @Test
  void a_schema_says_what_the_columns_are() {
    Schema schema =
        trial("schema").sql("CREATE TYPE mood AS ENUM ('low')", TABLE).inferred().schema();
    assertThat(schema.getName()).isEqualTo("orders");
    assertThat(schema.getField("id").schema().getType()).isEqualTo(Schema.Type.LONG);
    assertThat(schema.getField("price").schema().toString())
        .isEqualTo(
            "[\"null\",{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":10,\"scale\":2}]");
    assertThat(schema.getField("instant").schema().toString()).contains("\"timestamp-micros\"");
  }

  @Test
  void what_no_field_can_be_is_said_of_all_columns_at_once() {
    JdbcTrial trial =
        trial("no-field")
            .sql("CREATE TABLE everything (id INT PRIMARY KEY, free NUMERIC, \"a b\" INT)");
    assertThatThrownBy(trial::inferred)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column 'free' is a decimal without a precision")
        .hasMessageContaining("column 'a b' has a name");
  }

  @Test
  void a_value_that_does_not_fit_is_a_reject_with_its_column_and_its_row() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Order", "fields": [
                  {"name": "id", "type": "int"},
                  {"name": "instant", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
                  {"name": "free", "type": ["null",
                    {"type": "bytes", "logicalType": "decimal", "precision": 5, "scale": 2}]},
                  {"name": "frees", "type": ["null", {"type": "array", "items":
                    {"type": "bytes", "logicalType": "decimal", "precision": 5, "scale": 2}}]}]}
                """);
    JdbcTrial trial =
        new JdbcTrial(SharedCluster.brokers(), "typed-rejects", PostgresServer.newSchema(), schema)
            .sql(
                "CREATE TABLE orders (id BIGINT PRIMARY KEY, instant TIMESTAMPTZ, day DATE,"
                    + " free NUMERIC, frees NUMERIC[])",
                "INSERT INTO orders VALUES (1, 'infinity')",
                "INSERT INTO orders VALUES (2, '2024-01-01Z', '-infinity')",
                "INSERT INTO orders VALUES (3, '2024-01-01Z', NULL, 'NaN')",
                "INSERT INTO orders VALUES (4, '2024-01-01Z', NULL, 1.234)",
                "INSERT INTO orders VALUES (5, NULL)",
                "INSERT INTO orders VALUES (6, '2024-01-01Z', NULL, NULL, '{NaN}')",
                "INSERT INTO orders VALUES (3000000000, '2024-01-01Z')",
                "INSERT INTO orders VALUES (7, '2024-01-01Z', '2024-01-01', 123.4, '{1}')")
            .run();
    assertThat(trial.records().stream().map(JdbcTypesTest::reason))
        .containsExactlyInAnyOrder(
            "orders:1: instant",
            "orders:2: day",
            "orders:3: free",
            "orders:4: free",
            "orders:5: instant",
            "orders:6: frees",
            "orders:3000000000: id",
            "");
    assertThat(trial.records().stream().map(record -> new String(record.value())))
        .contains(
            "{\"id\":\"4\",\"instant\":\"2024-01-01 00:00:00+00\",\"day\":null,\"free\":\"1.234\",\"frees\":null}");
  }

  /** The identity and the column. */
  private static String reason(ConsumerRecord<byte[], byte[]> record) {
    return JdbcTrial.header(record, Headers.UNREADABLE)
        .map(reason -> reason.replaceFirst("(.*: )[a-z]+ '([a-z]+)'.*", "$1$2"))
        .orElse("");
  }
}
