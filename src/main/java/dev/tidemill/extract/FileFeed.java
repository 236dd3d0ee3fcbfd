package dev.tidemill.extract;

import dev.tidemill.batch.Expected;
import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.FileLayout.Compression;
import dev.tidemill.definition.FilePolicies.OnMismatch;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.PackedFiles;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.definition.TableDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.EventType;
import dev.tidemill.extract.Manifests.Missing;
import dev.tidemill.schema.DecodeException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private final Optional<Manifests> manifests;
  private final boolean hasBooks;
  private final Map<String, FilePosition> positions = new TreeMap<>();
  private Expected expected = Expected.NOTHING;
  private final Set<String> told = new HashSet<>();
  private List<Missing> awaited = List.of();
  private List<InputFile> files = List.of();
  private boolean packedAreTold;
  private Map<Path, String> identities = Map.of();

  FileFeed(Origin.Files origin, ExtractSettings settings, FileRows.Opener opener) {
    this(origin, settings, opener, true);
  }

  /**
   * @param hasBooks whether batches are held back while the rows are not those that are expected
   */
  private FileFeed(
      Origin.Files origin, ExtractSettings settings, FileRows.Opener opener, boolean hasBooks) {
    this.origin = origin;
    this.allowed = BaseDirectories.of(settings, origin.path());
    this.opener = opener;
    this.hasBooks = hasBooks;
    this.manifests =
        origin
            .manifests()
            .map(where -> new Manifests(origin, where, BaseDirectories.of(settings, where.path())));
  }

  static FileFeed of(RelationDefinition source, Origin.Files origin, ExtractSettings settings) {
    return new FileFeed(
        origin,
        settings,
        FileRows.of(origin, source.schema()),
        !(source instanceof TableDefinition));
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

  private PackedFiles look() {
    InputFile.Found found =
        origin
            .watch()
            .map(interval -> InputFile.growing(origin.path(), interval))
            .orElseGet(() -> InputFile.matching(origin.path()));
    files = found.files();
    try {
      if (manifests.isPresent()) {
        manifests.get().look();
        files = manifests.get().without(files);
      }
      allowed.require(files);
    } catch (IOException e) {
      throw unreadable(origin.path(), e);
    }
    return found.packed();
  }

  @Override
  public void restore(Positions committed) {
    positions.clear();
    expected = Expected.NOTHING;
    committed.entries().forEach((name, position) -> put(name, FilePosition.of(name, position)));
    // What files these are is told by the next pass, which looks for them: who takes over may never
    // have looked, or before they grew.
    identities = Map.of();
  }

  @Override
  public void pass(Publication out) throws IOException {
    PackedFiles packed = look();
    identify();
    tell(packed);
    requireDelivered(out);
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
      Map<InputFile, String> found =
          FileIdentities.of(files, positions, origin.policies().onReplace(), origin.path());
      found.forEach(this::tell);
      identities =
          found.entrySet().stream()
              .collect(Collectors.toMap(file -> file.getKey().path(), Map.Entry::getValue));
    } catch (IOException e) {
      throw unreadable(origin.path(), e);
    }
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

  /** Once; who packs files after they are read knows that they are not read again. */
  private void tell(PackedFiles packed) {
    if (packedAreTold || packed.isEmpty() || !origin.format().isText()) {
      return;
    }
    Set<String> known =
        Stream.concat(
                files.stream().map(InputFile::name),
                positions.values().stream().map(FilePosition::name))
            .collect(Collectors.toSet());
    PackedFiles unread = packed.without(known::contains);
    if (!unread.isEmpty()) {
      LOG.warn("Not read: {}", unread.words());
      packedAreTold = true;
    }
  }

  /** Who looks again waits for what is missing. */
  private void requireDelivered(Publication out) {
    if (manifests.isEmpty()) {
      return;
    }
    Set<String> published =
        positions.values().stream()
            .filter(FilePosition::done)
            .map(FilePosition::name)
            .collect(Collectors.toSet());
    List<InputFile> unread = files.stream().filter(file -> !isRead(file)).toList();
    awaited = manifests.get().missing(unread, published);
    if (origin.watch().isEmpty() && !awaited.isEmpty()) {
      throw new Unavailable(
          awaited.stream().map(Missing::words).collect(Collectors.joining("; "))
              + ". Put it there and start again: nothing is lost.");
    }
    awaited.stream().filter(missing -> told.add(missing.words())).forEach(m -> tell(m, out));
  }

  private static void tell(Missing missing, Publication out) {
    LOG.warn("Waiting: {}", missing);
    out.tell(EventType.EXTRACT_AWAITS)
        .with("what", missing.what())
        .with("file", missing.file())
        .emit();
  }

  /** Whether the file was read as far as it can be. */
  private boolean read(InputFile found, Publication out) throws IOException {
    if (isPutRight(found)) {
      LOG.info("{} is what its manifest says now, and is read", found.path());
      put(identity(found), FilePosition.start(found));
    }
    FilePosition position = position(found);
    if (isRead(found)) {
      confirm(found, out);
      return true;
    }
    Place place = position.next();
    long number = position.rows();
    String prefix = identity(found) + (origin.format().isText() ? ":" : "#");
    Optional<InputFile> delivered;
    try {
      delivered = manifests.isPresent() ? manifests.get().delivered(found) : Optional.of(found);
    } catch (DamagedFileException e) {
      out.tell(EventType.EXTRACT_CONTENT_DIFFERS)
          .with("file", found.name())
          .with("difference", e.reason())
          .emit();
      refuse(out, found, place, number, e);
      if (number == 0) {
        FilePosition unread = FilePosition.unread(found, position.name());
        put(identity(found), unread);
        out.position(identity(found), unread.json());
      }
      return true;
    }
    if (delivered.isEmpty() || isHalf(delivered.get())) {
      return true;
    }
    InputFile file = delivered.get();
    expect(file, out);
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
      place = rows.place();
      move(out, file, rows, place, number, isAll(file, rows));
      if (isDifferent(file)) {
        differs(out, file, place, number);
      }
    } catch (DamagedFileException e) {
      refuse(out, file, place, number, e);
    } catch (NoSuchFileException e) {
      throw moved(file);
    }
    return true;
  }

  /** The next look finds what has become of it. */
  private static TransientException moved(InputFile file) {
    return new TransientException(
        file.path() + " was renamed, deleted or replaced while it was read", null);
  }

  private boolean isRead(InputFile file) {
    FilePosition position = position(file);
    return position.unread() || position.done() && position.bytes() == file.bytes();
  }

  /** The file or its manifest, after it was refused. */
  private boolean isPutRight(InputFile file) throws IOException {
    return position(file).unread() && manifests.isPresent() && manifests.get().agrees(file);
  }

  /** Takes up what the file's manifest says of its rows, unless a reject has said the last word. */
  private void expect(InputFile file, Publication out) {
    OptionalLong rows = rowsExpected(file);
    if (rows.isPresent() && hasBooks && !position(file).refused()) {
      put(identity(file), position(file).expecting(rows));
      out.expect(expected);
    }
  }

  /** Of a file at its end: its manifest may say something else now. */
  private void confirm(InputFile file, Publication out) {
    FilePosition position = position(file);
    OptionalLong rows = rowsExpected(file);
    if (!hasBooks || rows.isEmpty() || rows.equals(position.expected()) || position.refused()) {
      return;
    }
    expect(file, out);
    out.position(identity(file), position(file).json());
    if (isDifferent(file)) {
      tellDifference(out, file);
    }
  }

  private boolean isDifferent(InputFile file) {
    FilePosition position = position(file);
    OptionalLong rows = rowsExpected(file);
    return position.done()
        && !position.refused()
        && rows.isPresent()
        && rows.getAsLong() != position.rows();
  }

  private void differs(Publication out, InputFile file, Place place, long number)
      throws IOException {
    String difference = tellDifference(out, file);
    if (!hasBooks || origin.policies().onMismatch() == OnMismatch.REJECT) {
      refuse(out, file, place, number, new DamagedFileException(file, difference));
    }
  }

  private String tellDifference(Publication out, InputFile file) {
    long rows = position(file).rows();
    String difference = manifests.orElseThrow().difference(file, rows);
    LOG.error("{} {}", file.path(), difference);
    out.tell(EventType.EXTRACT_DIFFERS)
        .with("file", file.name())
        .with("rows", rows)
        .with("expected", rowsExpected(file).orElseThrow())
        .emit();
    return difference;
  }

  private OptionalLong rowsExpected(InputFile file) {
    return manifests.map(said -> said.rows(file)).orElse(OptionalLong.empty());
  }

  /** What is left of it is one reject, if it may be. */
  private void refuse(
      Publication out, InputFile file, Place place, long number, DamagedFileException why)
      throws IOException {
    requireReject(why);
    opener.close(); // whatever the damage has done to it
    LOG.warn("{} {}: what is left of it is one reject", file.path(), why.reason());
    out.unreadable(identity(file), number, new byte[0], why.reason());
    move(out, file, place, file.bytes(), number + 1, true, true);
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
    move(out, file, next, read.bytesOnDisk(next), rows, done, position(file).refused());
  }

  private void move(
      Publication out,
      InputFile file,
      Place next,
      long bytes,
      long rows,
      boolean done,
      boolean refused)
      throws IOException {
    Fingerprint fingerprint = Fingerprint.of(file.path(), bytes);
    if (!file.isThere()) {
      throw moved(file); // the fingerprint may be of the other file
    }
    FilePosition position =
        new FilePosition(
            position(file).name(),
            file.stamp(),
            next,
            bytes,
            rows,
            fingerprint,
            done,
            position(file).expected(),
            refused,
            false);
    put(identity(file), position);
    out.position(identity(file), position.json());
    out.expect(expected);
  }

  private void put(String identity, FilePosition position) {
    FilePosition before = positions.put(identity, position);
    if (before != null && before.expected().isPresent()) {
      expected = expected.minus(before.expected().getAsLong(), before.isConfirmed());
    }
    if (position.expected().isPresent()) {
      expected = expected.plus(position.expected().getAsLong(), position.isConfirmed());
    }
  }

  @Override
  public Optional<Duration> again() {
    return origin.watch();
  }

  private String identity(InputFile file) {
    return identities.getOrDefault(file.path(), file.name());
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
        files.stream().mapToLong(InputFile::bytes).sum(),
        FilePosition.different(positions),
        awaited.size());
  }
}
