package dev.tidemill.definition;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The text of a file as code points, the unit in which SnakeYAML's marks count. Immutable. */
final class FileText {
  private final int[] codePoints;
  private final int[] lineStarts;

  FileText(String text) {
    codePoints = text.codePoints().toArray();
    lineStarts =
        IntStream.concat(
                IntStream.of(0),
                IntStream.rangeClosed(1, codePoints.length).filter(i -> endsLine(i - 1)))
            .toArray();
  }

  int length() {
    return codePoints.length;
  }

  /** The code point at {@code index}, or -1 behind the end. */
  int at(int index) {
    return index < codePoints.length ? codePoints[index] : -1;
  }

  /** The place of {@code index}; behind the end, the end. */
  Position positionOf(int index) {
    int place = Math.min(index, codePoints.length);
    int found = Arrays.binarySearch(lineStarts, place);
    int line = found >= 0 ? found : -found - 2;
    return new Position(line + 1, place - lineStarts[line] + 1);
  }

  private boolean endsLine(int index) {
    return at(index) == '\n' || at(index) == '\r' && at(index + 1) != '\n';
  }
}
