package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A file of a source.
 *
 * @param name without its folder: what positions and row identities are called by, so that a
 *     project may be moved
 * @param bytes its size when it was found
 * @param whole whether nobody writes it any more: then its end ends its last row, too
 */
record InputFile(Path path, String name, long bytes, boolean whole) {

  /**
   * The files that a definition's path means, in the order of their names. They have to be
   * complete.
   *
   * @param pattern its last part may be a glob
   * @throws Unavailable if there is none, or the folder can not be read
   */
  static List<InputFile> matching(Path pattern) {
    List<InputFile> files = found(pattern, Instant.MAX);
    if (files.isEmpty()) {
      throw new Unavailable("No file matches " + pattern + "; check the source's path");
    }
    return files;
  }

  /**
   * The same of files that may be written while they are read; perhaps none.
   *
   * @param unchanged a file that has not changed for so long is whole
   * @throws Unavailable if the folder can not be read
   */
  static List<InputFile> growing(Path pattern, Duration unchanged) {
    return found(pattern, Instant.now().minus(unchanged));
  }

  private static List<InputFile> found(Path pattern, Instant wholeBefore) {
    List<InputFile> files = new ArrayList<>();
    String glob = pattern.getFileName().toString();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(pattern.getParent(), glob)) {
      for (Path path : found) {
        if (Files.isRegularFile(path)) {
          files.add(of(path, wholeBefore));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new Unavailable(
          "The folder of " + pattern + " can not be read (" + e + "); check the source's path", e);
    }
    files.sort(Comparator.comparing(InputFile::name));
    return List.copyOf(files);
  }

  private static InputFile of(Path path, Instant wholeBefore) throws IOException {
    BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
    boolean whole = file.lastModifiedTime().toInstant().isBefore(wholeBefore);
    return new InputFile(path, path.getFileName().toString(), file.size(), whole);
  }
}
