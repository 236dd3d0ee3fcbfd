package dev.tidemill.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements of corpus.sql, and what stands below them for one of the databases. */
final class Corpus {
  private static final Pattern EXCEPTION =
      Pattern.compile("-- ([a-z]+(?:, [a-z]+)*) \\[(.+?)](?:: (.+))?");

  private Corpus() {}

  /**
   * @param text that says the same in the other dialect; empty if nothing does
   */
  record Other(String why, Optional<String> text) {}

  /**
   * @param others by the name of the {@link Oracle}
   */
  record Case(String sql, Map<String, Other> others) {
    @Override
    public String toString() {
      return sql;
    }
  }

  static List<Case> read() throws IOException {
    var cases = new ArrayList<Case>();
    try (var in = Corpus.class.getResourceAsStream("corpus.sql")) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        Matcher exception = EXCEPTION.matcher(line);
        if (exception.matches()) {
          for (String oracle : exception.group(1).split(", ")) {
            cases
                .get(cases.size() - 1)
                .others()
                .put(
                    oracle, new Other(exception.group(2), Optional.ofNullable(exception.group(3))));
          }
        } else if (!line.isBlank() && !line.startsWith("--")) {
          cases.add(new Case(line, new HashMap<>()));
        }
      }
    }
    return cases;
  }
}
