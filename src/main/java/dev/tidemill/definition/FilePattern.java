package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The files that a path means: a file, all files of a folder, or those that match wildcards, as in
 * {@code data/**}{@code /flights-*.csv}. Immutable.
 */
public final class FilePattern {
  /** Folders within folders. */
  private static final int DEEPEST = 20;

  /** Files and folders that are looked at; a pattern that means more is a mistake. */
  private static final int MOST = 1_000_000;

  private final Path written;
  private final Path folder;
  private final List<PathMatcher> matchers;
  private final int depth;

  private FilePattern(Path written, Path folder, List<PathMatcher> matchers, int depth) {
    this.written = written;
    this.folder = folder;
    this.matchers = matchers;
    this.depth = depth;
  }

  /**
   * @param path absolute and normalized
   * @throws java.util.regex.PatternSyntaxException if its wildcards are none
   */
  public static FilePattern of(Path path) {
    requireNonNull(path, "path");
    if (Files.isDirectory(path)) {
      PathMatcher shown = name -> !name.toString().startsWith(".") && !isMark(name);
      return new FilePattern(path, path, List.of(shown), 1);
    }
    int fixed = 0;
    while (fixed < path.getNameCount() - 1 && !isWild(path.getName(fixed).toString())) {
      fixed++;
    }
    Path folder = fixed == 0 ? path.getRoot() : path.getRoot().resolve(path.subpath(0, fixed));
    Path rest = path.subpath(fixed, path.getNameCount());
    List<PathMatcher> matchers = new ArrayList<>();
    matchers.add(matcher(rest.toString()));
    boolean any = rest.toString().contains("**");
    if (any) { // which may stand for no folder, too
      matchers.add(matcher(rest.toString().replace("**/", "")));
    }
    return new FilePattern(path, folder, matchers, any ? DEEPEST : rest.getNameCount());
  }

  private static PathMatcher matcher(String glob) {
    return FileSystems.getDefault().getPathMatcher("glob:" + glob);
  }

  /** As other programs leave them beside their files: {@code _SUCCESS}. */
  private static boolean isMark(Path name) {
    return name.toString().startsWith("_");
  }

  private static boolean isWild(String name) {
    return name.matches(".*[*?\\[{].*");
  }

  /** Whether a file of this name would be meant, be it there or not. */
  public boolean isMeant(Path file) {
    if (!file.startsWith(folder) || file.equals(folder)) {
      return false;
    }
    Path name = folder.relativize(file);
    return name.getNameCount() <= depth && isMatch(name);
  }

  private boolean isMatch(Path name) {
    return matchers.stream().anyMatch(matcher -> matcher.matches(name));
  }

  /** The innermost folder that is known without looking. */
  public Path folder() {
    return folder;
  }

  /**
   * What is there now.
   *
   * @param files the regular files that are meant, relative to {@link #folder()}
   * @param packed those that would be, but for the end of their names
   */
  public record Found(List<Path> files, PackedFiles packed) {
    public Found {
      files = List.copyOf(files);
    }
  }

  /**
   * Looks for the files.
   *
   * @throws IOException if a folder can not be read, or there are too many
   */
  public Found look() throws IOException {
    Visitor visitor = new Visitor(folder.toRealPath()); // a link would be a file to the walk
    Files.walkFileTree(visitor.start, EnumSet.noneOf(FileVisitOption.class), depth, visitor);
    return new Found(visitor.found, new PackedFiles(written, visitor.packed));
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path start;
    private final List<Path> found = new ArrayList<>();
    private final List<Path> packed = new ArrayList<>();
    private int seen;

    private Visitor(Path start) {
      this.start = start;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
        throws IOException {
      count();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      count();
      Path name = start.relativize(path);
      if (isMatch(name)) {
        if (Files.isRegularFile(path)) {
          found.add(name);
        }
      } else if (FileLayout.packing(name.toString()).isPresent()
          && isMatch(Path.of(PackedFiles.unpacked(name.toString())))
          && Files.isRegularFile(path)) {
        packed.add(name);
      }
      return FileVisitResult.CONTINUE;
    }

    /** What has gone meanwhile is not there. */
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
      if (e instanceof NoSuchFileException && !path.equals(start)) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    private void count() throws IOException {
      if (++seen > MOST) {
        throw new IOException(
            "more than " + MOST + " files are in the folders of " + written + "; narrow it");
      }
    }
  }

  @Override
  public String toString() {
    return written.toString();
  }
}
