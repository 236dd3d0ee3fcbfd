package dev.tidemill.definition;

/**
 * A place in a text file.
 *
 * @param line from 1
 * @param column in the line, in characters (code points), from 1
 */
public record Position(int line, int column) implements Comparable<Position> {

  /** Where a problem is that concerns the file as a whole. */
  public static final Position START = new Position(1, 1);

  public Position {
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("lines and columns count from 1: " + line + ":" + column);
    }
  }

  @Override
  public int compareTo(Position other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
