package dev.tidemill.sql;

import java.util.Comparator;

/**
 * Where a row comes from, and so its place among the rows of its batch. It depends on the log
 * alone, unlike the order in which rows arrive.
 *
 * @param eventTime ms since 1970
 * @param source the index of its topic and partition
 * @param offset in the partition
 * @param branch which of the record's rows: by the reading of the source, and by the element of an
 *     array that is unnested
 */
public record Place(long eventTime, int source, long offset, int branch)
    implements Comparable<Place> {

  /** For aggregates to which the place does not matter. */
  public static final Place NONE = new Place(0, 0, 0, 0);

  private static final Comparator<Place> ORDER =
      Comparator.comparingLong(Place::eventTime)
          .thenComparingInt(Place::source)
          .thenComparingLong(Place::offset)
          .thenComparingInt(Place::branch);

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  void write(Bytes out) {
    out.writeSigned(eventTime);
    out.writeVarint(source);
    out.writeVarint(offset);
    out.writeVarint(branch);
  }

  static Place read(BytesReader in) {
    long eventTime = in.readSigned();
    int source = (int) in.readVarint();
    long offset = in.readVarint();
    int branch = (int) in.readVarint();
    return new Place(eventTime, source, offset, branch);
  }
}
