package dev.tidemill.extract;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a file that is one JSON array into its elements, by brackets and strings alone, so that a
 * row's place is exact and reading can begin there again. What is wrong within an element is the
 * parser's business. Not thread-safe.
 *
 * <p>Behind a bracket that is never closed no element can be found: the rest is one row that can
 * not be read.
 */
final class JsonArraySplitter implements RawRows {
  private final ByteWindow window;
  private final boolean whole;
  private Place place;

  /**
   * @param in positioned at {@code place}; closed by {@link #close()}
   * @param whole whether the stream's end ends the last element; else it is left for another time
   * @param place the array's beginning, or one that this class has returned
   */
  JsonArraySplitter(InputStream in, Place place, boolean whole) {
    this.window = new ByteWindow(in);
    this.whole = whole;
    this.place = place;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public Optional<RawRow> next() throws IOException {
    skipBetween();
    if (window.start == window.limit) {
      return Optional.empty();
    }
    Nesting nesting = new Nesting();
    Optional<byte[]> beginning = Optional.empty(); // of one that is too long to be held
    int held = 0;
    long length = 0;
    int lines = 0;
    boolean ended = false;
    while (!ended && (window.start + held < window.limit || window.fill())) {
      byte b = window.bytes[window.start + held];
      if (nesting.isOutside() && (b == ',' || b == ']')) {
        ended = true;
        continue;
      }
      nesting.take(b);
      lines += b == '\n' ? 1 : 0;
      held++;
      length++;
      if (held > RowSplitter.MAX_ROW_BYTES) {
        beginning = beginning.or(() -> Optional.of(window.first(RowSplitter.MAX_ROW_BYTES)));
        window.start += held;
        held = 0;
      }
    }
    if (!ended && !whole) {
      return Optional.empty();
    }
    byte[] bytes = beginning.orElse(stripped(window.first(held)));
    window.start += held;
    Place at = place;
    place = new Place(at.offset() + length, at.line() + lines);
    return Optional.of(
        new RawRow(bytes, at, place, problem(beginning.isPresent(), length, nesting)));
  }

  private static Optional<String> problem(boolean tooLong, long length, Nesting nesting) {
    if (!nesting.isOutside()) {
      return Optional.of("the file ends within this element: a bracket or a quote is open");
    }
    return tooLong ? Optional.of(RowSplitter.tooLong(length)) : Optional.empty();
  }

  /** The array's own brackets, commas and white space. */
  private void skipBetween() throws IOException {
    while (window.start < window.limit || window.fill()) {
      byte b = window.bytes[window.start];
      if (!isBlank(b) && b != ',' && b != '[' && b != ']') {
        return;
      }
      window.start++;
      place = new Place(place.offset() + 1, place.line() + (b == '\n' ? 1 : 0));
    }
  }

  private static byte[] stripped(byte[] element) {
    int end = element.length;
    while (end > 0 && isBlank(element[end - 1])) {
      end--;
    }
    return Arrays.copyOf(element, end);
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Whether a place in JSON is within an object, an array or a string. */
  private static final class Nesting {
    private int depth;
    private boolean string;
    private boolean escaped;

    boolean isOutside() {
      return depth == 0 && !string;
    }

    void take(byte b) {
      if (string) {
        string = escaped || b != '"';
        escaped = !escaped && b == '\\';
      } else if (b == '"') {
        string = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (depth > 0 && (b == '}' || b == ']')) {
        depth--;
      }
    }
  }

  @Override
  public void close() throws IOException {
    window.close();
  }
}
