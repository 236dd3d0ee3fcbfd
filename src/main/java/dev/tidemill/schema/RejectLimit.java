package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.schema.Reject.Cut;
import dev.tidemill.schema.Reject.RejectHeader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How much of a rejected record is kept. Reason, headers and key get at most a quarter each if not
 * all fits; the value gets what they leave.
 *
 * @param maxBytes of key, value, headers and reason together
 */
record RejectLimit(int maxBytes) {
  private static final int HEADER_OVERHEAD_BYTES = 16;

  RejectLimit {
    if (maxBytes < 4) {
      throw new IllegalArgumentException("a reject needs room: " + maxBytes + " bytes");
    }
  }

  Reject apply(Reject reject) {
    long size = size(reject.reason()) + size(reject.key()) + size(reject.value());
    size += reject.headers().stream().mapToLong(RejectLimit::size).sum();
    if (size <= maxBytes) {
      return reject;
    }
    int quarter = maxBytes / 4;
    String reason = cut(reject.reason(), quarter);
    List<RejectHeader> headers = cut(reject.headers(), quarter);
    Optional<byte[]> key = reject.key().map(bytes -> cut(bytes, quarter));
    long used = size(reason) + size(key);
    used += headers.stream().mapToLong(RejectLimit::size).sum();
    int left = (int) (maxBytes - used);
    Optional<byte[]> value = reject.value().map(bytes -> cut(bytes, left));
    return new Reject(
        reject.topic(),
        reject.partition(),
        reject.offset(),
        reject.timestamp(),
        reject.step(),
        reason,
        reject.batch(),
        key,
        value,
        headers,
        reject.keyCut().or(() -> cut(reject.key(), key)),
        reject.valueCut().or(() -> cut(reject.value(), value)),
        reject.droppedHeaders() + reject.headers().size() - headers.size());
  }

  private static long size(String text) {
    return text.getBytes(UTF_8).length;
  }

  private static long size(Optional<byte[]> bytes) {
    return bytes.map(b -> b.length).orElse(0);
  }

  private static long size(RejectHeader header) {
    return HEADER_OVERHEAD_BYTES + size(header.name()) + size(header.value());
  }

  /** Three bytes are the most that a char takes in UTF-8. */
  private static String cut(String text, int bytes) {
    if (size(text) <= bytes) {
      return text;
    }
    int end = bytes / 3;
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static byte[] cut(byte[] bytes, int length) {
    return bytes.length <= length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static List<RejectHeader> cut(List<RejectHeader> headers, int bytes) {
    List<RejectHeader> kept = new ArrayList<>();
    long used = 0;
    for (RejectHeader header : headers) {
      used += size(header);
      if (used > bytes) {
        break;
      }
      kept.add(header);
    }
    return kept;
  }

  private static Optional<Cut> cut(Optional<byte[]> whole, Optional<byte[]> kept) {
    return size(whole) == size(kept)
        ? Optional.empty()
        : whole.map(bytes -> new Cut(bytes.length, sha256(bytes)));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
