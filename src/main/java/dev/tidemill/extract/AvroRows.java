package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.AvroBlock;
import dev.tidemill.schema.AvroRecords;
import dev.tidemill.schema.DecodeException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SystemLimitException;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.file.SeekableFileInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * The records of an Avro object container. Not thread-safe.
 *
 * <p>What is damaged of a block is one row that can not be read, and reading goes on with the next
 * block. Avro's reader allocates whatever length is written, so a block's is checked before.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#object-container-files">Object
 *     Container Files</a>
 */
final class AvroRows implements RawRows {
  private static final int SYNC_BYTES = DataFileConstants.SYNC_SIZE;

  /** Two numbers of at most ten bytes. */
  private static final int MAX_HEADER_BYTES = 20;

  /** Rows without a byte cost nothing on the disk; more of them in a block are no data. */
  private static final int MAX_EMPTY_ROWS = 1_000;

  private final InputFile file;
  private final FileChannel channel;
  private final DataFileReader<Object> container;
  private final byte[] sync;
  private Place place;

  /** The block that {@link #place} is in, if it is unpacked. */
  private Optional<Open> open = Optional.empty();

  /**
   * A block as it lies on the disk.
   *
   * @param start of its header
   * @param size of its data
   * @param next behind its marker
   */
  private record Block(long start, long count, long size, long next) {}

  private record Open(Block block, AvroBlock rows) {}

