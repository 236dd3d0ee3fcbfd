package dev.tidemill.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manual lists what there is, and what there is comes about. */
final class EventsDocsTest {
  /** Name, when it comes, what it is about, what it measures. */
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| `([a-z]+\\.[a-z_.]+)`( span)? \\| [^|]+ \\| ([^|]*)\\| ([^|]*)\\|$");

  private static final Pattern WORD = Pattern.compile("`([a-z]+)`");

  @Test
  void every_event_is_in_the_manual_as_it_is_declared() throws IOException {
    List<String> documented =
        ROW.matcher(Files.readString(Path.of("docs/events.md")))
            .results()
            .map(EventsDocsTest::text)
            .toList();
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EventType.values()).map(EventsDocsTest::text).toList());
  }

  private static String text(MatchResult row) {
    return text(row.group(1), row.group(2) != null, words(row.group(3)), words(row.group(4)));
  }

  private static String text(EventType type) {
    List<String> about = new ArrayList<>(type.labels());
    about.addAll(type.details());
    return text(type.path(), type.isSpan(), about, type.measurements());
  }

  private static String text(
      String name, boolean isSpan, List<String> about, List<String> measured) {
    return name + (isSpan ? " span " : " ") + about + " " + measured;
  }

  private static List<String> words(String cell) {
    return WORD.matcher(cell).results().map(word -> word.group(1)).toList();
  }

  @Test
  void every_event_is_told_by_somebody() throws IOException {
    TreeSet<String> untold = new TreeSet<>();
    Arrays.stream(EventType.values()).map(EventType::name).forEach(untold::add);
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = file.endsWith("EventType.java") ? "" : Files.readString(file);
        untold.removeIf(name -> text.contains("EventType." + name));
      }
    }
    assertThat(untold).isEmpty();
  }
}
