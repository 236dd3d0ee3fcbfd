package dev.tidemill.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Files that a pattern does not mean, but would if they were not packed: {@code flights.csv.gz}
 * beside {@code *.csv}. Immutable.
 *
 * @param pattern as it is written
 * @param names relative to the folder of the pattern
 */
public record PackedFiles(Path pattern, List<Path> names) {
  public PackedFiles {
    names = List.copyOf(names);
  }

  /**
   * Without those that were packed after they had been read, and copies.
   *
   * @param known whether there is or was a file of that name
   */
  public PackedFiles without(Predicate<String> known) {
    return new PackedFiles(
        pattern, names.stream().filter(name -> !known.test(unpacked(name.toString()))).toList());
  }

  static String unpacked(String name) {
    return FileLayout.packing(name)
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .orElse(name);
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** What lies there, and what to write if it is to be read, for people. */
  public String words() {
    String endings =
        names.stream()
            .flatMap(name -> FileLayout.packing(name.toString()).stream())
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    String more = names.size() > 1 ? " and %d more are".formatted(names.size() - 1) : " is";
    Path last = pattern.getFileName();
    return "%s%s packed, and not meant by '%s'; to read such files, end 'path' with \"%s{,%s}\""
        .formatted(names.get(0), more, last, last, endings);
  }
}
