package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemill.definition.Unavailable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rows of the overlap that are published: they are looked at again and again. Held as hashes of
 * 128 bits, in the heap and in a position for each transaction. Not thread-safe.
 */
final class SeenRows {
  private static final String PREFIX = "seen/";

  /** About 150 MB of heap. */
  private static final int MAX_ROWS = 2_000_000;

  /** Of an identity. */
  private record Hash(long high, long low) {}

  /**
   * Of one transaction.
   *
   * @param top the largest value of the first order column
   */
  private record Part(String top, List<Hash> rows) {}

  private final String source;
  private final MessageDigest digest;
  private final Set<Hash> all = new HashSet<>();
  private final Map<Long, Part> parts = new TreeMap<>();
  private List<Hash> pending = new ArrayList<>();
  private String pendingTop;

  /**
   * @param source for messages
   */
  SeenRows(String source) {
    this.source = source;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  void restore(Map<String, JsonNode> positions) {
    all.clear();
    parts.clear();
    pending = new ArrayList<>();
    positions.forEach(
        (name, json) -> {
          if (name.startsWith(PREFIX)) {
            Part part = part(json);
            parts.put(Long.parseLong(name.substring(PREFIX.length())), part);
            all.addAll(part.rows());
          }
        });
  }

  boolean contains(String id) {
    return all.contains(hash(id));
  }

  /**
   * @param at value of the first order column, not before that of the row that was added last
   * @throws Unavailable if there are too many
   */
  void add(String id, String at) {
    if (all.size() >= MAX_ROWS) {
      throw new Unavailable(
          ("Source %s: more than %,d rows are within the overlap behind the last one, too many to"
                  + " remember. Write a shorter 'overlap', or 0 if no row ever comes behind the last"
                  + " one.")
              .formatted(source, MAX_ROWS));
    }
    Hash hash = hash(id);
    all.add(hash);
    pending.add(hash);
    pendingTop = at;
  }

  /** Puts those that were added since the last time into a position. */
  void save(Publication out) {
    if (pending.isEmpty()) {
      return;
    }
    long number = parts.keySet().stream().max(Long::compare).orElse(0L) + 1;
    Part part = new Part(pendingTop, pending);
    parts.put(number, part);
    pending = new ArrayList<>();
    out.position(PREFIX + number, json(part));
  }

  /** Forgets what is not looked at again. */
  void forgetBefore(String from, OrderColumn column, Publication out) {
    parts
        .entrySet()
        .removeIf(
            part -> {
              if (column.compare(part.getValue().top(), from) >= 0) {
                return false;
              }
              part.getValue().rows().forEach(all::remove);
              out.forget(PREFIX + part.getKey());
              return true;
            });
  }

  private Hash hash(String id) {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(id.getBytes(UTF_8)));
    return new Hash(hash.getLong(), hash.getLong());
  }

  private static JsonNode json(Part part) {
    ByteBuffer bytes = ByteBuffer.allocate(part.rows().size() * 16);
    part.rows().forEach(hash -> bytes.putLong(hash.high()).putLong(hash.low()));
    return JsonNodeFactory.instance
        .objectNode()
        .put("top", part.top())
        .put("seen", Base64.getEncoder().encodeToString(bytes.array()));
  }

  private static Part part(JsonNode json) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(json.path("seen").asText()));
    List<Hash> rows = new ArrayList<>();
    while (bytes.hasRemaining()) {
      rows.add(new Hash(bytes.getLong(), bytes.getLong()));
    }
    return new Part(json.path("top").asText(), rows);
  }
}
