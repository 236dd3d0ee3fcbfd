package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code bad/*.yaml} has the problems in the {@code .expected} beside it: {@code line:column:
 * message}. To write them anew, run with {@code -Dexpected.write=true}, then read the difference.
 */
class BadDefinitionsTest {
  private static final boolean WRITE = Boolean.getBoolean("expected.write");

  @ParameterizedTest
  @MethodSource("dev.tidemill.definition.Examples#bad")
  void has_the_expected_problems(Path yaml) throws IOException {
    List<String> problems =
        DefinitionReader.read(yaml, Examples.ENVIRONMENT).problems().stream()
            .map(problem -> problem.position() + ": " + problem.message())
            .toList();
    Path expected = expected(yaml);
    if (WRITE) {
      Files.write(expected, problems);
    }
    assertThat(problems).isNotEmpty().isEqualTo(Files.readAllLines(expected));
  }

  @ParameterizedTest
  @MethodSource("dev.tidemill.definition.Examples#bad")
  void shows_no_secret(Path yaml) {
    assertThat(DefinitionReader.read(yaml, Examples.ENVIRONMENT).problems().toString())
        .doesNotContain(Examples.SECRET);
  }

  @Test
  void every_expectation_has_its_definition() throws IOException {
    try (Stream<Path> files = Files.list(Examples.BAD)) {
      assertThat(files.filter(f -> f.toString().endsWith(".expected")))
          .allMatch(f -> Files.exists(Path.of(f.toString().replace(".expected", ".yaml"))));
    }
  }

  private static Path expected(Path yaml) {
    return Path.of(yaml.toString().replaceFirst("\\.yaml$", ".expected"));
  }
}
