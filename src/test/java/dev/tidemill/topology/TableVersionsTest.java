package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.sql.RowOperator;
import dev.tidemill.sql.TableReading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableVersionsTest {
  private static final long NOTHING_SETTLED = Long.MIN_VALUE;
  private static final int KEYS = 3;

  private final TableVersions versions = new TableVersions(new ByFirstColumn());
  private long offset;

  /** Rows are a key and a value; a value of 0 is filtered out. */
  private static final class ByFirstColumn implements TableReading {
    @Override
    public String table() {
      return "rates";
    }

    @Override
    public RowOperator operator() {
      return row -> row[1].equals(0) ? null : row;
    }

    @Override
    public boolean isScanned() {
      return false;
    }

    @Override
    public boolean isAsOf() {
      return true;
    }

    @Override
    public Optional<byte[]> key(Object[] row) {
      return Optional.of(bytes((String) row[0]));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void put(String key, int value, long time, long settled) throws Exception {
    versions.put(bytes(key), new Object[] {key, value}, place(time, settled));
  }

  private void delete(String key, long time, long settled) {
    versions.remove(bytes(key), place(time, settled));
  }

  private TableVersions.Place place(long time, long settled) {
    return new TableVersions.Place(time, settled, 0, offset++);
  }

  private List<Object> at(String key, long time) {
    var values = new ArrayList<>();
    for (Object[] row : versions.find(bytes(key), time)) {
      values.add(row[1]);
    }
    return values;
  }

  @Test
  void the_newest_version_counts_that_is_not_after_the_time() throws Exception {
    put("a", 1, 10, NOTHING_SETTLED);
    put("a", 3, 30, NOTHING_SETTLED);
    put("a", 2, 20, NOTHING_SETTLED);

    assertThat(at("a", 9)).isEmpty();
    assertThat(at("a", 10)).containsExactly(1);
    assertThat(at("a", 29)).containsExactly(2);
    assertThat(at("a", 1000)).containsExactly(3);
    assertThat(at("b", 1000)).isEmpty();
  }

  @Test
  void of_equal_times_the_last_in_the_log_counts() throws Exception {
    put("a", 1, 10, NOTHING_SETTLED);
    put("a", 2, 10, NOTHING_SETTLED);

    assertThat(at("a", 10)).containsExactly(2);
  }

  @Test
  void a_version_that_is_filtered_out_hides_the_one_before_it() throws Exception {
    put("a", 1, 10, NOTHING_SETTLED);
    put("a", 0, 20, NOTHING_SETTLED);

    assertThat(at("a", 19)).containsExactly(1);
    assertThat(at("a", 20)).isEmpty();
  }

  @Test
  void a_late_version_counts_from_the_clock_on() throws Exception {
    put("a", 1, 10, NOTHING_SETTLED);
    put("a", 2, 20, 50);

    assertThat(at("a", 49)).containsExactly(1);
    assertThat(at("a", 50)).containsExactly(2);
  }

  @Test
  void a_late_version_never_takes_the_place_of_a_newer_one() throws Exception {
    put("a", 3, 30, NOTHING_SETTLED);
    put("a", 2, 20, 50);

    assertThat(at("a", 20)).isEmpty();
    assertThat(at("a", 50)).containsExactly(3);
    assertThat(versions.size()).isOne();
  }

  @Test
  void a_row_that_comes_back_counts_from_the_deletion_on_at_the_earliest() throws Exception {
    put("a", 1, 10, NOTHING_SETTLED);
    delete("a", 20, NOTHING_SETTLED);
    put("a", 2, 15, NOTHING_SETTLED);

    assertThat(at("a", 19)).containsExactly(1);
    assertThat(at("a", 20)).containsExactly(2);
  }

  @Test
  void what_nobody_asks_for_any_more_is_forgotten() throws Exception {
    put("a", 1, 10, NOTHING_SETTLED);
    put("a", 2, 20, NOTHING_SETTLED);
    put("a", 3, 30, NOTHING_SETTLED);
    put("b", 1, 10, NOTHING_SETTLED);
    delete("b", 20, NOTHING_SETTLED);

    versions.forgetBefore(25);

    assertThat(versions.size()).isEqualTo(2);
    assertThat(at("a", 25)).containsExactly(2);
    assertThat(at("a", 30)).containsExactly(3);
    assertThat(at("b", 25)).isEmpty();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 400);
  }

  /** One entry of a table's log. */
  private record Change(int value, boolean deletion, long time, long from) {}

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void what_counts_is_what_the_log_says_whatever_is_forgotten_meanwhile(long seed)
      throws Exception {
    var random = new Random(seed);
    List<List<Change>> logs = new ArrayList<>();
    for (int k = 0; k < KEYS; k++) {
      logs.add(new ArrayList<>());
    }
    long settled = NOTHING_SETTLED;
    long forgotten = 0;
    for (int i = 1; i <= 60; i++) {
      int k = random.nextInt(KEYS);
      List<Change> log = logs.get(k);
      long time = i / 2 + random.nextInt(12) - 6;
      if (random.nextInt(3) == 0) {
        settled = Math.max(settled, i / 2 - 5 - random.nextInt(6));
      }
      long from =
          Math.max(
              Math.max(time, settled),
              log.stream().filter(Change::deletion).mapToLong(Change::from).max().orElse(0));
      if (random.nextInt(4) > 0) {
        int value = random.nextInt(4) == 0 ? 0 : i;
        put("k" + k, value, time, settled);
        log.add(new Change(value, false, time, from));
      } else {
        delete("k" + k, time, settled);
        if (!log.isEmpty() && !log.get(log.size() - 1).deletion) {
          log.add(new Change(0, true, time, from));
        }
      }
      if (random.nextInt(10) == 0) {
        forgotten = Math.max(forgotten, i / 2 - random.nextInt(15));
        versions.forgetBefore(forgotten);
      }
      for (long t = forgotten; t < 45; t++) {
        assertThat(at("k" + k, t)).as("change %d, k%d at %d", i, k, t).isEqualTo(says(log, t));
      }
    }
  }

  /** Word by word: behind the last deletion that counts, the newest of what counts. */
  private static List<Object> says(List<Change> log, long time) {
    Optional<Change> found = Optional.empty();
    for (Change change : log) {
      if (change.from > time) {
        continue;
      }
      if (change.deletion) {
        found = Optional.empty();
      } else if (found.isEmpty() || change.time >= found.get().time) {
        found = Optional.of(change);
      }
    }
    return found
        .filter(row -> row.value != 0)
        .map(row -> List.<Object>of(row.value))
        .orElse(List.of());
  }
}
