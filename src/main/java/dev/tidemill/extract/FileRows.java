package dev.tidemill.extract;

import dev.tidemill.definition.CsvDialect;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** The rows of one file from a place on, with their parser. Not thread-safe. */
final class FileRows implements AutoCloseable {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Enough to see what a file is. */
  private static final int BEGINNING = 4096;

  private final RawRows rows;
  private final RowParser parser;
  private final OnDisk onDisk;

  /** How much of the file on the disk it takes to read up to a place. */
  private interface OnDisk {
    long bytes(Place next) throws IOException;
  }

  private FileRows(RawRows rows, RowParser parser, OnDisk onDisk) {
    this.rows = rows;
    this.parser = parser;
    this.onDisk = onDisk;
  }

  /**
   * @param from a place that this class has returned for this file, or {@link Place#START}
   * @throws dev.tidemill.definition.Unavailable if the header does not fit the schema, or the file
   *     can not be unpacked
   */
  static FileRows open(InputFile file, Place from, Origin.Files origin, RowParsers parsers)
      throws IOException {
    return origin.format() == Format.AVRO
        ? avro(file, from, parsers)
        : text(file, from, origin, parsers);
  }

  private static FileRows avro(InputFile file, Place from, RowParsers parsers) throws IOException {
    Optional<AvroRows> opened = AvroRows.open(file, from);
    if (opened.isEmpty()) {
      return none(from);
    }
    AvroRows rows = opened.get();
    try {
      return new FileRows(rows, parsers.of(file, rows.schema()), Place::offset);
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  private static FileRows text(InputFile file, Place from, Origin.Files origin, RowParsers parsers)
      throws IOException {
    Beginning beginning = Beginning.of(file, origin);
    Place place = from.equals(Place.START) ? beginning.firstRow() : from;
    if (origin.format() == Format.CSV && beginning.isEmpty()) {
      return none(from); // no header, and no row that would miss it
    }
    RowParser parser = parsers.of(file, beginning.header());
    FileText text = FileText.open(file, origin.layout(), place.offset());
    return new FileRows(
        splitter(text, place, file.whole(), origin, beginning.isArray()),
        parser,
        next -> text.bytesOnDisk(next.offset()));
  }

  private static FileRows none(Place from) {
    RawRows rows = new RowSplitter(InputStream.nullInputStream(), from, true, Optional.empty());
    return new FileRows(rows, bytes -> null, Place::offset);
  }

  private static RawRows splitter(
      FileText text, Place place, boolean whole, Origin.Files origin, boolean array) {
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
  private record Beginning(Place firstRow, byte[] header, boolean isArray, boolean isEmpty) {
    static Beginning of(InputFile file, Origin.Files origin) throws IOException {
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
        RawRows rows = splitter(text, start, file.whole(), origin, false);
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

  Optional<RawRow> next() throws IOException {
    return rows.next();
  }

  /** Where the next row begins; at the end, the end. */
  Place place() {
    return rows.place();
  }

  /** How much of the file on the disk it takes to read up to a place. */
  long bytesOnDisk(Place next) throws IOException {
    return onDisk.bytes(next);
  }

  RowParser parser() {
    return parser;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
