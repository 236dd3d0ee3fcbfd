package dev.tidemill.schema;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Remembers for a while which schema ids were no use: a topic of a foreign registry would otherwise
 * cost a request for every record. Bounded, since garbage bytes make any id. Thread-safe.
 */
final class RefusedIds {
  private static final int MOST = 10_000;

  private final long keepNanos;
  private final LongSupplier nanos;
  private final Map<Integer, Refusal> refusals =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Refusal> eldest) {
          return size() > MOST;
        }
      };

  private record Refusal(String message, long since) {}

  /**
   * @param nanos a monotonic clock
   */
  RefusedIds(Duration keep, LongSupplier nanos) {
    this.keepNanos = keep.toNanos();
    this.nanos = nanos;
  }

  synchronized void add(int id, String message) {
    refusals.remove(id);
    refusals.put(id, new Refusal(message, nanos.getAsLong()));
  }

  /**
   * @throws DecodeException with the message of {@link #add}, if that is not too long ago
   */
  synchronized void check(int id) throws DecodeException {
    Refusal refusal = refusals.get(id);
    if (refusal == null) {
      return;
    }
    if (nanos.getAsLong() - refusal.since() > keepNanos) {
      refusals.remove(id);
      return;
    }
    throw new DecodeException(refusal.message());
  }
}
