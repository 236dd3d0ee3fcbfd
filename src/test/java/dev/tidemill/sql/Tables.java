package dev.tidemill.sql;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Tables with a column of every type, and rows that are meant to be awkward. */
final class Tables {
  static final Schema SCHEMA =
      SchemaBuilder.record("T")
          .fields()
          .requiredInt("id")
          .optionalInt("i")
          .optionalLong("l")
          .optionalFloat("r")
          .optionalDouble("d")
          .optionalString("s")
          .requiredString("g")
          .optionalBoolean("b")
          .name("p")
          .type(optional(LogicalTypes.decimal(9, 2).addToSchema(Schema.create(Schema.Type.BYTES))))
          .withDefault(null)
          .name("dt")
          .type(optional(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT))))
          .withDefault(null)
          .name("ts")
          .type(
              optional(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG))))
          .withDefault(null)
          .name("xs")
          .type(optional(Schema.createArray(optional(Schema.create(Schema.Type.INT)))))
          .withDefault(null)
          .name("ws")
          .type(Schema.createArray(Schema.create(Schema.Type.STRING)))
          .noDefault()
          .endRecord();

  /** {@code t} and {@code u} have rows, {@code e} has none. */
  static final Map<String, Schema> SOURCES = Map.of("t", SCHEMA, "u", SCHEMA, "e", SCHEMA);

  static final String DDL =
      "(id INTEGER, i INTEGER, l BIGINT, r REAL, d DOUBLE, s VARCHAR, g VARCHAR, b BOOLEAN,"
          + " p DECIMAL(9, 2), dt DATE, ts TIMESTAMP, xs INTEGER[], ws VARCHAR[])";

  /** The columns {@code g}, {@code b} and {@code ts}. */
  static final int G = 6;

  static final int B = 7;
  static final int TS = 10;

  private static final List<Integer> INTS =
      List.of(0, 1, -1, 2, 3, 7, -7, 10, 100, -100, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE);
  private static final List<Long> LONGS =
      List.of(0L, 1L, -1L, 5L, 42L, -42L, 1L << 33, Long.MAX_VALUE, Long.MIN_VALUE);
  private static final List<Double> DOUBLES =
      List.of(
          0.0,
          -0.0,
          0.5,
          -0.5,
          1.5,
          2.25,
          0.1,
          0.2,
          -3.75,
          1e10,
          1e-10,
          123456.789,
          1e300,
          Double.MIN_NORMAL,
          -Double.MAX_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY);
  private static final List<Float> REALS =
      List.of(
          0f,
          0.5f,
          -1.25f,
          3f,
          1e10f,
          -0f,
          0.1f,
          Float.MAX_VALUE,
          Float.NaN,
          Float.NEGATIVE_INFINITY);
  private static final List<String> STRINGS =
      List.of(
          "",
          "a",
          "b",
          "ab",
          "abc",
          "Abc",
          "ABC",
          " a ",
          "a%b",
          "a_b",
          "äöü",
          "日本語",
          "e\u0301",
          "😀",
          "x😀y",
          "\uFFEE",
          "Zebra",
          "zebra",
          "0",
          "10",
          "9",
          "ß",
          "𝒳y",
          "👨\u200D👩\u200D👧",
          "a\tb",
          " \n",
          "a\\b",
          "it's",
          "null");
  private static final List<String> GROUPS = List.of("x", "y", "z", "", "ä");

  private static final List<BigDecimal> DECIMALS =
      List.of(new BigDecimal("9999999.99"), new BigDecimal("-9999999.99"), new BigDecimal("0.00"));

  /** Of leap years, at the ends of years, before Gregory's calendar and of the first and last. */
  private static final List<String> DATES =
      List.of(
          "2024-02-29",
          "2000-02-29",
          "1900-02-28",
          "1900-03-01",
          "2023-12-31",
          "2024-12-30",
          "1582-10-10",
          "0001-01-01",
          "9999-12-31",
          "1970-01-01",
          "1969-12-31");

  /** As clocks do not show them in spring, or twice in autumn, in Berlin, New York or Chatham. */
  private static final List<String> TIMES =
      List.of(
          "2024-03-31T02:30:00Z",
          "2024-03-31T01:00:00Z",
          "2024-10-27T02:30:00Z",
          "2024-10-27T01:30:00Z",
          "2024-03-10T02:30:00Z",
          "2024-11-03T01:30:00Z",
          "2024-11-03T06:30:00Z",
          "2024-09-29T02:50:00Z",
          "2024-04-07T02:50:00Z",
          "2024-09-28T14:00:00Z",
          "1969-12-31T23:59:59.999Z",
          "1970-01-01T00:00:00Z",
          "0001-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999Z");

  private Tables() {}

  static Map<String, List<Object[]>> rows(long seed, int count) {
    var random = new Random(seed);
    return Map.of("t", rows(random, count), "u", rows(random, count / 2), "e", List.of());
  }

  private static List<Object[]> rows(Random random, int count) {
    var rows = new ArrayList<Object[]>();
    var arrays = new Random(count);
    for (int id = 0; id < count; id++) {
      if (id > 0 && random.nextInt(10) == 0) {
        Object[] again = rows.get(random.nextInt(id)).clone();
        again[0] = id;
        rows.add(again);
        continue;
      }
      rows.add(
          new Object[] {
            id,
            maybe(random, random.nextInt(3) > 0 ? random.nextInt(21) - 10 : pick(random, INTS)),
            maybe(
                random, random.nextInt(3) > 0 ? random.nextInt(2001) - 1000L : pick(random, LONGS)),
            maybe(random, pick(random, REALS)),
            maybe(
                random, random.nextInt(3) > 0 ? random.nextInt(401) / 4.0 : pick(random, DOUBLES)),
            maybe(random, pick(random, STRINGS)),
            pick(random, GROUPS),
            maybe(random, random.nextBoolean()),
            maybe(
                random,
                random.nextInt(9) > 0
                    ? BigDecimal.valueOf(random.nextInt(20001) - 10000L, 2)
                    : pick(random, DECIMALS)),
            maybe(
                random,
                random.nextInt(4) > 0
                    ? random.nextInt(40000) - 10000
                    : (int) LocalDate.parse(pick(random, DATES)).toEpochDay()),
            maybe(
                random,
                random.nextInt(4) > 0
                    ? random.nextInt(2_000_000_000) * 1000L + random.nextInt(1000)
                    : Instant.parse(pick(random, TIMES)).toEpochMilli()),
            maybe(arrays, list(arrays, () -> maybe(arrays, arrays.nextInt(5)))),
            list(arrays, () -> pick(arrays, STRINGS))
          });
    }
    return rows;
  }

  /** Every fourth is empty. */
  private static List<Object> list(Random random, Supplier<Object> element) {
    var list = new ArrayList<Object>();
    for (int left = random.nextInt(4); left > 0; left--) {
      list.add(element.get());
    }
    return list;
  }

  private static Object maybe(Random random, Object value) {
    return random.nextInt(6) == 0 ? null : value;
  }

  private static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static Schema optional(Schema type) {
    return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
  }
}
