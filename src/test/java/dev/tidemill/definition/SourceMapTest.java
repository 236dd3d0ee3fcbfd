package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example has the mark {@code @} where the text has it: the two places must be the same. */
class SourceMapTest {
  private static final List<String> SQL = List.of("sql");
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql: SELECT @",
        "sql:   SELECT @",
        "sql: SELECT\n  a,\n\n    @ FROM b",
        "sql: 'SELECT @'",
        "sql: 'SELECT ''it''''s'' || @'",
        "sql: 'SELECT\n\n  ''a'',\n  @'",
        "sql: \"SELECT @\"",
        "sql: \"SELECT \\\"a\\\", '\\u00e4\\x41\\U0001F600\\n', @\"",
        "sql: \"SELECT\\n\\\n    a, @\"",
        "sql: |\n  @",
        "sql: | # a comment\n  SELECT\n    a,\n    @",
        "sql: |\n\n\n  SELECT\n\n      a,\n\n   @\n",
        "sql: |-\n      SELECT\n      @\n",
        "sql: |2\n    SELECT\n    @\n",
        "sql: |+\n  SELECT @\n\n\n",
        "sql: |\n  SELECT 'äöü😀', @",
        "sql: |\r\n  SELECT a,\r\n    @\r\n",
        "sql: >\n  SELECT a,\n  b,\n\n    c,\n  @\n",
        "sql: >-\n  SELECT a,\n\n\n  @\n",
        "sql: &statement\n  SELECT @",
        "sql: &statement |\n  SELECT\n  @",
        "sql: &statement 'SELECT @'",
        "sql: !!str 'SELECT @'",
        "sql: SELECT ${env:LONG}, @",
        "sql: SELECT ${env:SHORT}, ${env:LINES}, @",
        "sql: |\n  SELECT ${env:LONG}, @",
        "# ä😀\nsql: SELECT @"
      })
  void a_place_in_the_text_is_where_the_file_has_it(String yaml) throws IOException {
    Reading reading = read(yaml);
    String sql = reading.queries().get(0).sql().orElseThrow();
    assertThat(reading.positions().within(SQL, line(sql), column(sql))).isEqualTo(inFile(yaml));
  }

  @Test
  void a_place_in_a_value_of_a_variable_is_where_the_reference_begins() throws IOException {
    assertThat(read("sql: SELECT ${env:LONG}").positions().within(SQL, 1, 12))
        .isEqualTo(new Position(1, 13));
  }

  @Test
  void a_place_behind_the_end_of_a_line_is_its_end() throws IOException {
    assertThat(read("sql: |\n  SELECT\n  a\n").positions().within(SQL, 1, 100))
        .isEqualTo(new Position(2, 9));
  }

  @Test
  void a_path_finds_its_value() throws IOException {
    assertThat(read("load:\n  - a: 1\n  - b: 2").positions().of(List.of("load", "1", "b")))
        .isEqualTo(new Position(3, 8));
  }

  @Test
  void a_path_finds_its_key() throws IOException {
    assertThat(read("load:\n  - a: 1\n  - b: 2").positions().ofKey(List.of("load", "1", "b")))
        .isEqualTo(new Position(3, 5));
  }

  @Test
  void a_path_that_is_not_there_finds_the_nearest_above() throws IOException {
    assertThat(read("a:\n  b:\n    c: 1").positions().of(List.of("a", "b", "x", "y")))
        .isEqualTo(new Position(3, 5));
  }

  @Test
  void a_file_that_is_no_yaml_has_a_start() throws IOException {
    assertThat(read("{").positions().within(SQL, 3, 4)).isEqualTo(Position.START);
  }

  private Reading read(String yaml) throws IOException {
    return DefinitionReader.read(
        Files.writeString(folder.resolve("p.yaml"), yaml),
        Map.of("LONG", "'a very long value'", "SHORT", "1", "LINES", "a,\nb,\nc")::get);
  }

  private static int line(String text) {
    return (int) text.substring(0, text.indexOf('@')).chars().filter(c -> c == '\n').count() + 1;
  }

  private static int column(String text) {
    return text.indexOf('@') - text.lastIndexOf('\n', text.indexOf('@'));
  }

  private static Position inFile(String yaml) {
    String[] lines = yaml.split("\r?\n");
    for (int i = 0; i < lines.length; i++) {
      int at = lines[i].indexOf('@');
      if (at >= 0) {
        return new Position(i + 1, lines[i].codePointCount(0, at) + 1);
      }
    }
    throw new AssertionError("no mark in " + Arrays.toString(lines));
  }
}
