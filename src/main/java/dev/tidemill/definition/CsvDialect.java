package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How a CSV file is written, where it is not as RFC 4180 says.
 *
 * @param delimiter between fields, one byte in UTF-8
 * @param quote around fields that hold delimiters, quotes or line ends; one byte in UTF-8
 * @param header whether the first row names the columns; otherwise they are the schema's, in its
 *     order
 * @param nullText what stands for NULL; empty: an empty field does
 */
public record CsvDialect(char delimiter, char quote, boolean header, Optional<String> nullText) {
  public static final CsvDialect RFC_4180 = new CsvDialect(',', '"', true, Optional.empty());

  private static final int FIRST_OF_TWO_BYTES = 0x80;

  public CsvDialect {
    requireNonNull(nullText, "nullText");
    requireOneByte(delimiter);
    requireOneByte(quote);
    if (delimiter == quote) {
      throw new IllegalArgumentException("delimiter and quote are the same: " + quote);
    }
  }

  private static void requireOneByte(char c) {
    if (c >= FIRST_OF_TWO_BYTES || c == '\n' || c == '\r' || c == 0) {
      throw new IllegalArgumentException("not a delimiter or quote: " + (int) c);
    }
  }
}
