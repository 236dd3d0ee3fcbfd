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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The rows of the overlap that are published: they are looked at again and again. Held as hashes of
 * 128 bits, in the heap and in a position or more for each transaction. Not thread-safe.
 *
 * @param <V> the values by which rows are ordered; as text, they say what they are
 */
final class SeenRows<V> {
  private static final String PREFIX = "seen/";

  /** About 150 MB of heap. */
  private static final int MAX_ROWS = 2_000_000;

  /** A position is one Kafka record, of 1 MiB by default; each row takes 22 bytes of it. */
  private static final int MAX_PART = 30_000;

  /** Of an identity. */
  private record Hash(long high, long low) {}

  /**
   * Of one transaction.
   *
   * @param top the largest value
   */
  private record Part<V>(V top, List<Hash> rows) {}

  private record Row<V>(Hash hash, V at) {}

  private final String source;
  private final Function<String, V> values;
  private final Comparator<V> order;
  private final MessageDigest digest;
  private final Set<Hash> all = new HashSet<>();
  private final TreeMap<Long, Part<V>> parts = new TreeMap<>();
  private final List<Row<V>> pending = new ArrayList<>();

  /**
   * @param source for messages
   * @param values from their texts
   */
  SeenRows(String source, Function<String, V> values, Comparator<V> order) {
    this.source = source;
    this.values = values;
    this.order = order;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  void restore(Map<String, JsonNode> positions) {
    all.clear();
    parts.clear();
    pending.clear();
    positions.forEach(
        (name, json) -> {
          if (name.startsWith(PREFIX)) {
            Part<V> part = part(json);
            parts.put(Long.parseLong(name.substring(PREFIX.length())), part);
            all.addAll(part.rows());
          }
        });
  }

  boolean contains(String id) {
    return all.contains(hash(id));
  }

  /**
   * @throws Unavailable if there are too many
   */
  void add(String id, V at) {
    if (all.size() >= MAX_ROWS) {
      throw new Unavailable(
          ("Source %s: more than %,d rows are within the overlap behind the last one, too many to"
                  + " remember. Write a shorter 'overlap', or 0 if no row ever comes behind the last"
                  + " one.")
              .formatted(source, MAX_ROWS));
    }
    Hash hash = hash(id);
    all.add(hash);
    pending.add(new Row<>(hash, at));
  }

  /** Puts those that were added since the last time into positions. */
  void save(Publication out) {
    for (int from = 0; from < pending.size(); from += MAX_PART) {
      List<Row<V>> rows = pending.subList(from, Math.min(from + MAX_PART, pending.size()));
      V top = rows.stream().map(Row::at).max(order).orElseThrow();
      Part<V> part = new Part<>(top, rows.stream().map(Row::hash).toList());
      long number = lastPart() + 1;
      parts.put(number, part);
      out.position(PREFIX + number, json(part));
    }
    pending.clear();
  }

  /** The number of the part that was saved last; 0 if there is none. */
  long lastPart() {
    return parts.isEmpty() ? 0 : parts.lastKey();
  }

  /** Forgets what is not looked at again. */
  void forgetBefore(V from, Publication out) {
    forgetBefore(from, 0, out);
  }

  /**
   * Forgets what is not looked at again.
   *
   * @param kept the last part of which all is remembered
   */
  void forgetBefore(V from, long kept, Publication out) {
    pending.removeIf(row -> order.compare(row.at(), from) < 0 && all.remove(row.hash()));
    parts
        .tailMap(kept, false)
        .entrySet()
        .removeIf(
            part -> {
              if (order.compare(part.getValue().top(), from) >= 0) {
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

  private static JsonNode json(Part<?> part) {
    ByteBuffer bytes = ByteBuffer.allocate(part.rows().size() * 16);
    part.rows().forEach(hash -> bytes.putLong(hash.high()).putLong(hash.low()));
    return JsonNodeFactory.instance
        .objectNode()
        .put("top", part.top().toString())
        .put("seen", Base64.getEncoder().encodeToString(bytes.array()));
  }

  private Part<V> part(JsonNode json) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(json.path("seen").asText()));
    List<Hash> rows = new ArrayList<>();
    while (bytes.hasRemaining()) {
      rows.add(new Hash(bytes.getLong(), bytes.getLong()));
    }
    return new Part<>(values.apply(json.path("top").asText()), rows);
  }
}
