package dev.tidemill.definition;

/** The text of a file as code points, the unit in which SnakeYAML's marks count. Immutable. */
final class FileText {
  private final int[] codePoints;

  FileText(String text) {
    codePoints = text.codePoints().toArray();
  }

  int length() {
    return codePoints.length;
  }

  /** The code point at {@code index}, or -1 behind the end. */
  int at(int index) {
    return index < codePoints.length ? codePoints[index] : -1;
  }

  Position positionOf(int index) {
    int line = 1;
    int lineStart = 0;
    int end = Math.min(index, codePoints.length);
    for (int i = 0; i < end; i++) {
      if (codePoints[i] == '\n' || codePoints[i] == '\r' && at(i + 1) != '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Position(line, end - lineStart + 1);
  }
}
