package dev.tidemill.bench;

import java.util.List;

/**
 * A log of orders that is written. Times are ms since the epoch.
 *
 * @param orders records, without the sentinels
 * @param ends records of each partition; the last one of each is a sentinel, which closes every
 *     hour before it
 * @param end the first full hour of event time that no order has reached
 * @param last event time of the sentinels
 */
record LogInfo(String topic, long orders, List<Long> ends, long end, long last) {
  LogInfo {
    ends = List.copyOf(ends);
  }

  int partitions() {
    return ends.size();
  }

  long records() {
    return ends.stream().mapToLong(Long::longValue).sum();
  }
}
