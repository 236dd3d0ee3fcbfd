package dev.tidemill.bench;

import dev.tidemill.schema.Schemas;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.avro.Schema;

/** What the job is about: an order, and its value. */
final class Order {
  static final Path FOLDER = Path.of("src/test/resources/bench");
  static final Schema SCHEMA = Schemas.load(FOLDER.resolve("order.avsc"));
  static final int CUSTOMERS = 10_000;

  /** Different remainders of an order's number, for what counts different values. */
  static final int DISTINCT = 1_000_000;

  static final String PAID = "PAID";
  static final Duration WINDOW = Duration.ofHours(1);
  static final Duration GRACE = Duration.ofMinutes(10);

  private Order() {}

  /** Euros for one unit of a currency, as in the SQL of hourly-revenue.yaml. */
  static double rate(String currency) {
    return switch (currency) {
      case "EUR" -> 1.0;
      case "USD" -> 0.92;
      case "GBP" -> 1.17;
      case "CHF" -> 1.05;
      default -> 0.088;
    };
  }
}
