package dev.tidemill.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemasTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ledger-entry.avsc", "reject.avsc", "end-of-share.avsc", "ack.avsc"})
  void every_field_of_our_own_schemas_is_explained(String name) {
    assertThat(Schemas.own(name).getNamespace()).isEqualTo("dev.tidemill");
    assertThat(Schemas.own(name).getFields()).allSatisfy(f -> assertThat(f.doc()).isNotBlank());
  }

  @Test
  void a_file_that_is_not_there_is_named() {
    assertThatThrownBy(() -> Schemas.load(folder.resolve("flight.avsc")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("flight.avsc");
  }

  @Test
  void a_file_that_is_no_schema_is_named_with_the_reason() throws IOException {
    Path file = Files.writeString(folder.resolve("flight.avsc"), "{\"type\": \"recod\"}");
    assertThatThrownBy(() -> Schemas.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flight.avsc is not an Avro schema")
        .hasMessageContaining("MUST be a primitive type");
  }

  @Test
  void a_row_encoder_needs_fields_that_a_row_can_fill() {
    Schema schema = Rows.record("{'name': 'l', 'type': {'type': 'map', 'values': 'int'}}");
    assertThatThrownBy(() -> new RowEncoder(schema, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("field 'l' of type map");
  }
}
