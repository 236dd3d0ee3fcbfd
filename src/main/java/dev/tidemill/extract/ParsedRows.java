package dev.tidemill.extract;

import dev.tidemill.schema.DecodeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Rows that are cut first and understood then. Not thread-safe. */
final class ParsedRows implements FileRows {
  private final RawRows rows;
  private final RowParser parser;
  private final OnDisk onDisk;

  /** See {@link FileRows#bytesOnDisk}. */
  interface OnDisk {
    long bytes(Place next) throws IOException;
  }

  /**
   * @param rows closed by {@link #close}
   */
  ParsedRows(RawRows rows, RowParser parser, OnDisk onDisk) {
    this.rows = rows;
    this.parser = parser;
    this.onDisk = onDisk;
  }

  static ParsedRows none(Place from) {
    RawRows rows = new RowSplitter(InputStream.nullInputStream(), from, true, Optional.empty());
    return new ParsedRows(rows, bytes -> null, Place::offset);
  }

  @Override
  public Optional<FileRow> next() throws IOException {
    return rows.next().map(row -> new Row(row, parser));
  }

  private record Row(RawRow row, RowParser parser) implements FileRow {
    @Override
    public Place place() {
      return row.place();
    }

    @Override
    public Place next() {
      return row.next();
    }

    @Override
    public byte[] raw() {
      return row.bytes();
    }

    @Override
    public Object[] values() throws DecodeException {
      if (row.problem().isPresent()) {
        throw new DecodeException(row.problem().get());
      }
      return parser.parse(row.bytes());
    }
  }

  @Override
  public Place place() {
    return rows.place();
  }

  @Override
  public long bytesOnDisk(Place next) throws IOException {
    return onDisk.bytes(next);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
