package dev.tidemill.extract;

import dev.tidemill.definition.FilePolicies.OnReplace;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells which of the files that are there are those of which rows were published, whatever they are
 * called now. The identity of a file is its name when it was read first; a later file of the same
 * name is {@code name@2}, and so on. A copy is another file, if it has another name. A function of
 * the positions and the files.
 */
final class FileIdentities {
  private final Map<String, FilePosition> positions;
  private final OnReplace onReplace;
  private final Map<InputFile, String> identities = new HashMap<>();

  private FileIdentities(Map<String, FilePosition> positions, OnReplace onReplace) {
    this.positions = positions;
    this.onReplace = onReplace;
  }

  /**
   * @param positions by identity
   * @param path of the source, for messages
   * @throws Unavailable if a file is not the one any more of which rows were published, and the
   *     policy does not allow that; or if one that is published in part is gone
   */
  static Map<InputFile, String> of(
      List<InputFile> files, Map<String, FilePosition> positions, OnReplace onReplace, Object path)
      throws IOException {
    FileIdentities found = new FileIdentities(positions, onReplace);
    found.findSame(files);
    for (InputFile file : files) {
      if (!found.identities.containsKey(file)) {
        found.identities.put(file, found.other(file));
      }
    }
    found.requireAll(path);
    return found.identities;
  }

  /** What the locale can not name looks the same: each such byte of a name is one �. */
  private static InputFile sameName(InputFile one, InputFile other) {
    throw new Unavailable(
        "two files look like "
            + one.path()
            + " to Java, whose characters are those of the locale: start it with one of UTF-8 (LC_ALL=C.UTF-8),"
            + " or give the files names in UTF-8. Nothing is lost.");
  }

  /** First those that are surely the same, and then those that begin so and have the name. */
  private void findSame(List<InputFile> files) throws IOException {
    Map<Long, List<InputFile>> byInode =
        files.stream().collect(Collectors.groupingBy(file -> file.stamp().inode()));
    Map<String, InputFile> byName =
        files.stream()
            .collect(Collectors.toMap(InputFile::name, file -> file, FileIdentities::sameName));
    for (Map.Entry<String, FilePosition> position : latestFirst()) {
      // Of several links to a file, each is its own.
      InputFile own = byName.get(position.getValue().name());
      if (own != null && isFree(own) && position.getValue().isSame(own)) {
        identities.put(own, position.getKey());
        continue;
      }
      long inode = position.getValue().stamp().inode();
      for (InputFile file : byInode.getOrDefault(inode, List.of())) {
        if (isFree(file) && !isKnown(file) && position.getValue().isSame(file)) {
          identities.put(file, position.getKey());
          break;
        }
      }
    }
    Set<String> taken = new HashSet<>(identities.values());
    for (Map.Entry<String, FilePosition> position : positions.entrySet()) {
      InputFile file = byName.get(position.getValue().name());
      if (file != null
          && !taken.contains(position.getKey())
          && isFree(file)
          && isLatest(position.getKey(), file.name())
          && position.getValue().isStartOf(file)) {
        identities.put(file, position.getKey());
      }
    }
  }

  private List<Map.Entry<String, FilePosition>> latestFirst() {
    return positions.entrySet().stream()
        .sorted(Comparator.comparing(entry -> !isLatest(entry.getKey(), entry.getValue().name())))
        .toList();
  }

  private boolean isFree(InputFile file) {
    return !identities.containsKey(file);
  }

  /** Whether it is what it was under the same name, so that it is not another one renamed. */
  private boolean isKnown(InputFile file) throws IOException {
    FilePosition position = positions.get(identity(file.name(), generations(file.name())));
    return position != null && position.isSame(file);
  }

  /** A new file, or other content under a known name. */
  private String other(InputFile file) {
    long known = generations(file.name());
    if (known == 0) {
      return file.name();
    }
    String latest = identity(file.name(), known);
    boolean isElsewhere = identities.containsValue(latest);
    if (!isElsewhere && onReplace == OnReplace.STOP) {
      throw new Unavailable(
          file.path()
              + " is not the file any more of which "
              + positions.get(latest).rows()
              + " rows were published: it was "
              + (file.bytes() < positions.get(latest).bytes() ? "truncated" : "replaced")
              + ". Put it back, or give the new content a new name; or, if all that it holds is new,"
              + " write 'on-replace: read-again'");
    }
    return identity(file.name(), known + 1);
  }

  private boolean isLatest(String identity, String name) {
    return identity.equals(identity(name, generations(name)));
  }

  private long generations(String name) {
    long known = 0;
    while (positions.containsKey(identity(name, known + 1))) {
      known++;
    }
    return known;
  }

  private static String identity(String name, long generation) {
    return generation <= 1 ? name : name + "@" + generation;
  }

  /** A file that is published to its end may go; one that is published in part may not. */
  private void requireAll(Object path) {
    Set<String> there = new HashSet<>(identities.values());
    List<String> gone =
        positions.entrySet().stream()
            .filter(position -> !position.getValue().done() && !there.contains(position.getKey()))
            .filter(position -> !isReplaced(position.getKey(), position.getValue().name(), there))
            .map(position -> position.getKey() + " (" + position.getValue().rows() + " rows)")
            .toList();
    if (!gone.isEmpty()) {
      throw new Unavailable(
          "Of "
              + path
              + ", only a part is published of these files, and they are gone: "
              + String.join(", ", gone)
              + ". Put them back and start again: nothing is lost.");
    }
  }

  /** As the policy allows: what was not read of it never will be. */
  private boolean isReplaced(String identity, String name, Set<String> there) {
    return !isLatest(identity, name) || there.contains(identity(name, generations(name) + 1));
  }
}
