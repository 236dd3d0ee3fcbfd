package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;

/** Whatever the bytes are: a row, or a DecodeException. */
final class BrokenBytesTest {
  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final Schema nullable = Rows.nullable(Rows.SCHEMA);
  private final byte[] avro =
      RowEncoder.register(registry, "plain", Rows.SCHEMA).encode(Rows.full());
  private final byte[] nullableAvro =
      RowEncoder.register(registry, "nullable", nullable).encode(Rows.full());
  private final List<RowDecoder> decoders =
      List.of(
          new AvroRowDecoder(Rows.SCHEMA, registry),
          new AvroRowDecoder(nullable, registry),
          new AvroRowDecoder(Rows.record(resolved()), registry));

  @Property(tries = 500)
  void avro(@ForAll Random random) {
    for (RowDecoder decoder : decoders) {
      assertRowOrDecodeException(decoder, mutated(avro, random));
      assertRowOrDecodeException(decoder, mutated(nullableAvro, random));
    }
  }

  @Property(tries = 500)
  void json(@ForAll Random random) {
    byte[] json =
        """
        {"yes": true, "small": -2147483648, "big": 9223372036854775807, "single": 1.5,
         "double": -0.0, "text": "hello", "suit": "HEARTS",
         "uuid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
         "uuid16": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
         "raw": "cmF3", "hash": "AQIDBA==", "price": -12345678.90, "fixed_price": "-0.01",
         "day": "2022-01-08", "time": "23:59:59.999", "millis": "2023-11-14T22:13:20.123Z",
         "micros": -1, "local": "2023-11-14T22:13:20.123"}
        """
            .getBytes(UTF_8);
    assertRowOrDecodeException(new JsonRowDecoder(Rows.SCHEMA), mutated(json, random));
    assertRowOrDecodeException(new JsonRowDecoder(nullable), mutated(json, random));
  }

  @Property(tries = 500)
  void csv(@ForAll Random random) {
    byte[] csv =
        ("true,1,2,1.5,-0.0,\"a b\",HEARTS,6f9619ff-8b86-d011-b42d-00c04fc964ff,"
                + "6f9619ff-8b86-d011-b42d-00c04fc964ff,cmF3,AQIDBA==,-12345678.90,-1e-2,"
                + "2022-01-08,23:59:59.999,2023-11-14T22:13:20.123Z,1969-12-31T23:59:59Z,"
                + "2023-11-14T22:13:20.123")
            .getBytes(UTF_8);
    assertRowOrDecodeException(new CsvRowDecoder(Rows.SCHEMA), mutated(csv, random));
  }

  @Property(tries = 500)
  void debezium_in_json(@ForAll Random random) {
    byte[] json =
        """
        {"schema": {}, "payload": {"before": {"id": 6}, "after": {"id": 7, "name": "sea", "at": 1},
         "source": {"lsn": [1, 2]}, "op": "u", "ts_ms": 1}}
        """
            .getBytes(UTF_8);
    ChangeDecoder decoder = new DebeziumDecoder(changed(), registry);
    assertRowOrDecodeException(bytes -> row(decoder, bytes), mutated(json, random));
  }

  @Property(tries = 500)
  void debezium_in_avro(@ForAll Random random) {
    Schema envelope =
        Rows.record(
            "Envelope",
            """
            {'name': 'before', 'type': ['null', {'type': 'record', 'name': 'V', 'fields': [
                {'name': 'id', 'type': 'int'}, {'name': 'name', 'type': 'string'}]}]},
            {'name': 'after', 'type': ['null', 'V']}, {'name': 'op', 'type': 'string'}
            """);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(WireFormat.header(registry.register("envelope", envelope)));
    bytes.writeBytes(HexFormat.of().parseHex("020e06736561" + "020e06736561" + "0275"));
    ChangeDecoder decoder = new DebeziumDecoder(changed(), registry);
    assertThat(row(decoder, bytes.toByteArray())).startsWith(7, "sea");
    assertRowOrDecodeException(b -> row(decoder, b), mutated(bytes.toByteArray(), random));
  }

  @Property(tries = 500)
  void protobuf(@ForAll Random random) {
    int id =
        registry.register(
            "proto",
            RegisteredSchema.Language.PROTOBUF,
            "syntax = 'proto3'; message A { int32 id = 1; string name = 2; sfixed64 at = 3; }");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(WireFormat.header(id));
    bytes.writeBytes(HexFormat.of().parseHex("00" + "0807" + "1203736561" + "190100000000000000"));
    RowDecoder decoder = new ProtobufRowDecoder(changed(), registry);
    assertRowOrDecodeException(decoder, mutated(bytes.toByteArray(), random));
  }

  private static Schema changed() {
    return Rows.record(
        """
        {'name': 'id', 'type': 'int'}, {'name': 'name', 'type': 'string'},
        {'name': 'at', 'type': ['null', {'type': 'long', 'logicalType': 'timestamp-micros'}]}
        """);
  }

  private static Object[] row(ChangeDecoder decoder, byte[] bytes) {
    try {
      return decoder.decode(null, bytes) instanceof Change.Row change
          ? change.row()
          : new Object[3];
    } catch (DecodeException e) {
      return new Object[3];
    }
  }

  /** A reader that needs Avro's own resolution: an int is promoted, a field is renamed. */
  private static String resolved() {
    return """
        {'name': 'small', 'type': 'double'},
        {'name': 'words', 'type': 'string', 'aliases': ['text']},
        {'name': 'price', 'type':
            {'type': 'bytes', 'logicalType': 'decimal', 'precision': 10, 'scale': 2}},
        {'name': 'micros', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}}
        """;
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    int lost = random.nextInt(3) * random.nextInt(20);
    byte[] broken = Arrays.copyOf(bytes, Math.max(0, bytes.length - lost));
    for (int i = random.nextInt(4); i >= 0 && broken.length > 5; i--) {
      // Behind the header, so that the schema is mostly found.
      int at = random.nextInt(10) == 0 ? random.nextInt(5) : 5 + random.nextInt(broken.length - 5);
      broken[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : '0' + random.nextInt(10));
    }
    return broken;
  }

  private static void assertRowOrDecodeException(RowDecoder decoder, byte[] bytes) {
    try {
      assertThat(decoder.decode(bytes)).isNotNull();
    } catch (DecodeException expected) {
      assertThat(expected.getMessage()).isNotBlank();
    }
  }
}
