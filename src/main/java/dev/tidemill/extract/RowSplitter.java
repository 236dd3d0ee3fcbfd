package dev.tidemill.extract;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a file into rows without understanding them: at line ends, but in CSV not at those within
 * quotes. Works on bytes, so that a row's place is exact and reading can begin there again. UTF-8
 * and every other superset of ASCII is safe to cut so. Not thread-safe.
 *
 * <p>A quote that is never closed costs its own line, not the rest of the file.
 */
final class RowSplitter implements AutoCloseable {
  /** A Kafka record takes 1 MiB by default, with its key and headers. */
  static final int MAX_ROW_BYTES = 900_000;

  private static final String UNCLOSED = "a quote is opened and never closed";

  private enum State {
    FIELD_START,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final InputStream in;
  private final boolean quotes;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int limit;
  private boolean atEnd;
  private Place place;

  /**
   * @param in positioned at {@code place}; closed by {@link #close()}
   * @param quotes whether a quoted field may hold line ends
   */
  RowSplitter(InputStream in, Place place, boolean quotes) {
    this.in = in;
    this.place = place;
    this.quotes = quotes;
  }

  /** Where the next row begins. */
  Place place() {
    return place;
  }

  /** The next row that is not blank; empty at the end of the file. The last line needs no end. */
  Optional<RawRow> next() throws IOException {
    while (true) {
      Optional<RawRow> row = nextLine();
      if (row.isEmpty() || row.get().bytes().length > 0) {
        return row;
      }
    }
  }

  private Optional<RawRow> nextLine() throws IOException {
    State state = State.FIELD_START;
    int firstLineEnd = -1;
    int lines = 1;
    for (int length = 0; ; length++) {
      if (start + length == limit && !fill()) {
        if (length == 0) {
          return Optional.empty();
        }
        return Optional.of(last(state == State.QUOTED, length, firstLineEnd));
      }
      if (length > MAX_ROW_BYTES) {
        return Optional.of(firstLineEnd >= 0 ? unclosed(firstLineEnd) : tooLong());
      }
      byte b = buffer[start + length];
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

  private static State after(State state, byte b) {
    return switch (state) {
      case FIELD_START, PLAIN -> {
        if (b == ',') {
          yield State.FIELD_START;
        }
        yield b == '"' && state == State.FIELD_START ? State.QUOTED : State.PLAIN;
      }
      case QUOTED -> b == '"' ? State.QUOTE_IN_QUOTED : State.QUOTED;
      case QUOTE_IN_QUOTED -> {
        if (b == '"') {
          yield State.QUOTED;
        }
        yield b == ',' ? State.FIELD_START : State.PLAIN;
      }
    };
  }

  private RawRow unclosed(int lineEnd) {
    return row(lineEnd, lineEnd + 1, 1, Optional.of(UNCLOSED));
  }

  /** Keeps the beginning and skips to the end of the line. */
  private RawRow tooLong() throws IOException {
    byte[] beginning = Arrays.copyOfRange(buffer, start, start + MAX_ROW_BYTES);
    long skipped = MAX_ROW_BYTES;
    start += MAX_ROW_BYTES;
    boolean ended = false;
    while (!ended && (start < limit || fill())) {
      ended = buffer[start++] == '\n';
      skipped++;
    }
    Place at = place;
    place = new Place(at.offset() + skipped, at.line() + 1);
    String problem =
        "the row has " + skipped + " bytes, the limit is " + MAX_ROW_BYTES + "; this is its start";
    return new RawRow(beginning, at, place, Optional.of(problem));
  }

  private RawRow row(int length, int consumed, int lines, Optional<String> problem) {
    boolean carriageReturn = length > 0 && buffer[start + length - 1] == '\r';
    byte[] bytes =
        Arrays.copyOfRange(buffer, start, start + (carriageReturn ? length - 1 : length));
    Place at = place;
    place = new Place(at.offset() + consumed, at.line() + lines);
    start += consumed;
    return new RawRow(bytes, at, place, problem);
  }

  /** Reads on; what is between {@code start} and {@code limit} stays, though it may move. */
  private boolean fill() throws IOException {
    if (atEnd) {
      return false;
    }
    System.arraycopy(buffer, start, buffer, 0, limit - start);
    limit -= start;
    start = 0;
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, limit, buffer.length - limit);
    atEnd = count < 0;
    limit += Math.max(count, 0);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
