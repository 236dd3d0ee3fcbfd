package dev.tidemill.bench;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What Tidemill is asked for. Each gives rows of two integers and a double, so that one reader can
 * check them all.
 */
enum Statement {
  /** The reference: a plain aggregate per customer and hour. */
  HOURLY_REVENUE,
  /** The same, each order looking up a row in a table of a million. */
  JOIN_MILLION_ROWS,
  /** How many different ones of a million values a day has, in one group. */
  DISTINCT_MILLION_VALUES;

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Path file() {
    return Order.FOLDER.resolve(text() + ".yaml");
  }
}
