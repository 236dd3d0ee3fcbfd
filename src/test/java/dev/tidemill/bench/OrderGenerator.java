package dev.tidemill.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Orders, one after the other, the same ones each time: customers take part evenly, event time
 * rises by a day in two million, each up to four minutes behind it. Keeps the books of what must
 * come out. Not thread-safe.
 */
final class OrderGenerator {
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");
  private static final long HOUR = Order.WINDOW.toMillis();
  private static final long DAY = 24 * HOUR;
  private static final long ORDERS_PER_DAY = 2_000_000;
  private static final int JITTER = 4 * 60 * 1000;
  private static final String[] STATES = {"OPEN", "CANCELLED", "REFUNDED"};
  private static final String[] CURRENCIES = {"EUR", "USD", "GBP", "CHF", "SEK"};
  private static final String[] REGIONS = names("region-%02d", 20);
  private static final String[] PRODUCTS = names("product-%04d-of-the-large-catalog", 1_000);

  private final long orders;
  private final int hot;
  private final SplittableRandom random = new SplittableRandom(42);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
  private final byte[] header;
  private final int[] counts;
  private final double[] sums;
  private final Map<Long, BitSet> distinct = new TreeMap<>();
  private long next;
  private long customer;

  /**
   * @param hot how many of a hundred orders are customer 0's, beside the part that everybody has
   * @param schemaId of {@link Order#SCHEMA} in the registry
   */
  OrderGenerator(long orders, int hot, int schemaId) {
    this.orders = orders;
    this.hot = hot;
    this.header = ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId).array();
    int hours = (int) ((end().toEpochMilli() - firstHour()) / HOUR);
    this.counts = new int[hours * Order.CUSTOMERS];
    this.sums = new double[hours * Order.CUSTOMERS];
  }

  private static String[] names(String format, int count) {
    return IntStream.range(0, count).mapToObj(format::formatted).toArray(String[]::new);
  }

  /** The first instant, on the hour, that no order has reached. */
  Instant end() {
    long last = BEGIN.toEpochMilli() + DAY * orders / ORDERS_PER_DAY;
    return Instant.ofEpochMilli(Math.floorDiv(last, HOUR) * HOUR + HOUR);
  }

  /** The jitter of the first ones reaches into the hour before. */
  private static long firstHour() {
    return BEGIN.toEpochMilli() - HOUR;
  }

  boolean hasNext() {
    return next < orders;
  }

  /** The next order, in the wire format. */
  byte[] next() {
    customer = random.nextInt(Order.CUSTOMERS);
    if (hot > 0 && random.nextInt(100) < hot) {
      customer = 0;
    }
    String status = random.nextInt(10) < 7 ? Order.PAID : STATES[random.nextInt(STATES.length)];
    double amount = (100 + random.nextInt(40_000)) / 100.0;
    String currency = CURRENCIES[random.nextInt(CURRENCIES.length)];
    long time = BEGIN.toEpochMilli() + next * DAY / ORDERS_PER_DAY - random.nextInt(JITTER);
    distinct
        .computeIfAbsent(Math.floorDiv(time, DAY) * DAY, day -> new BitSet())
        .set((int) (next % Order.DISTINCT));
    if (status.equals(Order.PAID)) {
      int cell = (int) ((time - firstHour()) / HOUR) * Order.CUSTOMERS + (int) customer;
      counts[cell]++;
      sums[cell] += amount * Order.rate(currency);
    }
    return encoded(
        REGIONS[random.nextInt(REGIONS.length)],
        status,
        PRODUCTS[random.nextInt(PRODUCTS.length)],
        amount,
        currency,
        time);
  }

  /** The key of the order that came last: its customer, or none if one has most of the orders. */
  byte[] key() {
    return hot == 0 ? OrderLog.key(customer) : null;
  }

  /** An order that only moves the clock; in no book. */
  byte[] sentinel(Instant time) {
    return paid(0, time);
  }

  /** A paid order that is in no book. */
  byte[] paid(long of, Instant time) {
    customer = of;
    return encoded(REGIONS[0], Order.PAID, PRODUCTS[0], 0, CURRENCIES[0], time.toEpochMilli());
  }

  private byte[] encoded(
      String region, String status, String product, double amount, String currency, long time) {
    bytes.reset();
    bytes.writeBytes(header);
    try {
      encoder.writeLong(next++);
      encoder.writeLong(customer);
      encoder.writeString(region);
      encoder.writeString(status);
      encoder.writeString(product);
      encoder.writeDouble(amount);
      encoder.writeString(currency);
      encoder.writeLong(time);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * How many different values each day has.
   *
   * @param closed days that end later are not over
   */
  Outcome expectedDistinct(Instant closed) {
    Outcome.Tally tally = new Outcome.Tally();
    distinct.forEach(
        (day, values) -> {
          if (day + DAY <= closed.toEpochMilli()) {
            tally.add(day, 0, values.cardinality(), 0);
          }
        });
    return tally.outcome();
  }

  /** What must come out of the orders so far, per hour and customer. */
  Outcome expected() {
    Outcome.Tally tally = new Outcome.Tally();
    for (int cell = 0; cell < counts.length; cell++) {
      if (counts[cell] > 0) {
        long hour = firstHour() + cell / Order.CUSTOMERS * HOUR;
        tally.add(hour, cell % Order.CUSTOMERS, counts[cell], sums[cell]);
      }
    }
    return tally.outcome();
  }
}
