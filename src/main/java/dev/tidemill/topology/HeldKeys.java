package dev.tidemill.topology;

import dev.tidemill.sql.Aggregation;
import dev.tidemill.sql.Input;
import dev.tidemill.sql.Query;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys by which a share holds a batch: of groups or rows, and of which input of the statement,
 * if it is one of which the share has to know.
 *
 * @param several whether keys tell the input; without a program there is only one
 */
record HeldKeys(Query query, boolean several) {
  private static final int MOST_INPUTS = 256;

  HeldKeys(Query query) {
    this(query, query.program().isPresent());
    if (query.inputs().size() > MOST_INPUTS) {
      throw new IllegalArgumentException(
          "a statement that reads its sources " + query.inputs().size() + " times");
    }
  }

  byte[] key(int input, byte[] key) {
    return several
        ? ByteBuffer.allocate(2 + key.length).put((byte) input).put((byte) 0).put(key).array()
        : key;
  }

  /** Directly before all keys of an input. */
  static byte[] before(int input) {
    return new byte[] {(byte) input};
  }

  static boolean isOf(int input, byte[] key) {
    return key[0] == (byte) input;
  }

  /** What {@link #key} was given. */
  byte[] without(byte[] key) {
    return several ? Arrays.copyOfRange(key, 2, key.length) : key;
  }

  Optional<Aggregation> aggregation(byte[] key) {
    return input(several ? Byte.toUnsignedInt(key[0]) : 0).aggregation();
  }

  Input input(int input) {
    return query.inputs().get(input);
  }

  /** The share that a row or a group belongs to. */
  int share(long batchStart, int input, Object[] row, byte[] key, int shares) {
    if (input(input).isTogether()) {
      return home(batchStart, shares);
    }
    return PipelineTopology.shareOf(input(input).meetingKey(row).orElse(key), shares);
  }

  /** The share that has a batch which has to be in one; each batch its own. */
  static int home(long batchStart, int shares) {
    return PipelineTopology.shareOf(ByteBuffer.allocate(8).putLong(batchStart).array(), shares);
  }
}
