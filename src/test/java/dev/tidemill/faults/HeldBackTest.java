package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.BatchState;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.topology.RandomLog;
import dev.tidemill.topology.RandomLog.Fate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} while batches are held back by a gate, are released, or the pipeline has paused:
 * the same ones are held, at the same record it pauses, and in the end nothing is missing.
 */
final class HeldBackTest {
  /** Few batches of the log have so large an amount. */
  private static final double LARGE = 224.5;

  private static final String HELD =
      "SELECT k FROM events WHERE amount >= 0 GROUP BY k HAVING COUNT(*) > 1 AND MAX(amount) > "
          + LARGE;

  private static final int IN_A_ROW = 2;
  private static final Pattern PAUSED =
      Pattern.compile("PAUSED before faults-[0-9]+-events-([0-9]+)@([0-9]+)");

  @Test
  void the_same_batches_are_in_quarantine_and_a_release_is_not_lost() {
    Setting setting =
        Setting.usual()
            .records(6_000)
            .job(
                Job.of(Result.only(RandomLog.SQL))
                    .require(
                        "{none-large: {sql: SELECT COUNT(*) FROM result WHERE most > %s, is: 0}}"
                            .formatted(LARGE)));
    Trial.run(
        "kills-of-quarantines",
        setting,
        trial -> {
          Set<Instant> held = new TreeSet<>(trial.log().rows(HELD).keySet());
          assertThat(held).as("the log has some").hasSizeBetween(3, 15);
          for (int round = 0; round < Programme.few(); round++) {
            trial.append(setting.records() / Programme.few());
            ForkedTidemill running = trial.start("a");
            running.awaitErr(" is published, ");
            Moment.pass(trial.random().nextLong(2_000));
            trial.kill("a");
          }
          trial.appendRest();
          trial.start("a");
          trial.awaitLedger(
              "all are judged, and " + held + " are held",
              entries ->
                  trial.isAccounted() && inQuarantine(entries).equals(held) && rest(entries));
          releaseAll(trial);
        });
  }

  private static void releaseAll(Trial trial) {
    List<LedgerEntry> held =
        new ArrayList<>(
            trial.entries().stream().filter(e -> e.state() == BatchState.QUARANTINED).toList());
    Collections.shuffle(held, trial.random());
    for (int i = 0; i < held.size(); i++) {
      trial.release(held.get(i));
      if (i % 8 == 1) {
        Moment.pass(trial.random().nextLong(500));
        trial.kill("a");
        trial.release(held.get(i)); // whether it was heard or not
        trial.release(held.get(i + 1)); // nobody is there to hear it
        trial.start("a");
      }
    }
    trial.awaitLoaded();
    assertThat(trial.entries())
        .filteredOn(entry -> entry.quarantine().isPresent())
        .as("the ledger keeps who let them go")
        .hasSameSizeAs(held)
        .allMatch(entry -> entry.quarantine().get().release().isPresent());
  }

  private static Set<Instant> inQuarantine(List<LedgerEntry> entries) {
    Set<Instant> held = new TreeSet<>();
    for (LedgerEntry entry : entries) {
      if (entry.state() == BatchState.QUARANTINED) {
        held.add(entry.batch().start());
      }
    }
    return held;
  }

  private static boolean rest(List<LedgerEntry> entries) {
    return entries.stream()
        .allMatch(e -> e.state() == BatchState.LOADED || e.state() == BatchState.QUARANTINED);
  }

  @Test
  void it_pauses_before_the_same_record_until_a_person_lets_it_go_on() {
    Setting setting =
        Setting.usual()
            .records(6_000)
            .job(Job.of(Result.only(RandomLog.SQL)).batch("max-rejects: " + IN_A_ROW));
    Trial.run(
        "kills-of-pauses",
        setting,
        trial -> {
          Map<Integer, Long> places = oneTooMany(trial.log());
          assertThat(places).as("the log has some").isNotEmpty();
          trial.appendRest();
          for (int round = 0; round < Programme.few(); round++) {
            ForkedTidemill running = trial.start("a");
            if (round > 0) {
              running.awaitErr("PAUSED before ");
              assertPause(running.err(), places);
            }
            Moment.pass(trial.random().nextLong(3_000));
            trial.kill("a");
          }
          trial.startIgnoringMaxRejects("a");
        });
  }

  private static void assertPause(String said, Map<Integer, Long> places) {
    Matcher paused = PAUSED.matcher(said);
    assertThat(paused.find()).as(said).isTrue();
    assertThat(places)
        .as(paused.group())
        .containsEntry(Integer.valueOf(paused.group(1)), Long.valueOf(paused.group(2)));
  }

  /** By partition, the first record that is one too many; late ones do not count. */
  private static Map<Integer, Long> oneTooMany(RandomLog log) {
    Map<Integer, Long> places = new HashMap<>();
    Map<Integer, Integer> rows = new HashMap<>();
    for (RandomLog.Entry entry : log.entries()) {
      if (entry.fate() == Fate.REJECTED || entry.fate() == Fate.UNDECODABLE) {
        if (rows.merge(entry.partition(), 1, Integer::sum) > IN_A_ROW) {
          places.putIfAbsent(entry.partition(), entry.offset());
        }
      } else if (entry.fate() != Fate.LATE) {
        rows.put(entry.partition(), 0);
      }
    }
    return places;
  }
}
