package dev.tidemill.schema;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Some values of a row as bytes, which are equal if the values are as SQL's DISTINCT sees them: two
 * nulls are equal, and so are the two zeros. A long key is its SHA-256. State depends on the bytes:
 * they are the same in every release. Not thread-safe: one per task.
 */
public final class RowKey {
  private static final int LONGEST = 64;
  private static final byte PLAIN = 0;
  private static final byte HASHED = 1;

  private final RowPath[] paths;
  private final FieldWriter[] writers;
  private final AvroOutput out = new AvroOutput();
  private final MessageDigest digest;

  /**
   * @param fields names or paths of fields with a single value
   */
  public RowKey(Schema schema, List<String> fields) {
    this.paths = fields.stream().map(field -> RowPath.of(schema, field)).toArray(RowPath[]::new);
    this.writers =
        Arrays.stream(paths).map(RowPath::column).map(FieldWriter::of).toArray(FieldWriter[]::new);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public byte[] of(Object[] row) {
    out.reset();
    for (int i = 0; i < paths.length; i++) {
      writers[i].write(normal(paths[i].of(row)), out);
    }
    byte[] bytes = out.toByteArray();
    return bytes.length <= LONGEST ? marked(PLAIN, bytes) : marked(HASHED, digest.digest(bytes));
  }

  private static byte[] marked(byte mark, byte[] bytes) {
    return ByteBuffer.allocate(1 + bytes.length).put(mark).put(bytes).array();
  }

  private static Object normal(Object value) {
    if (value instanceof Double number) {
      return number.isNaN() ? Double.NaN : number + 0.0;
    }
    if (value instanceof Float number) {
      return number.isNaN() ? Float.NaN : number + 0.0f;
    }
    return value;
  }
}
