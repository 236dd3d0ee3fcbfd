package dev.tidemill.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How rows lie in the files of a source, beside their format.
 *
 * @param compression of all files; empty: each as the end of its name says
 * @param encoding of their text
 * @param csv only for that format
 */
public record FileLayout(Optional<Compression> compression, Charset encoding, CsvDialect csv) {
  public static final FileLayout PLAIN =
      new FileLayout(Optional.empty(), UTF_8, CsvDialect.RFC_4180);

  private static final List<String> GZIP_ENDINGS = List.of(".gz");
  private static final List<String> ZSTD_ENDINGS = List.of(".zst", ".zstd");

  /** How a whole file is packed. */
  public enum Compression {
    NONE,
    /** RFC 1952; several members one behind the other are one file. */
    GZIP,
    /** RFC 8878; several frames likewise. */
    ZSTD
  }

  public FileLayout {
    requireNonNull(compression, "compression");
    requireNonNull(encoding, "encoding");
    requireNonNull(csv, "csv");
  }

  /** Of one file. */
  public Compression compression(String fileName) {
    if (compression.isPresent()) {
      return compression.get();
    }
    if (GZIP_ENDINGS.stream().anyMatch(fileName::endsWith)) {
      return Compression.GZIP;
    }
    return ZSTD_ENDINGS.stream().anyMatch(fileName::endsWith) ? Compression.ZSTD : Compression.NONE;
  }

  /** The end of a name that says that the file is packed, such as {@code .gz}; empty if none. */
  static Optional<String> packing(String fileName) {
    return Stream.concat(GZIP_ENDINGS.stream(), ZSTD_ENDINGS.stream())
        .filter(fileName::endsWith)
        .findFirst();
  }
}
