package dev.tidemill.bench;

/**
 * A log of orders that is written. Times are ms since the epoch.
 *
 * @param orders records, without the sentinels
 * @param sentinels records behind them, one for each partition, which close every hour before
 * @param end the first full hour of event time that no order has reached
 * @param last event time of the sentinels
 */
record LogInfo(String topic, long orders, int sentinels, long end, long last) {
  long records() {
    return orders + sentinels;
  }
}
