package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
  @TempDir Path folder;

  @Test
  void a_file_that_is_not_there_is_a_problem() {
    assertThat(problems(folder.resolve("none.yaml")))
        .containsExactly("1:1: there is no such file; check its path");
  }

  @Test
  void a_folder_is_a_problem() {
    assertThat(problems(folder)).containsExactly("1:1: is a folder; name a YAML file in it");
  }

  @Test
  void the_root_is_a_problem() {
    assertThat(problems(folder.getRoot())).hasSize(1);
  }

  @Test
  void a_huge_file_is_not_read() throws IOException {
    assertThat(problems("#".repeat(1024 * 1024 + 1)))
        .containsExactly("1:1: is larger than 1 MB; a definition is a small text file");
  }

  @Test
  void bytes_that_are_not_utf_8_are_shown() throws IOException {
    assertThat(
            problems("pipeline: a\ndescription: caf\u00e9 ".getBytes(StandardCharsets.ISO_8859_1)))
        .containsExactly("2:17: is not UTF-8 from here on; save it as UTF-8");
  }

  @Test
  void a_truncated_character_is_not_utf_8() throws IOException {
    assertThat(problems(new byte[] {'a', ':', ' ', (byte) 0xC3}))
        .containsExactly("1:4: is not UTF-8 from here on; save it as UTF-8");
  }

  @Test
  void a_control_character_is_shown() throws IOException {
    assertThat(problems("pipeline: a\u0007b\n"))
        .containsExactly("1:12: character U+0007 is not allowed in YAML; remove it");
  }

  @Test
  void a_byte_order_mark_does_not_move_columns() throws IOException {
    assertThat(problems("\uFEFFpipline: a\n"))
        .contains("1:1: unknown key 'pipline'; did you mean 'pipeline'?");
  }

  @Test
  void aliases_can_not_blow_a_file_up() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(bomb.toString())).singleElement().asString().contains("is not YAML");
  }

  @Test
  void a_mapping_that_holds_itself_is_a_problem() throws IOException {
    assertThat(problems("batch: &b\n  every: *b\n")).contains("1:8: 'every' must be a text");
  }

  @Test
  void depth_can_not_blow_the_stack() throws IOException {
    assertThat(problems("a: " + "[".repeat(200_000)))
        .containsExactly("1:53: is nested deeper than 50 levels; a definition is flat");
  }

  private List<String> problems(String text) throws IOException {
    return problems(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> problems(byte[] bytes) throws IOException {
    return problems(Files.write(folder.resolve("p.yaml"), bytes));
  }

  private static List<String> problems(Path file) {
    return DefinitionReader.read(file, name -> null).problems().stream()
        .map(problem -> problem.position() + ": " + problem.message())
        .toList();
  }
}
