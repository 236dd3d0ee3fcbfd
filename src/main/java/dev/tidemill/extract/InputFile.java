package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A file of a source.
 *
 * @param name without its folder: what positions and row identities are called by, so that a
 *     project may be moved
 * @param bytes its size when it was found
 */
record InputFile(Path path, String name, long bytes) {

  /**
   * The files that a definition's path means, in the order of their names.
   *
   * @param pattern its last part may be a glob
   * @throws Unavailable if there is none, or the folder can not be read
   */
  static List<InputFile> matching(Path pattern) {
    List<InputFile> files = new ArrayList<>();
    String glob = pattern.getFileName().toString();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(pattern.getParent(), glob)) {
      for (Path path : found) {
        if (Files.isRegularFile(path)) {
          files.add(new InputFile(path, path.getFileName().toString(), Files.size(path)));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new Unavailable(
          "The folder of " + pattern + " can not be read (" + e + "); check the source's path", e);
    }
    if (files.isEmpty()) {
      throw new Unavailable("No file matches " + pattern + "; check the source's path");
    }
    files.sort(Comparator.comparing(InputFile::name));
    return List.copyOf(files);
  }
}
