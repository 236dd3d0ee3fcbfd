package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.FileLayout.Compression;
import dev.tidemill.definition.Unavailable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.io.input.ReaderInputStream;

/**
 * The text of a file: unpacked, and in UTF-8, whatever lies on the disk. Offsets are those of that
 * text. Not thread-safe.
 */
final class FileText extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  /** Beyond so much text, a file that unpacks to {@link #MOST_TIMES} its size is no data. */
  private static final long ALWAYS_ALLOWED = 256L << 20;

  private static final int MOST_TIMES = 200;

  private final InputFile file;
  private final FileChannel channel;
  private final boolean raw;
  private long read;

  private FileText(InputStream text, InputFile file, FileChannel channel, boolean raw) {
    super(text);
    this.file = file;
    this.channel = channel;
    this.raw = raw;
  }

  /**
   * @param offset where to begin, in bytes of the text; what is packed has to be unpacked up to
   *     there
   * @throws Unavailable if it ends before, or can not be unpacked
   */
  static FileText open(InputFile file, FileLayout layout, long offset) throws IOException {
    Compression compression = layout.compression(file.name());
    boolean raw = compression == Compression.NONE && isUtf8(layout.encoding());
    FileChannel channel = FileChannel.open(file.path());
    try {
      if (raw) {
        channel.position(offset);
        return new FileText(Channels.newInputStream(channel), file, channel, true);
      }
      InputStream bytes = Channels.newInputStream(channel);
      FileText text =
          new FileText(
              utf8(unpacked(bytes, compression, file), layout.encoding()), file, channel, false);
      text.skipTo(offset);
      return text;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isUtf8(Charset encoding) {
    return encoding.equals(UTF_8) || encoding.equals(US_ASCII);
  }

  private static InputStream unpacked(InputStream bytes, Compression compression, InputFile file)
      throws IOException {
    if (file.bytes() == 0) {
      return bytes;
    }
    try {
      return switch (compression) {
        case NONE -> bytes;
        case GZIP -> new GZIPInputStream(bytes, BUFFER);
        case ZSTD -> new ZstdInputStreamNoFinalizer(bytes);
      };
    } catch (ZipException | EOFException e) {
      throw broken(file, e);
    }
  }

  /** What is not a character becomes U+FFFD. */
  private static InputStream utf8(InputStream bytes, Charset encoding) throws IOException {
    if (isUtf8(encoding)) {
      return bytes;
    }
    return ReaderInputStream.builder()
        .setReader(
            new java.io.InputStreamReader(
                bytes,
                encoding
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)))
        .setCharset(UTF_8)
        .setBufferSize(BUFFER)
        .get();
  }

  private void skipTo(long offset) throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (read < offset) {
      if (read(buffer, 0, (int) Math.min(buffer.length, offset - read)) < 0) {
        throw new Unavailable(
            file.path()
                + " ends before the place up to which it was published; put the whole file back,"
                + " or give the new content a new name");
      }
    }
  }

  /**
   * How much of the file, as it lies on the disk, is needed for the text that was read so far.
   *
   * @param offset up to where it was read, in bytes of the text
   */
  long bytesOnDisk(long offset) throws IOException {
    return raw ? offset : channel.position();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int count;
    try {
      count = super.read(into, from, length);
    } catch (ZipException | EOFException | ZstdIOException e) {
      throw broken(file, e);
    }
    read += Math.max(count, 0);
    if (!raw && read > ALWAYS_ALLOWED && read / MOST_TIMES > file.bytes()) {
      throw new Unavailable(
          "%s unpacks to more than %d times its size; that is a decompression bomb, not data. If it is data, unpack it first."
              .formatted(file.path(), MOST_TIMES));
    }
    return count;
  }

  private static DamagedFileException broken(InputFile file, IOException e) {
    return new DamagedFileException(
        file,
        "can not be unpacked (%s): it is damaged, or not written to its end, or 'compression' is another one"
            .formatted(e.getMessage() == null ? "it ends too early" : e.getMessage()),
        e);
  }
}
