package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tidemill.definition.ServerSettingsReader;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What the README and the manual show is what there is.
 *
 * <p>A {@code yaml} block is a whole pipeline, or begins with {@code # fragment of a pipeline}:
 * then its keys replace those of fragments.yaml. A block that begins with {@code # Where Tidemill
 * runs} is a server file. A {@code sql} block is a statement over flights. Wrong examples are
 * {@code text}.
 */
final class DocsTest {
  private static final Path FLIGHTS = Path.of("examples/flights/pipeline.yaml");
  private static final Path WHOLE = Path.of("src/test/resources/dev/tidemill/cli/fragments.yaml");
  private static final String FRAGMENT = "# fragment of a pipeline\n";
  private static final String SERVER = "# Where Tidemill runs";

  /** ListenersTest runs it. */
  private static final String SERVER_FRAGMENT = "# fragment of a server file";

  private static final Pattern BLOCK =
      Pattern.compile("^( *)```(\\w+)\\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern TOP_KEY = Pattern.compile("(?m)^(?=[a-z]+:)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern TEST_NAME = Pattern.compile("`([A-Z]\\w*Test)`");

  /** As a shell takes it. */
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|\\S+");

  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** A block of code. */
  record Block(Path file, int line, String language, String text) {
    @Override
    public String toString() {
      return file + ":" + line + " (" + language + ")";
    }
  }

  static final List<Path> PAGES = pages();
  static final List<Block> PIPELINES = yaml(false);
  static final List<Block> SERVERS = yaml(true);
  static final List<Block> STATEMENTS = blocks("sql");
  static final List<String> COMMANDS = commands();

  /** Holds the schemas and the data of all examples, so that definitions can be put beside them. */
  @TempDir static Path folder;

  @BeforeAll
  static void copyExamples() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("examples"), 3, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(file.getParent().getFileName()).resolve(file.getFileName());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("PIPELINES")
  void a_pipeline_has_no_problem(Block block) throws IOException {
    assertThat(problems(block.text())).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("STATEMENTS")
  void a_statement_compiles(Block block) throws IOException {
    assertThat(problems(FRAGMENT + "sql: |\n" + block.text().indent(2))).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("SERVERS")
  void a_server_file_has_no_problem(Block block) throws IOException {
    Path file = Files.writeString(folder.resolve("server.yaml"), block.text());
    assertThat(ServerSettingsReader.read(Optional.of(file), DocsTest::onlySecrets).problems())
        .isEmpty();
  }

  @Test
  void the_manual_has_every_kind_of_example() {
    assertThat(PIPELINES).hasSizeGreaterThan(4);
    assertThat(SERVERS).isNotEmpty();
    assertThat(STATEMENTS).isNotEmpty();
    assertThat(COMMANDS).hasSizeGreaterThan(5);
  }

  @Test
  void the_readme_shows_the_example_as_it_is() throws IOException {
    assertThat(PIPELINES)
        .filteredOn(block -> block.file().equals(Path.of("README.md")))
        .extracting(Block::text)
        .containsExactly(Files.readString(FLIGHTS));
  }

  @Test
  void the_manual_shows_the_server_files_as_they_are() throws IOException {
    assertThat(SERVERS)
        .extracting(Block::text)
        .containsExactlyInAnyOrder(
            Files.readString(Path.of("examples/server.yaml")),
            Files.readString(Path.of("examples/flights-postgres/server.yaml")));
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void a_command_can_be_typed(String command) {
    String[] args =
        WORD.matcher(command)
            .results()
            .skip(1)
            .map(word -> word.group(1) == null ? word.group() : word.group(1))
            .toArray(String[]::new);
    assertThatCode(() -> Main.commandLine().parseArgs(args)).doesNotThrowAnyException();
    var parsed = Main.commandLine().parseArgs(args);
    var last = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
    assertThat(last.getParseResult().matchedArgs().stream().flatMap(DocsTest::files))
        .allSatisfy(file -> assertThat(file).isRegularFile());
  }

  @Test
  void a_named_test_is_there() throws IOException {
    TreeSet<String> named = new TreeSet<>();
    for (Path page : PAGES) {
      matches(TEST_NAME, read(page)).forEach(name -> named.add(name.group(1)));
    }
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".java", "")))
          .containsAll(named);
    }
    assertThat(named).isNotEmpty();
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void a_link_leads_somewhere(Path page) {
    for (MatchResult link : matches(LINK, withoutBlocks(page)).toList()) {
      String target = link.group(1);
      if (target.matches("https?://.*")) {
        continue;
      }
      String[] parts = target.split("#", 2);
      Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
      assertThat(file).as("%s: %s", page, target).exists();
      if (parts.length > 1) {
        assertThat(anchors(file)).as("%s: %s", page, target).contains(parts[1]);
      }
    }
  }

  private static List<String> problems(String text) throws IOException {
    String whole = text.startsWith(FRAGMENT) ? completed(text) : text;
    Path file = Files.writeString(folder.resolve("pipeline.yaml"), whole);
    return CompiledPipeline.check(file, DocsTest::onlySecrets).problems().stream()
        .map(Object::toString)
        .toList();
  }

  /** The example with the fragment's keys in the place of its own. */
  private static String completed(String fragment) throws IOException {
    Map<String, String> parts = parts(Files.readString(WHOLE));
    Map<String, String> own = parts(fragment);
    if (own.containsKey("queries")) {
      parts.keySet().removeAll(Set.of("sql", "require", "load"));
    }
    parts.putAll(own);
    return String.join("", parts.values());
  }

  private static Map<String, String> parts(String yaml) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : TOP_KEY.split(yaml)) {
      if (part.contains(":") && !part.startsWith("#")) {
        parts.put(part.substring(0, part.indexOf(':')), part.stripTrailing() + "\n");
      }
    }
    return parts;
  }

  private static String onlySecrets(String variable) {
    return switch (variable) {
      case "PG_URL" -> "jdbc:postgresql://localhost/warehouse";
      case "KAFKA_PASSWORD", "FLIGHTS_TOKEN" -> "secret";
      default -> null;
    };
  }

  private static Stream<Path> files(ArgSpec arg) {
    Object value = arg.getValue();
    Stream<?> values = value instanceof List<?> list ? list.stream() : Stream.of(value);
    return values
        .filter(Path.class::isInstance)
        .map(Path.class::cast)
        .filter(file -> file.toString().endsWith(".yaml"));
  }

  private static List<Block> yaml(boolean server) {
    return blocks("yaml").stream()
        .filter(block -> block.text().startsWith(SERVER) == server)
        .filter(block -> !block.text().startsWith(SERVER_FRAGMENT))
        .toList();
  }

  /** Lines of {@code sh} blocks that call the launcher, without their comments. */
  private static List<String> commands() {
    return blocks("sh").stream()
        .flatMap(block -> block.text().lines())
        .map(line -> line.replaceFirst("\\s+#.*", "").strip())
        .filter(line -> line.startsWith("./tidemill"))
        .distinct()
        .toList();
  }

  private static List<Block> blocks(String language) {
    List<Block> blocks = new ArrayList<>();
    for (Path page : PAGES) {
      String text = read(page);
      Matcher block = BLOCK.matcher(text);
      while (block.find()) {
        if (block.group(2).equals(language)) {
          int line = (int) text.substring(0, block.start()).lines().count() + 1;
          String code = block.group(3).replaceAll("(?m)^" + block.group(1), "");
          blocks.add(new Block(page, line, language, code));
        }
      }
    }
    return blocks;
  }

  private static List<String> anchors(Path page) {
    return matches(HEADING, withoutBlocks(page))
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutBlocks(Path page) {
    return BLOCK.matcher(read(page)).replaceAll("");
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static List<Path> pages() {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), docs.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
