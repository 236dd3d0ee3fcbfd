package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A statement as far as it could be read.
 *
 * @param name empty if it has none
 * @param path of the section in the file that it stands in
 * @param sql its text, if it is there
 * @param require the gates that could be read
 * @param isLoaded whether it has a {@code load}
 */
public record QueryReading(
    String name,
    List<String> path,
    Optional<String> sql,
    List<Requirement> require,
    boolean isLoaded) {

  public QueryReading {
    requireNonNull(name, "name");
    path = List.copyOf(path);
    requireNonNull(sql, "sql");
    require = List.copyOf(require);
  }

  /** The path of something that stands in its section. */
  public List<String> at(String... keys) {
    List<String> at = new ArrayList<>(path);
    at.addAll(List.of(keys));
    return at;
  }
}
