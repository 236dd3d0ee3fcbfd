package dev.tidemill.topology;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Some rows of one share of a batch, read where the share is active, and how the share stood with
 * the batch all the while.
 *
 * @param attempt the share's own, of which the rows are; 0 unless {@code CLOSED}
 * @param rows in the order of their keys, encoded as in the results topic
 * @param next after which key to go on; empty if there are no more
 * @param failure why a row can not be computed; empty if all could
 */
public record ShareSlice(
    Standing standing, int attempt, List<byte[]> rows, Optional<byte[]> next, String failure) {

  /** How a share stands with a batch. Written by its ordinal between instances. */
  public enum Standing {
    /** The share has nothing of the batch: not yet, not at all, or not any more. */
    UNKNOWN,
    /** Rows can still change. */
    OPEN,
    /** Rows are those of the attempt, all of them. */
    CLOSED,
    /** The batch is past {@code keep}. */
    FORGOTTEN
  }

  public ShareSlice {
    requireNonNull(standing, "standing");
    rows = List.copyOf(rows);
    requireNonNull(next, "next");
    requireNonNull(failure, "failure");
  }

  /** For another instance. */
  public void write(DataOutputStream out) throws IOException {
    out.writeByte(standing.ordinal());
    out.writeInt(attempt);
    out.writeInt(rows.size());
    for (byte[] row : rows) {
      writeBytes(out, row);
    }
    writeOptional(out, next);
    out.writeUTF(failure.length() > 10_000 ? failure.substring(0, 10_000) : failure);
  }

  /**
   * @throws IOException if the bytes are not of a slice
   */
  public static ShareSlice read(DataInputStream in) throws IOException {
    int standing = in.readUnsignedByte();
    if (standing >= Standing.values().length) {
      throw new IOException("no standing has the number " + standing);
    }
    int attempt = in.readInt();
    int count = in.readInt();
    List<byte[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(readBytes(in));
    }
    Optional<byte[]> next = readOptional(in);
    return new ShareSlice(Standing.values()[standing], attempt, rows, next, in.readUTF());
  }

  static void writeOptional(DataOutputStream out, Optional<byte[]> bytes) throws IOException {
    out.writeBoolean(bytes.isPresent());
    if (bytes.isPresent()) {
      writeBytes(out, bytes.get());
    }
  }

  static Optional<byte[]> readOptional(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(readBytes(in)) : Optional.empty();
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw new IOException("a length of " + length);
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the answer ends too early");
    }
    return bytes;
  }
}
