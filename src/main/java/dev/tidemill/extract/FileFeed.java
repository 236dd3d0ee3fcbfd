package dev.tidemill.extract;

import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.FileLayout.Compression;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.DecodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of files, in the order of the files' names. A file may grow at its end between two
 * passes. If files are not watched, a matching one has to be complete, so write it under another
 * name and rename it. Not thread-safe.
 */
final class FileFeed implements Feed {
  private static final Logger LOG = LoggerFactory.getLogger(FileFeed.class);

  private final Origin.Files origin;
  private final BaseDirectories allowed;
  private final FileRows.Opener opener;
  private final Map<String, FilePosition> positions = new TreeMap<>();
  private final Set<String> told = new HashSet<>();
  private List<InputFile> files = List.of();
  private Map<InputFile, String> identities = Map.of();

  FileFeed(Origin.Files origin, ExtractSettings settings, FileRows.Opener opener) {
    this.origin = origin;
    this.allowed = BaseDirectories.of(settings, origin.path());
    this.opener = opener;
  }

  static FileFeed of(RelationDefinition source, Origin.Files origin, ExtractSettings settings) {
    return new FileFeed(origin, settings, FileRows.of(origin, source.schema()));
  }

  @Override
  public void check() {
    look();
    try (opener) {
      for (InputFile file : files) {
        if (file.whole()) { // otherwise its header may not be there yet
          check(file);
        }
      }
    }
  }

  private void check(InputFile file) {
    try {
      opener.open(file, Place.START).close();
    } catch (DamagedFileException e) {
      requireReject(e);
    } catch (IOException e) {
      throw unreadable(file.path(), e);
    }
  }

  private void requireReject(DamagedFileException e) {
    if (origin.policies().onMismatch() == OnMismatch.STOP) {
      throw e;
    }
  }

  private static Unavailable unreadable(Path path, IOException e) {
    return new Unavailable(
        path
            + " can not be read ("
            + e
            + "); put it back or check its rights, and start again: nothing is lost",
        e);
  }

  private void look() {
    files =
        origin
            .watch()
            .map(interval -> InputFile.growing(origin.path(), interval))
            .orElseGet(() -> InputFile.matching(origin.path()));
    try {
      allowed.require(files);
    } catch (IOException e) {
      throw unreadable(origin.path(), e);
    }
  }

  @Override
  public void restore(Positions committed) {
    positions.clear();
    committed
        .entries()
        .forEach((name, position) -> positions.put(name, FilePosition.of(name, position)));
    // What files these are is told by the next pass, which looks for them: who takes over may never
    // have looked, or before they grew.
    identities = Map.of();
  }

  @Override
  public void pass(Publication out) throws IOException {
    look();
    identify();
    try (opener) {
      for (InputFile file : files) {
        if (!read(file, out)) {
          return;
        }
      }
    }
  }

  private void identify() {
    try {
      identities =
          FileIdentities.of(files, positions, origin.policies().onReplace(), origin.path());
    } catch (IOException e) {
      throw unreadable(origin.path(), e);
    }
    identities.forEach(this::tell);
  }

  /** Once each. */
  private void tell(InputFile file, String identity) {
    if (!identity.equals(file.name()) && told.add(file.name() + " " + identity)) {
      LOG.warn(
          "{} {}: its rows are those of {}",
          file.path(),
          positions.containsKey(identity) ? "was renamed" : "has other content than before",
          identity);
    }
  }

  /** Whether the file was read as far as it can be. */
  private boolean read(InputFile file, Publication out) throws IOException {
    FilePosition position = position(file);
    if (position.done() && position.bytes() == file.bytes() || isHalf(file)) {
      return true;
    }
    Place place = position.next();
    long number = position.rows();
    String prefix = identity(file) + (origin.format().isText() ? ":" : "#");
    try (FileRows rows = opener.open(file, place)) {
      for (Optional<FileRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        if (out.isStopped()) {
          move(out, file, rows, row.get().place(), number, false);
          return false;
        }
        publish(out, prefix + row.get().place().line(), row.get(), number++);
        place = row.get().next();
        if (out.isDue()) {
          move(out, file, rows, place, number, false);
          out.commit();
        }
      }
      move(out, file, rows, rows.place(), number, isAll(file, rows));
    } catch (DamagedFileException e) {
      requireReject(e);
      opener.close(); // whatever the damage has done to it
      LOG.warn("{} {}: the rest of it is one reject", file.path(), e.reason());
      out.unreadable(identity(file), number, new byte[0], e.reason());
      move(out, file, place, file.bytes(), number + 1, true);
    }
    return true;
  }

  private void publish(Publication out, String id, FileRow row, long number) {
    try {
      out.row(id, number, row.values());
    } catch (DecodeException e) {
      out.unreadable(id, number, row.raw(), e.getMessage());
    }
  }

  /** What is behind the last row of a file that is being written is a part of the next one. */
  private static boolean isAll(InputFile file, FileRows rows) throws IOException {
    return file.whole() || rows.bytesOnDisk(rows.place()) == file.bytes();
  }

  /** What is packed as a whole, or has its contents at its end, can be read when it is whole. */
  private boolean isHalf(InputFile file) {
    boolean needsEnd =
        origin.format() == Format.PARQUET
            || origin.format().isText()
                && origin.layout().compression(file.name()) != Compression.NONE;
    return needsEnd && !file.whole();
  }

  private void move(
      Publication out, InputFile file, FileRows read, Place next, long rows, boolean done)
      throws IOException {
    move(out, file, next, read.bytesOnDisk(next), rows, done);
  }

  private void move(
      Publication out, InputFile file, Place next, long bytes, long rows, boolean done)
      throws IOException {
    Fingerprint fingerprint = Fingerprint.of(file.path(), bytes);
    FilePosition position =
        new FilePosition(position(file).name(), file.stamp(), next, bytes, rows, fingerprint, done);
    positions.put(identity(file), position);
    out.position(identity(file), position.json());
  }

  @Override
  public Optional<Duration> again() {
    return origin.watch();
  }

  private String identity(InputFile file) {
    return identities.getOrDefault(file, file.name());
  }

  private FilePosition position(InputFile file) {
    FilePosition position = positions.get(identity(file));
    return position == null ? FilePosition.start(file) : position;
  }

  @Override
  public FeedProgress progress() {
    List<FilePosition> all = files.stream().map(this::position).toList();
    return new FeedProgress(
        (int) all.stream().filter(FilePosition::done).count(),
        files.size(),
        all.stream().mapToLong(FilePosition::bytes).sum(),
        files.stream().mapToLong(InputFile::bytes).sum());
  }
}
