package dev.tidemill.extract;

import dev.tidemill.definition.CsvDialect;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.Schema;

/** Opens files of text: CSV and JSON. Thread-safe. */
final class TextOpener implements FileRows.Opener {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Enough to see what a file is. */
  private static final int BEGINNING = 4096;

  private final Origin.Files origin;
  private final TextParsers parsers;

  TextOpener(Origin.Files origin, Schema schema) {
    this.origin = origin;
    this.parsers =
        new TextParsers(
            origin.format(), origin.layout(), schema, new Mismatch(origin.policies().onMismatch()));
  }

  @Override
  public FileRows open(InputFile file, Place from) throws IOException {
    Beginning beginning = beginning(file);
    Place place = from.equals(Place.START) ? beginning.firstRow() : from;
    if (origin.format() == Format.CSV && beginning.isEmpty()) {
      return ParsedRows.none(from); // no header, and no row that would miss it
    }
    RowParser parser = parsers.of(file, beginning.header());
    FileText text = FileText.open(file, origin.layout(), place.offset());
    return new ParsedRows(
        splitter(text, place, file.whole(), beginning.isArray()),
        parser,
        next -> text.bytesOnDisk(next.offset()));
  }

  private RawRows splitter(FileText text, Place place, boolean whole, boolean array) {
    if (array) {
      return new JsonArraySplitter(text, place, whole);
    }
    Optional<CsvDialect> csv =
        origin.format() == Format.CSV ? Optional.of(origin.layout().csv()) : Optional.empty();
    return new RowSplitter(text, place, whole, csv);
  }

  /**
   * What the first bytes of a file tell.
   *
   * @param header the first row, if it is one; otherwise empty
   * @param isArray whether it is one JSON array
   */
  private record Beginning(Place firstRow, byte[] header, boolean isArray, boolean isEmpty) {}

  private Beginning beginning(InputFile file) throws IOException {
    byte[] first;
    try (FileText text = FileText.open(file, origin.layout(), 0)) {
      first = text.readNBytes(BEGINNING);
    }
    Place start = startsWithMark(first) ? new Place(BYTE_ORDER_MARK.length, 1) : Place.START;
    boolean array =
        origin.format() == Format.JSON && isArray(first, Math.toIntExact(start.offset()));
    if (origin.format() != Format.CSV || !origin.layout().csv().header()) {
      return new Beginning(start, new byte[0], array, first.length == start.offset());
    }
    try (FileText text = FileText.open(file, origin.layout(), start.offset())) {
      RawRows rows = splitter(text, start, file.whole(), false);
      byte[] header = rows.next().map(RawRow::bytes).orElse(new byte[0]);
      return new Beginning(rows.place(), header, false, header.length == 0);
    }
  }

  private static boolean startsWithMark(byte[] first) {
    return first.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(Arrays.copyOf(first, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK);
  }

  /** No object begins so, and each line has one. */
  private static boolean isArray(byte[] first, int from) {
    int i = from;
    while (i < first.length && JsonArraySplitter.isBlank(first[i])) {
      i++;
    }
    return i < first.length && first[i] == '[';
  }
}
