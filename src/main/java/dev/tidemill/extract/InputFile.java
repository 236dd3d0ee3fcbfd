package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.FilePattern;
import dev.tidemill.definition.PackedFiles;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A file of a source.
 *
 * @param name below the folder of the source: what positions and row identities are called by, so
 *     that a project may be moved
 * @param bytes its size when it was found
 * @param whole whether nobody writes it any more: then its end ends its last row, too
 * @param stamp what stays of it if it is renamed
 */
record InputFile(Path path, String name, long bytes, boolean whole, Stamp stamp) {

  /**
   * @param inode its number in the file system; 0 if that has none
   * @param modifiedMs when it was changed last, in ms since 1970
   */
  record Stamp(long inode, long modifiedMs) {
    static final Stamp UNKNOWN = new Stamp(0, 0);
  }

  InputFile {
    requireNonNull(stamp, "stamp");
  }

  InputFile(Path path, String name, long bytes, boolean whole) {
    this(path, name, bytes, whole, Stamp.UNKNOWN);
  }

  /**
   * What a definition's path leads to.
   *
   * @param files those that it means, in the order of their names
   */
  record Found(List<InputFile> files, PackedFiles packed) {
    Found {
      files = List.copyOf(files);
    }
  }

  /**
   * The files that a definition's path means. They have to be complete.
   *
   * @throws Unavailable if there is none, or the folder can not be read
   */
  static Found matching(Path path) {
    Found found = found(path, Instant.MAX);
    if (found.files().isEmpty()) {
      throw new Unavailable("No file matches " + path + "; check the source's path");
    }
    return found;
  }

  /**
   * The same of files that may be written while they are read; perhaps none.
   *
   * @param unchanged a file that has not changed for so long is whole
   * @throws Unavailable if the folder can not be read
   */
  static Found growing(Path path, Duration unchanged) {
    return found(path, Instant.now().minus(unchanged));
  }

  /**
   * As {@link #growing} if there is an interval; otherwise they have to be complete. Perhaps none.
   */
  static List<InputFile> those(Path path, Optional<Duration> unchanged) {
    return found(path, unchanged.map(Instant.now()::minus).orElse(Instant.MAX)).files();
  }

  /** The same, to its end. */
  InputFile asWhole() {
    return new InputFile(path, name, bytes, true, stamp);
  }

  /**
   * Whether its path still leads to the file that was found, as far as its file system can tell.
   */
  boolean isThere() throws IOException {
    return stamp.inode() == 0 || inode(path) == stamp.inode();
  }

  private static Found found(Path path, Instant wholeBefore) {
    List<InputFile> files = new ArrayList<>();
    PackedFiles packed;
    try {
      FilePattern pattern = FilePattern.of(path);
      FilePattern.Found found = pattern.look();
      packed = found.packed();
      for (Path name : found.files()) {
        try {
          files.add(of(pattern.folder(), name, wholeBefore));
        } catch (NoSuchFileException e) {
          continue; // it has gone since then
        }
      }
    } catch (IOException e) {
      throw new Unavailable(
          "The folder of " + path + " can not be read (" + e + "); check the source's path", e);
    }
    files.sort(Comparator.comparing(InputFile::name));
    return new Found(files, packed);
  }

  private static InputFile of(Path folder, Path name, Instant wholeBefore) throws IOException {
    Path path = folder.resolve(name);
    BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
    boolean whole = file.lastModifiedTime().toInstant().isBefore(wholeBefore);
    Stamp stamp = new Stamp(inode(path), file.lastModifiedTime().toMillis());
    return new InputFile(path, name.toString(), file.size(), whole, stamp);
  }

  private static long inode(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? ((Number) Files.getAttribute(path, "unix:ino")).longValue()
        : 0;
  }
}
