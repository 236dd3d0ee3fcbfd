package dev.tidemill.extract;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Records that were published, each remembered by 8 bytes of its identity's SHA-256: among the
 * thousands that a position has, no two are ever taken for one by accident. Not thread-safe.
 */
final class IdSet {
  private final Set<Long> hashes = new LinkedHashSet<>();

  static IdSet of(IdSet first, IdSet second) {
    IdSet both = new IdSet();
    both.hashes.addAll(first.hashes);
    both.hashes.addAll(second.hashes);
    return both;
  }

  static long hash(byte[] identity) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(identity)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Whether it was not there. */
  boolean add(long hash) {
    return hashes.add(hash);
  }

  boolean contains(long hash) {
    return hashes.contains(hash);
  }

  int size() {
    return hashes.size();
  }

  /** As Base64, for a position. */
  String text() {
    ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * Long.BYTES);
    hashes.forEach(bytes::putLong);
    return Base64.getEncoder().withoutPadding().encodeToString(bytes.array());
  }

  static IdSet parse(String text) {
    IdSet set = new IdSet();
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    while (bytes.hasRemaining()) {
      set.add(bytes.getLong());
    }
    return set;
  }
}
