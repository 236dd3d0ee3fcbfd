package dev.tidemill.extract;

import dev.tidemill.definition.CsvDialect;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Cuts a file into rows without understanding them: at line ends, but in CSV not at those within
 * quotes. Works on bytes, so that a row's place is exact and reading can begin there again. UTF-8
 * and every other superset of ASCII is safe to cut so. Not thread-safe.
 *
 * <p>A quote that is never closed costs its own line, not the rest of the file.
 */
final class RowSplitter implements RawRows {
  /** A Kafka record takes 1 MiB by default, with its key and headers. */
  static final int MAX_ROW_BYTES = 900_000;

  private static final String UNCLOSED = "a quote is opened and never closed";

  private enum State {
    FIELD_START,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final ByteWindow window;
  private final boolean whole;
  private final boolean quotes;
  private final byte delimiter;
  private final byte quote;
  private Place place;

  /**
   * @param in positioned at {@code place}; closed by {@link #close()}
   * @param whole whether the stream's end ends the last row; else it is left for another time
   * @param csv whose quoted fields may hold line ends; empty: each line is a row
   */
  RowSplitter(InputStream in, Place place, boolean whole, Optional<CsvDialect> csv) {
    this.window = new ByteWindow(in);
    this.place = place;
    this.whole = whole;
    this.quotes = csv.isPresent();
    this.delimiter = (byte) (int) csv.map(CsvDialect::delimiter).orElse('\n');
    this.quote = (byte) (int) csv.map(CsvDialect::quote).orElse('\n');
  }

  @Override
  public Place place() {
    return place;
  }

  /**
   * The next row that is not blank; empty at the end of the file. The last line of a whole file
   * needs no end.
   */
  @Override
  public Optional<RawRow> next() throws IOException {
    while (true) {
      Optional<RawRow> row = nextLine();
      if (row.isEmpty() || row.get().bytes().length > 0) {
        return row;
      }
    }
  }

  private Optional<RawRow> nextLine() throws IOException {
    int plain = plainLength();
    return plain >= 0 ? Optional.of(row(plain, plain + 1, 1, Optional.empty())) : nextWithQuotes();
  }

  /** Of a row without quotes that is there up to its end; negative: it has to be looked at. */
  private int plainLength() {
    byte[] bytes = window.bytes;
    int end = Math.min(window.limit, window.start + MAX_ROW_BYTES + 1);
    for (int i = window.start; i < end; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        return i - window.start;
      }
      if (b == quote) {
        return -1;
      }
    }
    return -1;
  }

  private Optional<RawRow> nextWithQuotes() throws IOException {
    State state = State.FIELD_START;
    int firstLineEnd = -1;
    int lines = 1;
    for (int length = 0; ; length++) {
      if (window.start + length == window.limit && !window.fill()) {
        if (length == 0 || !whole) {
          return Optional.empty();
        }
        return Optional.of(last(state == State.QUOTED, length, firstLineEnd));
      }
      if (length > MAX_ROW_BYTES) {
        return Optional.of(firstLineEnd >= 0 ? unclosed(firstLineEnd) : tooLong());
      }
      byte b = window.bytes[window.start + length];
      if (b == '\n') {
        if (state != State.QUOTED) {
          return Optional.of(row(length, length + 1, lines, Optional.empty()));
        }
        firstLineEnd = firstLineEnd < 0 ? length : firstLineEnd;
        lines++;
      } else if (quotes) {
        state = after(state, b);
      }
    }
  }

  private RawRow last(boolean open, int length, int firstLineEnd) {
    if (!open) {
      return row(length, length, 1, Optional.empty());
    }
    return firstLineEnd < 0
        ? row(length, length, 1, Optional.of(UNCLOSED))
        : unclosed(firstLineEnd);
  }

  private State after(State state, byte b) {
    return switch (state) {
      case FIELD_START, PLAIN -> {
        if (b == delimiter) {
          yield State.FIELD_START;
        }
        yield b == quote && state == State.FIELD_START ? State.QUOTED : State.PLAIN;
      }
      case QUOTED -> b == quote ? State.QUOTE_IN_QUOTED : State.QUOTED;
      case QUOTE_IN_QUOTED -> {
        if (b == quote) {
          yield State.QUOTED;
        }
        yield b == delimiter ? State.FIELD_START : State.PLAIN;
      }
    };
  }

  private RawRow unclosed(int lineEnd) {
    return row(lineEnd, lineEnd + 1, 1, Optional.of(UNCLOSED));
  }

  /** Keeps the beginning and skips to the end of the line. */
  private RawRow tooLong() throws IOException {
    byte[] beginning = window.first(MAX_ROW_BYTES);
    long skipped = MAX_ROW_BYTES;
    window.start += MAX_ROW_BYTES;
    boolean ended = false;
    while (!ended && (window.start < window.limit || window.fill())) {
      ended = window.bytes[window.start++] == '\n';
      skipped++;
    }
    Place at = place;
    place = new Place(at.offset() + skipped, at.line() + 1);
    return new RawRow(beginning, at, place, Optional.of(tooLong(skipped)));
  }

  static String tooLong(long bytes) {
    return "the row has " + bytes + " bytes, the limit is " + MAX_ROW_BYTES + "; this is its start";
  }

  private RawRow row(int length, int consumed, int lines, Optional<String> problem) {
    boolean carriageReturn = length > 0 && window.bytes[window.start + length - 1] == '\r';
    byte[] bytes = window.first(carriageReturn ? length - 1 : length);
    Place at = place;
    place = new Place(at.offset() + consumed, at.line() + lines);
    window.start += consumed;
    return new RawRow(bytes, at, place, problem);
  }

  @Override
  public void close() throws IOException {
    window.close();
  }
}
