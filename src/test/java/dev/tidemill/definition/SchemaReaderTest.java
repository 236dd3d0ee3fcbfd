package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaReaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "1",
        "\"record\"",
        "{\"type\": \"record\"}",
        "{\"type\": \"record\", \"name\": 1}",
        "{\"type\": \"record\", \"name\": \"A\"}",
        "{\"type\": \"record\", \"name\": \"A\", \"fields\": {}}",
        "{\"type\": \"record\", \"name\": \"A\", \"fields\": []}",
        "{\"type\": \"record\", \"name\": \"A\", \"fields\": [1]}",
        "{\"type\": \"record\", \"name\": \"A\", \"fields\": [{\"name\": \"a\"}]}",
        "{\"type\": \"record\", \"name\": \"A\", \"fields\": [{\"name\": \"a b\", \"type\": \"int\"}]}",
        "{\"type\": \"enum\", \"name\": \"A\", \"symbols\": [\"a\"]}",
        "{\"type\": {\"type\": []}}",
        "\u0000"
      })
  void a_bad_schema_is_a_problem_at_its_path(String schema) throws IOException {
    Files.writeString(folder.resolve("a.avsc"), schema);
    Path file = Files.writeString(folder.resolve("p.yaml"), "sources:\n  a:\n    schema: a.avsc\n");
    assertThat(DefinitionReader.read(file, name -> null).problems())
        .filteredOn(problem -> problem.position().equals(new Position(3, 13)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).startsWith("schema 'a.avsc' "));
  }
}
