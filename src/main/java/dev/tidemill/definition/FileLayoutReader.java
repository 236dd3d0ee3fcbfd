package dev.tidemill.definition;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.FileLayout.Compression;
import dev.tidemill.definition.Origin.Format;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code compression}, {@code encoding} and {@code csv} of {@code file:}. */
final class FileLayoutReader {
  private static final List<String> COMPRESSIONS = List.of("none", "gzip", "zstd");

  private FileLayoutReader() {}

  static Optional<FileLayout> read(Section file, Optional<Format> format) {
    Optional<Optional<Compression>> compression =
        file.text("compression", text -> Optional.of(compression(text)), Optional.empty());
    Optional<Charset> encoding = file.text("encoding", FileLayoutReader::encoding, UTF_8);
    Optional<CsvDialect> csv =
        file.has("csv")
            ? file.section("csv", Vocabulary.CSV).flatMap(FileLayoutReader::csv)
            : Optional.of(CsvDialect.RFC_4180);
    if (file.has("csv") && format.isPresent() && format.get() != Format.CSV) {
      file.problemAtKey("csv", "'csv' is for format: csv; remove it");
    }
    if (format.isPresent() && !format.get().isText()) {
      for (String key : file.written("compression", "encoding")) {
        file.problemAtKey(
            key, "'" + key + "' is for text; files of this format say it themselves; remove it");
      }
    }
    return compression.isEmpty() || encoding.isEmpty() || csv.isEmpty()
        ? Optional.empty()
        : Optional.of(new FileLayout(compression.get(), encoding.get(), csv.get()));
  }

  private static Compression compression(String text) {
    if (!COMPRESSIONS.contains(text)) {
      throw new IllegalArgumentException(
          "unknown compression '%s'%s"
              .formatted(text, Nearest.hint(text, COMPRESSIONS, "write one of")));
    }
    return Compression.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static Charset encoding(String text) {
    try {
      return Charset.forName(text);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "unknown encoding '%s'; write a name such as UTF-8, UTF-16LE, ISO-8859-1 or windows-1252"
              .formatted(text),
          e);
    }
  }

  private static Optional<CsvDialect> csv(Section csv) {
    CsvDialect usual = CsvDialect.RFC_4180;
    Optional<Character> delimiter =
        csv.text("delimiter", FileLayoutReader::delimiter, usual.delimiter());
    Optional<Character> quote = csv.text("quote", text -> one("quote", text), usual.quote());
    Optional<Boolean> header = csv.bool("header", usual.header());
    Optional<Optional<String>> nullText = csv.text("null-text", Optional::of, usual.nullText());
    if (delimiter.isEmpty() || quote.isEmpty() || header.isEmpty() || nullText.isEmpty()) {
      return Optional.empty();
    }
    if (delimiter.get().equals(quote.get())) {
      csv.problem("'delimiter' and 'quote' are the same; they have to differ");
      return Optional.empty();
    }
    return Optional.of(new CsvDialect(delimiter.get(), quote.get(), header.get(), nullText.get()));
  }

  private static char delimiter(String text) {
    return text.equals("tab") ? '\t' : one("delimiter", text);
  }

  private static char one(String key, String text) {
    if (text.length() != 1
        || text.charAt(0) < ' ' && text.charAt(0) != '\t'
        || text.charAt(0) > '~') {
      throw new IllegalArgumentException(
          "'%s' can not be a %s; write one ASCII character%s"
              .formatted(text, key, key.equals("delimiter") ? ", or tab" : ""));
    }
    return text.charAt(0);
  }
}
