package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonRowDecoderTest {
  private static final String PRICE =
      "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 6, 'scale': 2}";
  private static final String TIMESTAMP = "{'type': 'long', 'logicalType': 'timestamp-millis'}";

  @Test
  void a_value_of_every_type_is_read() throws DecodeException {
    String json =
        """
        {"yes": true, "small": -2147483648, "big": 9223372036854775807, "single": 1.5,
         "double": -0.0, "text": "h\u00e9llo \\ud83c\\udf0a", "suit": "HEARTS",
         "uuid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
         "uuid16": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
         "raw": "cmF3", "hash": "AQIDBA==", "price": -12345678.90, "fixed_price": "-0.01",
         "day": "2022-01-08", "time": "23:59:59.999", "millis": "2023-11-14T22:13:20.123Z",
         "micros": -1, "local": "2023-11-14T22:13:20.123"}
        """;
    assertThat(new JsonRowDecoder(Rows.SCHEMA).decode(json.getBytes(UTF_8)))
        .usingRecursiveComparison()
        .isEqualTo(Rows.full());
  }

  /** As Java reads them: to the last bit, in whatever way they are written. */
  @Property(tries = 2000)
  void doubles_are_the_nearest_ones(@ForAll Random random) throws DecodeException {
    double value = Double.longBitsToDouble(random.nextLong());
    BigDecimal exact = new BigDecimal(Double.isFinite(value) ? value : random.nextDouble());
    BigDecimal between = exact.add(new BigDecimal(Math.ulp(exact.doubleValue()) / 2));
    for (BigDecimal number : List.of(exact, between, exact.round(new MathContext(9)))) {
      String text = random.nextBoolean() ? number.toString() : number.toPlainString();
      if (text.length() <= TextValue.MAX_NUMBER_CHARS) {
        assertThat(read("{'name': 'a', 'type': 'double'}", "{'a': " + text + "}"))
            .containsExactly(Double.parseDouble(text));
      }
    }
  }

  @Test
  void unknown_fields_are_ignored_whatever_is_in_them() throws DecodeException {
    assertThat(read("{'name': 'a', 'type': 'int'}", "{'x': {'a': [1, {}]}, 'a': 7}"))
        .containsExactly(7);
  }

  @Test
  void a_missing_field_has_its_default() throws DecodeException {
    assertThat(read("{'name': 'a', 'type': 'int', 'default': 3}", "{}")).containsExactly(3);
  }

  @Test
  void a_missing_nullable_field_is_null() throws DecodeException {
    assertThat(read("{'name': 'a', 'type': ['int', 'null']}", "{}")).containsExactly((Object) null);
  }

  @Test
  void a_missing_field_without_default_is_refused() {
    assertRefused("'int'", "{}", "field 'a' is missing");
  }

  @Test
  void nothing_of_one_record_is_left_in_the_next() throws DecodeException {
    JsonRowDecoder decoder = new JsonRowDecoder(Rows.record("{'name': 'a', 'type': 'int'}"));
    decoder.decode("{\"a\": 7}".getBytes(UTF_8));
    assertThatThrownBy(() -> decoder.decode("{}".getBytes(UTF_8)))
        .hasMessage("field 'a' is missing");
  }

  @Test
  void a_null_is_refused_where_the_schema_does_not_allow_it() {
    assertRefused("'int'", "{'a': null}", "field 'a' is null");
  }

  @Test
  void a_field_that_is_there_twice_is_refused() {
    assertRefused("'int'", "{'a': 1, 'a': 1}", "field 'a' is there twice");
  }

  @Test
  void nested_fields_are_null() throws DecodeException {
    assertThat(
            read(
                "{'name': 'l', 'type': {'type': 'array', 'items': {'type': 'map', 'values': 'int'}}},"
                    + "{'name': 'a', 'type': 'int'}",
                "{'l': [1, [2]], 'a': 7}"))
        .containsExactly(null, 7);
  }

  @ParameterizedTest
  @CsvSource({"7.0, 7", "7e2, 700", "70e-1, 7", "-2147483648, -2147483648"})
  void a_whole_number_is_an_int_however_it_is_written(String json, int expected)
      throws DecodeException {
    assertThat(read("{'name': 'a', 'type': 'int'}", "{'a': " + json + "}"))
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"7.5", "2147483648", "1e999999999", "1e-999999999", "true", "'\"7\"'", "[7]"})
  void what_is_no_int_is_refused(String json) {
    assertRefused("'int'", "{'a': " + json + "}", "field 'a': int is expected, found ");
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775808", "1e19", "-9223372036854775809.0"})
  void what_is_no_long_is_refused(String json) {
    assertRefused("'long'", "{'a': " + json + "}", "field 'a': long is expected, found the number");
  }

  @ParameterizedTest
  @CsvSource({"1e999", "'\"NaN\"'"})
  void what_is_no_double_is_refused(String json) {
    assertRefused("'double'", "{'a': " + json + "}", "field 'a': double is expected, found ");
  }

  @ParameterizedTest
  @CsvSource({"1.5, 1.50", "'\"1.50\"', 1.50", "15e-1, 1.50", "0e999999999, 0.00", "1.500, 1.50"})
  void a_decimal_has_the_schemas_scale(String json, BigDecimal expected) throws DecodeException {
    assertThat(read("{'name': 'a', 'type': " + PRICE + "}", "{'a': " + json + "}"))
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"1.505", "12345.00", "1e999999999", "1e-999999999", "1e99999999999", "'\"1,5\"'"})
  void a_decimal_is_never_rounded(String json) {
    assertRefused(PRICE, "{'a': " + json + "}", "field 'a'");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29T12:00:00Z, 1709208000000",
    "2024-02-29T12:00, 1709208000000",
    "2024-02-29 12:00:00, 1709208000000",
    "2024-02-29T13:00:00.000999+01:00, 1709208000000",
    "2024-02-29T17:30:00+0530, 1709208000000",
    "2024-02-29T13:00:00+01, 1709208000000",
    "2024-02-29, 1709164800000",
    "1969-12-31T23:59:59.9999Z, -1"
  })
  void a_timestamp_is_iso_8601(String text, long expected) throws DecodeException {
    assertThat(read("{'name': 'a', 'type': " + TIMESTAMP + "}", "{'a': '" + text + "'}"))
        .containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2023-02-29T12:00:00Z",
    "2024-02-2912:00:00",
    "2024-02-29T25:00:00Z",
    "2024-02-29T12:00:00+19:00",
    "2024-02-29T12:00:00Zulu",
    "+999999999-12-31T23:59:59Z",
    "yesterday",
    "''"
  })
  void what_is_no_timestamp_is_refused(String text) {
    assertRefused(
        TIMESTAMP, "{'a': '" + text + "'}", "field 'a': timestamp-millis is expected, found '");
  }

  @Test
  void a_symbol_that_the_enum_does_not_have_is_refused() {
    assertRefused(
        "{'type': 'enum', 'name': 'E', 'symbols': ['A', 'B']}",
        "{'a': 'C'}",
        "field 'a': one of [A, B] is expected, found 'C'");
  }

  @ParameterizedTest
  @CsvSource({"''", "[1]", "7", "'{\"a\": 7} {}'", "'{\"a\": 7'", "'{\"a\": NaN}'", "'\u0000'"})
  void what_is_not_one_object_is_refused(String json) {
    JsonRowDecoder decoder = new JsonRowDecoder(Rows.record("{'name': 'a', 'type': 'int'}"));
    assertThatThrownBy(() -> decoder.decode(json.getBytes(UTF_8)))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void a_deep_value_is_refused() {
    assertRefused("'int'", "{'x': " + "[".repeat(10_000), "depth");
  }

  private static void assertRefused(String type, String json, String why) {
    assertThatThrownBy(() -> read("{'name': 'a', 'type': " + type + "}", json))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(why);
  }

  private static Object[] read(String fields, String json) throws DecodeException {
    return new JsonRowDecoder(Rows.record(fields)).decode(json.replace('\'', '"').getBytes(UTF_8));
  }
}
