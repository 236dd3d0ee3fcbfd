package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.load.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four writers insert and update while their rows are extracted. Each has several transactions
 * open, which take the values of their cursors in one order and commit in another.
 */
@Timeout(120)
final class JdbcWritersTest {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredLong("id").requiredLong("change").endRecord();
  private static final int WRITERS = 4;
  private static final int OPEN = 4;
  private static final int ENOUGH = 600;
  private static final int AT_MOST = 4_000;

  /** By how much the number of an open transaction may be behind the newest one. */
  private static final int BEHIND = 60;

  @Test
  void nothing_is_missed_and_nothing_is_twice() throws Exception {
    String url = PostgresServer.newSchema();
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      JdbcTrial byNumber =
          new JdbcTrial(broker.bootstrapServers(), "by-number", url, ORDER)
              .sql(
                  "CREATE TABLE orders (id BIGINT PRIMARY KEY, change BIGINT, changed TIMESTAMPTZ)")
              .cursor("change")
              .overlap(BEHIND)
              .rowsATransaction(50)
              .poll(Duration.ofMillis(5));
      JdbcTrial byTime =
          new JdbcTrial(broker.bootstrapServers(), "by-time", url, ORDER)
              .cursor("changed", "change")
              .overlap(Duration.ofMinutes(10))
              .rowsATransaction(50)
              .poll(Duration.ofMillis(5));
      try (Extractor numbers = byNumber.extractor();
          Extractor times = byTime.extractor()) {
        numbers.start();
        times.start();
        write(
            byNumber, () -> numbers.progress().rows() > ENOUGH && times.progress().rows() > ENOUGH);
        assertThat(numbers.failure()).isEmpty();
        assertThat(times.failure()).isEmpty();
      }
      List<String> inTheTable = table(byNumber);
      for (JdbcTrial trial : List.of(byNumber, byTime)) {
        List<String> published = trial.rows().stream().map(row -> row[0] + "/" + row[1]).toList();
        assertThat(published).doesNotHaveDuplicates();
        trial.run(); // what was committed at the very end
        List<String> all = trial.rows().stream().map(row -> row[0] + "/" + row[1]).toList();
        assertThat(all).doesNotHaveDuplicates().containsAll(inTheTable);
        assertThat(published.size()).as("many came while it was written").isGreaterThan(ENOUGH);
      }
    }
  }

  private static List<String> table(JdbcTrial trial) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = trial.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id || '/' || change FROM orders")) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private static void write(JdbcTrial trial, BooleanSupplier enough) throws Exception {
    Numbers numbers = new Numbers();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Void>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(threads.submit(new Writer(trial, writer, numbers, enough)));
      }
      for (Future<Void> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Cursors, of which no open one gets further behind than the overlap allows. */
  private static final class Numbers {
    private final TreeSet<Long> open = new TreeSet<>();
    private long last;

    /** Empty-handed (0) if an old transaction has to commit first. */
    synchronized long take() {
      if (!open.isEmpty() && last - open.first() >= BEHIND - 1) {
        return 0;
      }
      open.add(++last);
      return last;
    }

    synchronized boolean isOldest(long number) {
      return open.first() == number;
    }

    synchronized void give(long number) {
      open.remove(number);
    }
  }

  private static final class Writer implements Callable<Void> {
    private final JdbcTrial trial;
    private final int writer;
    private final Numbers numbers;
    private final BooleanSupplier enough;
    private final Random random;
    private final Slot[] slots = new Slot[OPEN];

    Writer(JdbcTrial trial, int writer, Numbers numbers, BooleanSupplier enough) {
      this.enough = enough;
      this.trial = trial;
      this.writer = writer;
      this.numbers = numbers;
      this.random = new Random(writer);
    }

    @Override
    public Void call() throws Exception {
      for (int i = 0; i < OPEN; i++) {
        slots[i] = new Slot(trial.connect(), (long) writer * OPEN + i);
      }
      int changes = 0;
      while (changes < AT_MOST && !enough.getAsBoolean()) {
        Slot slot = slots[random.nextInt(OPEN)];
        if (slot.number > 0) {
          slot.commit(numbers);
        } else if (slot.change(numbers, random)) {
          changes++;
        } else {
          for (Slot mine : slots) {
            if (mine.number > 0 && numbers.isOldest(mine.number)) {
              mine.commit(numbers);
            }
          }
        }
      }
      for (int i : IntStream.range(0, OPEN).map(i -> OPEN - 1 - i).toArray()) {
        if (slots[i].number > 0) {
          slots[i].commit(numbers);
        }
        slots[i].connection.close();
      }
      return null;
    }
  }

  /** A connection with rows of its own, so that no transaction waits for another. */
  private static final class Slot {
    private final Connection connection;
    private final long offset;
    private long rows;
    private long number;

    Slot(Connection connection, long offset) throws SQLException {
      this.connection = connection;
      this.offset = offset;
      connection.setAutoCommit(false);
    }

    boolean change(Numbers numbers, Random random) throws SQLException {
      long taken = numbers.take();
      if (taken == 0) {
        return false;
      }
      long row = rows > 0 && random.nextInt(3) == 0 ? random.nextLong(rows) : rows++;
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO orders VALUES (?, ?, clock_timestamp()) ON CONFLICT (id)"
                  + " DO UPDATE SET change = EXCLUDED.change, changed = EXCLUDED.changed")) {
        statement.setLong(1, row * WRITERS * OPEN + offset);
        statement.setLong(2, taken);
        statement.executeUpdate();
      }
      number = taken;
      return true;
    }

    void commit(Numbers numbers) throws SQLException {
      connection.commit();
      numbers.give(number);
      number = 0;
    }
  }
}
