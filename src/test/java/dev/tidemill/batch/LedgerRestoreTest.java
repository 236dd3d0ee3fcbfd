package dev.tidemill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** An owner that is restarted anywhere goes on as if nothing had happened. */
class LedgerRestoreTest {
  private static final Calendar HOURLY = new ZonedCalendar(Macro.HOURLY, ZoneOffset.UTC);
  private static final Instant START = Instant.parse("2024-03-10T05:00:00Z");
  private static final List<String> TARGETS = List.of("duckdb:t", "postgres:t");
  private static final int SHARES = 2;
  private static final int PARTITIONS = 2;

  /** What the topology and the loaders could say, drawn at random but never contradictory. */
  private static final class Story {
    private final Random random;
    private final Map<String, Books> books = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final long[] read = new long[PARTITIONS];

    Story(long seed) {
      random = new Random(seed);
    }

    Function<Ledger, List<LedgerEntry>> next() {
      Batch batch = HOURLY.batchOf(START.plusSeconds(3600L * random.nextInt(4)));
      return switch (random.nextInt(4)) {
        case 0 -> counts(batch);
        case 1 -> acks(batch);
        default -> ends(batch);
      };
    }

    private Function<Ledger, List<LedgerEntry>> counts(Batch batch) {
      int partition = random.nextInt(PARTITIONS);
      boolean late = random.nextInt(3) == 0;
      Books more = late ? new Books(1, 0, 0, 0, 0, 1, 0) : new Books(2, 1, 1, 0, 0, 0, 0);
      Books now = books.merge(batch.id() + partition, more, Books::plus);
      read[partition] += more.read();
      var span =
          new SourceSpan(
              "events", partition, 0, read[partition] - 1, EventClock.NO_TIME, now, now.merged());
      var count = new PartitionRead("events", partition, read[partition], 0);
      return ledger -> {
        List<LedgerEntry> changed = ledger.counted(batch, span);
        assertThat(ledger.counted(count)).isTrue();
        return changed;
      };
    }

    /** Share 0 merges everything; now and then its result overflows. */
    private Function<Ledger, List<LedgerEntry>> ends(Batch batch) {
      int share = random.nextInt(SHARES);
      int attempt = attempts.merge(batch.id() + "/" + share, 1, Integer::sum);
      long merged = 0;
      for (int partition = 0; share == 0 && partition < PARTITIONS; partition++) {
        merged += books.getOrDefault(batch.id() + partition, Books.EMPTY).merged();
      }
      CloseReason reason = CloseReason.values()[random.nextInt(CloseReason.values().length)];
      String failure = random.nextInt(6) == 0 ? "overflow" : "";
      var end = new EndOfShare(batch, share, attempt, reason, merged, merged, merged, failure);
      return ledger -> ledger.ended(end);
    }

    private Function<Ledger, List<LedgerEntry>> acks(Batch batch) {
      String target = TARGETS.get(random.nextInt(TARGETS.size()));
      int attempt = 1 + random.nextInt(3);
      boolean wrong = random.nextInt(8) == 0;
      return ledger -> {
        long rows =
            ledger.entries().stream()
                .filter(entry -> entry.batch().equals(batch))
                .mapToLong(LedgerEntry::resultRows)
                .sum();
        return ledger.acked(Ack.published(target, batch.start(), attempt, wrong ? rows + 1 : rows));
      };
    }
  }

  private static Ledger ledger() {
    return new Ledger("p", HOURLY, SHARES, Set.copyOf(TARGETS), Clock.fixed(START, ZoneOffset.UTC));
  }

  /** As the owner's store has them: by batch, then by attempt. */
  private static Comparator<LedgerEntry> inStore() {
    return Comparator.comparing(LedgerEntry::batch).thenComparing(LedgerEntry::attempt);
  }

  @Property(tries = 2_000)
  void a_restored_ledger_goes_on_as_the_one_before(
      @ForAll long seed, @ForAll @IntRange(max = 40) int before) {
    Story story = new Story(seed);
    Ledger lasting = ledger();
    TreeMap<LedgerEntry, LedgerEntry> store = new TreeMap<>(inStore());
    for (int i = 0; i < before; i++) {
      store(store, story.next().apply(lasting));
    }
    Ledger restored = ledger();
    store.values().forEach(restored::restore);

    for (int i = 0; i < 40; i++) {
      Function<Ledger, List<LedgerEntry>> event = story.next();
      assertThat(event.apply(restored)).isEqualTo(event.apply(lasting));
    }
    assertThat(restored.entries()).containsExactlyElementsOf(lasting.entries());
  }

  @Property(tries = 2_000)
  void of_a_batch_at_most_one_attempt_stands_published(@ForAll long seed) {
    Story story = new Story(seed);
    Ledger ledger = ledger();
    TreeMap<LedgerEntry, LedgerEntry> store = new TreeMap<>(inStore());
    for (int i = 0; i < 60; i++) {
      store(store, story.next().apply(ledger));
      List<Batch> standing = new ArrayList<>();
      for (LedgerEntry entry : store.values()) {
        if (entry.state() == BatchState.READY || entry.state() == BatchState.LOADED) {
          standing.add(entry.batch());
          assertThat(entry.balances()).as(entry::toString).isTrue();
        }
      }
      assertThat(standing).doesNotHaveDuplicates();
    }
  }

  private static void store(Map<LedgerEntry, LedgerEntry> store, List<LedgerEntry> changed) {
    for (LedgerEntry entry : changed) {
      store.remove(entry);
      store.put(entry, entry);
    }
  }
}