  private AvroRows(
      InputFile file, FileChannel channel, DataFileReader<Object> container, Place from)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.container = container;
    long first = container.previousSync();
    this.sync = read(first - SYNC_BYTES, SYNC_BYTES);
    this.place = from.equals(Place.START) ? new Place(first, 1) : from;
  }

  /**
   * No rows if the file is still written and has no whole header yet.
   *
   * @param from a place that this class has returned, or {@link Place#START}
   * @throws Unavailable if it is not a container, or its schema can not be read as the source's and
   *     the policy is to stop
   */
  static FileRows open(InputFile file, Place from, Schema schema, Mismatch mismatch)
      throws IOException {
    Optional<DataFileReader<Object>> container = container(file);
    if (container.isEmpty()) {
      return ParsedRows.none(from);
    }
    try {
      RowParser parser = parser(file, container.get().getSchema(), schema, mismatch);
      FileChannel channel = FileChannel.open(file.path());
      return new ParsedRows(
          new AvroRows(file, channel, container.get(), from), parser, Place::offset);
    } catch (IOException | RuntimeException e) {
      container.get().close();
      throw e;
    }
  }

  private static RowParser parser(InputFile file, Schema writer, Schema schema, Mismatch mismatch) {
    AvroRecords records = new AvroRecords(writer, schema);
    return records.problems().isEmpty()
        ? records::decode
        : mismatch.parser(file.path().toString(), String.join("; ", records.problems()));
  }

  private static Optional<DataFileReader<Object>> container(InputFile file) throws IOException {
    SeekableFileInput in = new SeekableFileInput(file.path().toFile());
    try {
      return Optional.of(new DataFileReader<>(in, new GenericDatumReader<>()));
    } catch (IOException | AvroRuntimeException e) {
      in.close();
      if (!file.whole()) {
        return Optional.empty();
      }
      throw new DamagedFileException(
          file,
          "is not an Avro object container (%s): it has another format, or is not written to its end"
              .formatted(e.getMessage()),
          e);
    }
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public Optional<RawRow> next() throws IOException {
    while (open.isEmpty()) {
      if (place.offset() >= file.bytes()) {
        return Optional.empty();
      }
      Optional<Block> block;
      try {
        block = block(place.offset());
      } catch (DecodeException e) {
        return upToNextBlock(e);
      }
      if (block.isEmpty()) {
        return cutOff();
      }
      try {
        enter(block.get());
      } catch (DecodeException e) {
        return Optional.of(damaged(block.get(), e));
      }
    }
    return Optional.of(row(open.get()));
  }

  /**
   * @return empty if the file ends before the block
   * @throws DecodeException if no block begins there
   */
  private Optional<Block> block(long start) throws IOException, DecodeException {
    byte[] header = read(start, MAX_HEADER_BYTES);
    BinaryDecoder numbers = DecoderFactory.get().binaryDecoder(header, null);
    long count;
    long size;
    try {
      count = numbers.readLong();
      size = numbers.readLong();
    } catch (EOFException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new DecodeException("no block begins here");
    }
    long data = start + header.length - numbers.inputStream().available();
    if (count < 0 || size < 0) {
      throw new DecodeException("a block of " + count + " rows in " + size + " bytes");
    }
    if (size > file.bytes() - data - SYNC_BYTES) {
      if (blockBehind(start).isPresent()) {
        throw new DecodeException("a block of " + size + " bytes, but another one begins before");
      }
      return Optional.empty();
    }
    if (!Arrays.equals(read(data + size, SYNC_BYTES), sync)) {
      throw new DecodeException("a block of " + size + " bytes without the marker behind it");
    }
    return Optional.of(new Block(start, count, size, data + size + SYNC_BYTES));
  }

  private void enter(Block block) throws IOException, DecodeException {
    if (block.count() == 0) {
      place = new Place(block.next(), place.line());
      return;
    }
    byte[] unpacked = unpacked(block);
    if (block.count() - MAX_EMPTY_ROWS > unpacked.length) {
      throw new DecodeException(block.count() + " rows in " + unpacked.length + " bytes");
    }
    AvroBlock rows = new AvroBlock(container.getSchema(), unpacked);
    for (long i = 0; i < place.behind(); i++) {
      rows.next();
    }
    open = Optional.of(new Open(block, rows));
  }

  private byte[] unpacked(Block block) throws IOException, DecodeException {
    if (block.size() > SystemLimitException.MAX_DECOMPRESS_LENGTH) {
      throw new DecodeException(
          "a block of %d bytes, the limit is %d"
              .formatted(block.size(), SystemLimitException.MAX_DECOMPRESS_LENGTH));
    }
    try {
      container.seek(block.start());
      return bytes(container.nextBlock());
    } catch (RuntimeException e) {
      return unpacked(read(block.start(), block.next() - block.start()));
    }
  }

  /** Once more from the heap: now it can not be the disk. */
  private byte[] unpacked(byte[] block) throws IOException, DecodeException {
    try (DataFileReader<Object> reader =
        DataFileReader.openReader(
            new SeekableByteArrayInput(block),
            new GenericDatumReader<>(),
            container.getHeader(),
            false)) {
      return bytes(reader.nextBlock());
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new DecodeException("it can not be unpacked (" + cause.getMessage() + ")");
    }
  }

  private static byte[] bytes(ByteBuffer block) {
    byte[] bytes = new byte[block.remaining()];
    block.get(bytes);
    return bytes;
  }

  private RawRow row(Open in) {
    Place at = place;
    Block block = in.block();
    long left = block.count() - at.behind();
    if (left == 0) {
      leave(block, 1);
      return reject(
          in.rows().rest(), at, in.rows().remaining() + " bytes are left behind the block's rows");
    }
    byte[] bytes;
    try {
      bytes = in.rows().next();
    } catch (DecodeException e) {
      leave(block, left);
      return reject(
          in.rows().rest(),
          at,
          "this and what is behind it in its block, %d rows, can not be read: %s"
              .formatted(left, e.getMessage()));
    }
    if (left == 1 && in.rows().remaining() == 0) {
      leave(block, 1);
    } else {
      place = new Place(block.start(), at.behind() + 1, at.line() + 1);
    }
    return bytes.length > RowSplitter.MAX_ROW_BYTES
        ? reject(bytes, at, RowSplitter.tooLong(bytes.length))
        : new RawRow(bytes, at, place, Optional.empty());
  }

  private void leave(Block block, long rows) {
    place = new Place(block.next(), place.line() + rows);
    open = Optional.empty();
  }

  private RawRow damaged(Block block, DecodeException e) throws IOException {
    Place at = place;
    long rows = Math.min(Math.max(block.count() - at.behind(), 1), Integer.MAX_VALUE);
    leave(block, rows);
    return reject(
        read(block.start(), Math.min(block.size(), RowSplitter.MAX_ROW_BYTES)),
        at,
        "a block of %d rows is damaged: %s".formatted(rows, e.getMessage()));
  }

  /** How many rows that were is not known: they count as one. */
  private Optional<RawRow> upToNextBlock(DecodeException e) throws IOException {
    Place at = place;
    Optional<Long> next = blockBehind(at.offset());
    if (next.isEmpty()) {
      return cutOff();
    }
    long lost = next.get() - at.offset();
    place = new Place(next.get(), at.line() + 1);
    return Optional.of(
        reject(
            read(at.offset(), Math.min(lost, RowSplitter.MAX_ROW_BYTES)),
            at,
            "%d bytes from byte %d on are damaged, with all rows in them: %s"
                .formatted(lost, at.offset(), e.getMessage())));
  }

  private Optional<Long> blockBehind(long position) throws IOException {
    container.sync(position);
    long found = container.previousSync();
    boolean isMarker =
        found <= file.bytes() && Arrays.equals(read(found - SYNC_BYTES, SYNC_BYTES), sync);
    return isMarker && found > position ? Optional.of(found) : Optional.empty();
  }

  private Optional<RawRow> cutOff() {
    if (!file.whole()) {
      return Optional.empty();
    }
    throw new DamagedFileException(
        file,
        "ends within a block, which begins at byte %d behind row %d: it is damaged, or not written to its end"
            .formatted(place.offset(), place.line() - 1));
  }

  private RawRow reject(byte[] bytes, Place at, String problem) {
    byte[] beginning = Arrays.copyOf(bytes, Math.min(bytes.length, RowSplitter.MAX_ROW_BYTES));
    return new RawRow(beginning, at, place, Optional.of(problem));
  }

  /** Fewer at the end of the file. */
  private byte[] read(long from, long count) throws IOException {
    ByteBuffer into =
        ByteBuffer.allocate((int) Math.max(0, Math.min(count, channel.size() - from)));
    while (into.hasRemaining() && channel.read(into, from + into.position()) >= 0) {
      // until all is there
    }
    return Arrays.copyOf(into.array(), into.position());
  }

  @Override
  public void close() throws IOException {
    try {
      container.close();
    } finally {
      channel.close();
    }
  }
}
