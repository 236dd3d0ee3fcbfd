package dev.tidemill.extract;

import dev.tidemill.definition.Origin.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/** The rows of one file from a place on, with their parser. Not thread-safe. */
final class FileRows implements AutoCloseable {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final RowSplitter splitter;
  private final RowParser parser;

  private FileRows(RowSplitter splitter, RowParser parser) {
    this.splitter = splitter;
    this.parser = parser;
  }

  /**
   * @param from a place that this class has returned for this file, or {@link Place#START}
   * @throws dev.tidemill.definition.Unavailable if the header does not fit the schema
   */
  static FileRows open(InputFile file, Place from, Format format, RowParsers parsers)
      throws IOException {
    boolean csv = format == Format.CSV;
    byte[] header = new byte[0];
    Place place = from;
    if (csv || from.equals(Place.START)) {
      try (RowSplitter beginning = splitter(file, afterMark(file), csv)) {
        header = csv ? beginning.next().map(RawRow::bytes).orElse(header) : header;
        place = from.equals(Place.START) ? beginning.place() : from;
      }
    }
    // An empty file has no header, and no row that would miss it.
    RowParser parser = csv && header.length == 0 ? bytes -> null : parsers.of(file, header);
    return new FileRows(splitter(file, place, csv), parser);
  }

  private static Place afterMark(InputFile file) throws IOException {
    try (FileChannel channel = FileChannel.open(file.path())) {
      ByteBuffer first = ByteBuffer.allocate(BYTE_ORDER_MARK.length);
      channel.read(first);
      return Arrays.equals(first.array(), BYTE_ORDER_MARK)
          ? new Place(BYTE_ORDER_MARK.length, 1)
          : Place.START;
    }
  }

  private static RowSplitter splitter(InputFile file, Place place, boolean csv) throws IOException {
    FileChannel channel = FileChannel.open(file.path()).position(place.offset());
    InputStream in = Channels.newInputStream(channel);
    return new RowSplitter(in, place, csv);
  }

  Optional<RawRow> next() throws IOException {
    return splitter.next();
  }

  /** Where the next row begins; at the end, the end. */
  Place place() {
    return splitter.place();
  }

  RowParser parser() {
    return parser;
  }

  @Override
  public void close() throws IOException {
    splitter.close();
  }
}
