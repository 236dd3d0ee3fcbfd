package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FilePolicies;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroRowsTest {
  private static final Schema CITY =
      SchemaBuilder.record("City").fields().requiredString("name").requiredInt("size").endRecord();
  private static final int IN_BLOCK = 3;
  private static final byte[] SYNC = "0123456789abcdef".getBytes(UTF_8);

  private static final FilePolicies REJECT = new FilePolicies(OnReplace.STOP, OnMismatch.REJECT);

  @TempDir Path folder;

  /** Cities of rising size, three in a block. */
  private static byte[] container(CodecFactory codec, int cities) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(CITY)).setCodec(codec)) {
      writer.create(CITY, out, SYNC);
      for (int i = 0; i < cities; i++) {
        GenericRecord city = new GenericData.Record(CITY);
        city.put("name", "city " + i);
        city.put("size", i);
        writer.append(city);
        if (i % IN_BLOCK == IN_BLOCK - 1) {
          writer.sync();
        }
      }
    }
    return out.toByteArray();
  }

  private static byte[] container(int cities) throws IOException {
    return container(CodecFactory.nullCodec(), cities);
  }

  private static List<String> cities(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "[city " + i + ", " + i + "]").toList();
  }

  private InputFile file(byte[] content, boolean whole) throws IOException {
    Path path = folder.resolve("cities.avro");
    Files.write(path, content);
    return new InputFile(path, "cities.avro", content.length, whole);
  }

  private Read read(byte[] content) throws IOException {
    return Read.anywhere(file(content, true), Format.AVRO, FileLayout.PLAIN, CITY);
  }

  private Read read(InputFile file, Schema schema) throws IOException {
    return Read.from(file, Place.START, Format.AVRO, FileLayout.PLAIN, schema);
  }

  /** Where block {@code number} begins: behind the marker that is there for the n-th time. */
  private static int block(byte[] container, int number) {
    int found = -1;
    for (int i = 0; i < container.length - SYNC.length; i++) {
      if (Arrays.equals(container, i, i + SYNC.length, SYNC, 0, SYNC.length) && ++found == number) {
        return i + SYNC.length;
      }
    }
    throw new AssertionError("no block " + number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy", "zstandard", "bzip2", "xz"})
  void a_container_is_read_whatever_its_codec(String codec) throws IOException {
    assertThat(read(container(CodecFactory.fromString(codec), 10)).rows()).isEqualTo(cities(0, 10));
  }

  @Test
  void a_place_has_the_number_of_its_row() throws IOException {
    assertThat(read(container(5)).raw())
        .extracting(row -> row.place().line())
        .containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void a_container_without_rows_has_none() throws IOException {
    assertThat(read(container(0)).rows()).isEmpty();
  }

  @Test
  void a_block_that_can_not_be_unpacked_is_one_row() throws IOException {
    byte[] content = container(CodecFactory.snappyCodec(), 9);
    content[block(content, 1) + 8]++;
    Read read = read(content);
    assertThat(read.rows())
        .startsWith(cities(0, 3).toArray(String[]::new))
        .endsWith(cities(6, 9).toArray(String[]::new))
        .hasSize(7);
    assertThat(read.rows().get(3)).startsWith("a block of 3 rows is damaged: it can not be unpack");
    assertThat(read.raw()).extracting(row -> row.place().line()).contains(4L, 7L);
  }

  @Test
  void a_row_that_is_none_ends_its_block() throws IOException {
    byte[] content = container(9);
    int first = block(content, 1) + 2; // a length, the name, the size
    content[first + 8] = (byte) 0xFF; // the length of the second name
    content[first + 9] = (byte) 0xFF;
    Read read = read(content);
    assertThat(read.rows()).hasSize(8).contains("[city 3, 3]").endsWith("[city 8, 8]");
    assertThat(read.rows().get(4))
        .startsWith("this and what is behind it in its block, 2 rows, can not be read");
    assertThat(read.raw().get(5).place().line()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0x7F, 0x80, 0xFF})
  void a_damaged_length_costs_its_block(int length) throws IOException {
    byte[] content = container(9);
    content[block(content, 1) + 1] = (byte) length;
    assertThat(read(content).rows())
        .hasSize(7)
        .startsWith(cities(0, 3).toArray(String[]::new))
        .endsWith(cities(6, 9).toArray(String[]::new))
        .anySatisfy(row -> assertThat(row).contains("are damaged, with all rows in them"));
  }

  @Test
  void a_wrong_count_is_said_and_costs_no_row() throws IOException {
    byte[] content = container(6);
    content[block(content, 0)] = 2 << 1;
    assertThat(read(content).rows())
        .hasSize(6)
        .contains("8 bytes are left behind the block's rows")
        .endsWith(cities(3, 6).toArray(String[]::new));
  }

  @Test
  void millions_of_rows_in_no_bytes_are_no_data() throws IOException {
    byte[] content = container(3);
    int block = block(content, 0);
    byte[] bomb = Arrays.copyOf(content, block + 20);
    // A count of 2^31, a size of nothing.
    byte[] header = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10, 0};
    bomb = Arrays.copyOf(content, block + header.length + SYNC.length);
    System.arraycopy(header, 0, bomb, block, header.length);
    System.arraycopy(SYNC, 0, bomb, block + header.length, SYNC.length);
    assertThat(read(bomb).rows()).singleElement().asString().contains("rows in 0 bytes");
  }

  @Test
  void what_is_cut_off_waits_for_the_rest_or_is_said() throws IOException {
    byte[] content = container(6);
    for (int length = block(content, 1) + 1; length < content.length; length++) {
      byte[] cut = Arrays.copyOf(content, length);
      assertThat(read(file(cut, false), CITY).rows()).isEqualTo(cities(0, 3));
      InputFile whole = file(cut, true);
      assertThatThrownBy(() -> read(whole, CITY))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("cities.avro ends within a block")
          .hasMessageContaining("behind row 3");
    }
    for (int length = 0; length < block(content, 0); length++) {
      byte[] cut = Arrays.copyOf(content, length);
      assertThat(read(file(cut, false), CITY).rows()).isEmpty();
      InputFile whole = file(cut, true);
      assertThatThrownBy(() -> read(whole, CITY))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("cities.avro is not an Avro object container");
    }
  }

  @Test
  void the_schema_of_the_file_is_resolved_to_the_source_s() throws IOException {
    Schema wider =
        SchemaBuilder.record("Town")
            .fields()
            .requiredLong("size")
            .name("country")
            .type()
            .stringType()
            .stringDefault("CH")
            .endRecord();
    assertThat(read(file(container(2), true), wider).rows()).containsExactly("[0, CH]", "[1, CH]");
  }

  @Test
  void a_schema_that_can_not_be_resolved_is_said_with_file_and_field() throws IOException {
    Schema other =
        SchemaBuilder.record("City").fields().requiredInt("name").requiredInt("mayor").endRecord();
    InputFile file = file(container(2), true);
    assertThat(Read.from(file, Place.START, Format.AVRO, FileLayout.PLAIN, other, REJECT).rows())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).contains("field 'mayor': it is not written"));
    assertThatThrownBy(() -> read(file, other))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("cities.avro")
        .hasMessageContaining("field 'name': int is expected, string is written")
        .hasMessageContaining("field 'mayor': it is not written, and has no default");
  }
}
