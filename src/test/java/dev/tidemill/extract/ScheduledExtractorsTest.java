package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemill.batch.FiringPolicy;
import dev.tidemill.batch.FiringPolicy.Misfire;
import dev.tidemill.batch.FiringPolicy.Overlap;
import dev.tidemill.batch.FixedSchedule;
import dev.tidemill.batch.TestClock;
import dev.tidemill.cli.Await;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.ScheduleDefinition;
import dev.tidemill.definition.ScheduleOverride;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.events.CollectedEvents;
import dev.tidemill.events.Event;
import dev.tidemill.extract.ScheduledRun.Outcome;
import dev.tidemill.extract.SourceCommand.Change;
import dev.tidemill.extract.SourceCommand.Simple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** A source with a schedule of every second, extracted by several instances. */
@Timeout(120)
class ScheduledExtractorsTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00.500Z");
  private static final String SOURCE = "numbers";
  private static final int ROWS = 4;

  private static final FiringPolicy EACH =
      new FiringPolicy(
          Overlap.QUEUE,
          Misfire.ALL,
          100,
          Optional.empty(),
          1,
          Duration.ofMillis(10),
          Duration.ZERO,
          0);

  private final List<Instance> instances = new ArrayList<>();
  private final TestClock clock = new TestClock(START);
  private volatile int available;
  private volatile boolean failing;
  private Numbers numbers;

  @BeforeEach
  void name(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    // Who leaves while it joins is missed only then.
    numbers = new Numbers(name, SharedCluster.brokers(), Duration.ofSeconds(5));
  }

  @AfterEach
  void closeAll() {
    instances.forEach(Instance::thaw);
    instances.forEach(instance -> instance.extractors.close());
  }

  /** Can be frozen before its next row, which is how others see one that is killed. */
  private final class Instance {
    private final CountDownLatch thaw = new CountDownLatch(1);
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final Timing timing = Timing.startingNow(clock);
    private final Extractors extractors;
    private volatile boolean freezing;

    private Instance(FiringPolicy policy) {
      this(policy, 1);
    }

    private Instance(FiringPolicy policy, int seconds) {
      FixedSchedule every = FixedSchedule.every(Duration.ofSeconds(seconds));
      SourceDefinition source =
          Numbers.source(
              SOURCE,
              Optional.empty(),
              Optional.of(
                  new ScheduleDefinition(
                      seconds + "s", Optional.of(every), ZoneOffset.UTC, policy)));
      extractors =
          new Extractors(
              numbers.topics(),
              List.of(source),
              numbers.server(),
              relation -> numbers.extractor((SourceDefinition) relation, feed(), timing));
      extractors.check();
      extractors.start();
      instances.add(this);
    }

    private Feed feed() {
      return new NumbersFeed(() -> available, this::row);
    }

    private void row(int number) {
      if (failing) {
        throw new IllegalStateException("no rows today");
      }
      if (freezing) {
        frozen.countDown();
        boolean interrupted = false;
        while (thaw.getCount() > 0) {
          try {
            thaw.await();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void thaw() {
      thaw.countDown();
    }

    private List<ScheduledRun> runs() {
      return Optional.ofNullable(extractors.schedules().get(SOURCE))
          .map(SourceSchedule::runs)
          .orElse(List.of());
    }
  }

  private void await(String what, BooleanSupplier condition) {
    Await.until(
        what,
        Duration.ofSeconds(20),
        () -> {
          instances.forEach(each -> assertThat(each.extractors.failure()).isEmpty());
          return condition.getAsBoolean();
        });
  }

  private void advance(Duration by) {
    clock.move(by);
  }

  private static long done(List<ScheduledRun> runs) {
    return runs.stream().filter(run -> run.outcome() == Outcome.DONE).count();
  }

  /** As the broker does with members that are silent. */
  private void expelAll() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedCluster.brokers()))) {
      TestClients.get(
          admin
              .removeMembersFromConsumerGroup(
                  numbers.topics().extractGroup(), new RemoveMembersFromConsumerGroupOptions())
              .all());
    }
  }

  private void firingsWhileOwnersDie(int firings, int living, int deaths) {
    long seed = Long.getLong("tidemill.seed", System.nanoTime());
    System.out.println("ScheduledExtractorsTest: -Dtidemill.seed=" + seed);
    Random random = new Random(seed);
    List<Integer> fatal =
        IntStream.generate(() -> random.nextInt(firings)).distinct().limit(deaths).boxed().toList();
    List<Instance> alive = new ArrayList<>();
    IntStream.range(0, living).forEach(i -> alive.add(new Instance(EACH)));
    for (int firing = 0; firing < firings; firing++) {
      if (fatal.contains(firing)) {
        alive.forEach(instance -> instance.freezing = true);
        available += random.nextInt(ROWS); // a death may come before the last row, or none
      }
      available += ROWS;
      advance(Duration.ofSeconds(1));
      if (fatal.contains(firing)) {
        await("the owner is frozen", () -> frozen(alive).isPresent());
        Instance dead = frozen(alive).orElseThrow();
        alive.remove(dead);
        alive.forEach(instance -> instance.freezing = false);
        new Thread(dead.extractors::close).start(); // else it would come back for more
        expelAll();
        alive.add(new Instance(EACH));
      }
      if (random.nextInt(3) == 0 || firing == firings - 1) {
        int upTo = firing + 1;
        await("firing " + firing, () -> alive.stream().anyMatch(i -> done(i.runs()) == upTo));
      }
    }
    instances.forEach(Instance::thaw);
    Instance last = alive.get(0);
    await("all is known", () -> done(last.runs()) == firings);
    assertThat(last.runs())
        .allSatisfy(run -> assertThat(run.outcome()).isEqualTo(Outcome.DONE))
        .extracting(ScheduledRun::firing)
        .as("each nominal instant once")
        .isEqualTo(
            IntStream.rangeClosed(1, firings)
                .mapToObj(i -> START.minusMillis(500).plusSeconds(i))
                .toList());
    assertThat(last.runs().stream().collect(Collectors.summingLong(ScheduledRun::rows)))
        .isEqualTo(available);
    assertThat(numbers.published(SOURCE)).isEqualTo(Numbers.upTo(available));
  }

  private static Optional<Instance> frozen(List<Instance> alive) {
    return alive.stream().filter(instance -> instance.frozen.getCount() == 0).findFirst();
  }

  @Test
  void of_two_instances_each_firing_is_run_once_whoever_dies() {
    firingsWhileOwnersDie(25, 2, 2);
  }

  @Test
  @Tag("faults")
  void of_two_instances_each_firing_is_run_once_whoever_dies_often() {
    firingsWhileOwnersDie(100, 2, 25);
  }

  @Test
  @Tag("faults")
  void of_three_instances_each_firing_is_run_once_whoever_dies_often() {
    firingsWhileOwnersDie(100, 3, 25);
  }

  @Test
  void a_clock_that_jumps_an_hour_ahead_and_back_fires_nothing_twice() {
    FiringPolicy once = FiringPolicy.DEFAULT;
    CollectedEvents told = new CollectedEvents();
    numbers.events().subscribe("schedule", told);
    Instance instance = new Instance(once);
    new Instance(once);
    advance(Duration.ofSeconds(1));
    await("the first run", () -> done(instance.runs()) == 1);
    advance(Duration.ofHours(1));
    await("one run for all that was missed", () -> done(instance.runs()) == 2);
    Event skipped = told.await("schedule.skipped");
    assertThat(skipped.metadata())
        .containsEntry("source", SOURCE)
        .containsEntry("reason", "misfire")
        .containsEntry("first", "2026-03-01T00:00:02Z");
    assertThat(told.under("schedule.run.start")).hasSize(2);
    told.await(
        "the end of the second run",
        event ->
            event.isUnder("schedule.run.stop")
                && event.metadata().get("firing").equals("2026-03-01T01:00:01Z")
                && event.metadata().get("outcome").equals("done"));
    advance(Duration.ofHours(-1));
    advance(Duration.ofMinutes(59));
    expelAll(); // an owner that begins anew is not misled either
    Instance third = new Instance(once);
    await("it knows the runs", () -> done(third.runs()) == 2);
    advance(Duration.ofMinutes(1));
    advance(Duration.ofSeconds(1));
    await("the next one", () -> done(instance.runs()) == 3);
    Instant first = START.plusMillis(500);
    assertThat(instance.runs())
        .filteredOn(run -> run.outcome() == Outcome.DONE)
        .extracting(ScheduledRun::firing)
        .containsExactly(first, first.plusSeconds(3600), first.plusSeconds(3601));
    assertThat(instance.runs())
        .filteredOn(run -> run.outcome() == Outcome.SKIPPED)
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.firing()).isEqualTo(first.plusSeconds(1));
              assertThat(run.until()).isEqualTo(first.plusSeconds(3599));
              assertThat(run.error()).contains("misfire");
            });
  }

  @Test
  void a_schedule_is_paused_run_by_hand_once_and_resumed_whoever_is_its_owner() {
    ScheduleCommands commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
    Instance first = new Instance(FiringPolicy.DEFAULT);
    await("it is known", () -> commands.schedules().size() == 1);
    commands.send(SOURCE, Simple.PAUSE);
    await("it is paused", () -> commands.schedules().get(0).paused());
    advance(Duration.ofSeconds(30));
    commands.send(SOURCE, Simple.RUN);
    expelAll(); // who takes over obeys what is not obeyed yet
    Instance second = new Instance(FiringPolicy.DEFAULT);
    commands.send(SOURCE, Simple.RESUME);
    await("by hand, and for all that was missed", () -> done(second.runs()) == 2);
    advance(Duration.ofSeconds(1));
    await("as scheduled", () -> done(first.runs()) == 3);
    assertThat(commands.schedules())
        .singleElement()
        .satisfies(
            schedule -> {
              assertThat(schedule.words()).isEqualTo("every 1s");
              assertThat(schedule.paused()).isFalse();
              assertThat(schedule.next()).hasSize(5).first().isEqualTo("2026-03-01T00:00:32Z");
            });
  }

  @Test
  void a_schedule_is_changed_deleted_and_reset_whoever_is_its_owner() {
    ScheduleCommands commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
    Instance first = new Instance(FiringPolicy.DEFAULT);
    await("it is known", () -> commands.schedules().size() == 1);
    commands.send(
        SOURCE, Change.to(ScheduleOverride.of(Map.of("every", "10s", "overlap", "queue"))));
    awaitWords(commands, "every 10s");
    assertThat(commands.schedules().get(0).definition()).contains("every 1s");
    assertThat(commands.schedules().get(0).values())
        .containsEntry("every", "10s")
        .containsEntry("overlap", "queue")
        .containsEntry("retries", "3");
    advance(Duration.ofSeconds(10));
    await("the first run", () -> done(first.runs()) == 1);
    first.extractors.close();
    Instance second = new Instance(FiringPolicy.DEFAULT, 2); // its definition has changed
    await("it has seen it", () -> definition(commands).equals(Optional.of("every 2s")));
    awaitWords(commands, "every 10s");
    advance(Duration.ofSeconds(10));
    await("the second run", () -> done(second.runs()) == 2);
    commands.send(SOURCE, Change.to(ScheduleOverride.NEVER));
    awaitWords(commands, "never");
    advance(Duration.ofMinutes(1));
    commands.send(SOURCE, Simple.RUN);
    await("a run by hand", () -> done(second.runs()) == 3);
    commands.send(SOURCE, Change.back());
    awaitWords(commands, "every 2s");
    assertThat(definition(commands)).isEmpty();
    advance(Duration.ofSeconds(2));
    await("as the definition says", () -> done(second.runs()) == 4);
    assertThat(second.runs())
        .extracting(run -> Duration.between(START, run.firing()).toMillis())
        .as("and nothing that was missed while there was no schedule")
        .containsExactly(9_500L, 19_500L, 80_000L, 81_500L);
  }

  @Test
  void what_was_due_before_a_change_is_run_as_the_former_schedule_said() {
    ScheduleCommands commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
    Instance first = new Instance(FiringPolicy.DEFAULT);
    await("it is known", () -> commands.schedules().size() == 1);
    first.extractors.close();
    advance(Duration.ofSeconds(5));
    commands.send(SOURCE, Change.to(ScheduleOverride.of(Map.of("every", "1h"))));
    Instance second = new Instance(FiringPolicy.DEFAULT);
    await("one run for those that were missed", () -> done(second.runs()) == 1);
    awaitWords(commands, "every 1h");
    commands.send(SOURCE, Simple.PAUSE);
    await("it is paused", () -> commands.schedules().get(0).paused());
    advance(Duration.ofHours(3));
    commands.send(SOURCE, Change.back());
    commands.send(SOURCE, Simple.RESUME);
    awaitWords(commands, "every 1s");
    await("it goes on", () -> !commands.schedules().get(0).paused());
    advance(Duration.ofSeconds(1));
    await("the next run", () -> done(second.runs()) == 2);
    assertThat(second.runs())
        .extracting(
            run -> Duration.between(START, run.firing()).toMillis(),
            run -> Duration.between(START, run.until()).toMillis(),
            ScheduledRun::outcome)
        .containsExactly(
            tuple(500L, 3_500L, Outcome.SKIPPED),
            tuple(4_500L, 4_500L, Outcome.DONE),
            tuple(3_599_500L, 10_799_500L, Outcome.SKIPPED),
            tuple(10_805_500L, 10_805_500L, Outcome.DONE));
  }

  @Test
  void a_definition_with_another_schedule_counts_from_the_start_and_the_former_one_until_then() {
    ScheduleCommands commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
    CollectedEvents told = new CollectedEvents();
    numbers.events().subscribe("schedule.changed", told);
    Instance first = new Instance(FiringPolicy.DEFAULT, 10);
    advance(Duration.ofSeconds(10));
    await("the first run", () -> done(first.runs()) == 1);
    first.extractors.close();
    advance(Duration.ofSeconds(25)); // 20 s and 30 s are missed
    Instance second = new Instance(FiringPolicy.DEFAULT, 2); // which would have missed 34 s
    await("one run for those that were missed", () -> done(second.runs()) == 2);
    awaitWords(commands, "every 2s");
    advance(Duration.ofMillis(500));
    await("its first run", () -> done(second.runs()) == 3);
    assertThat(second.runs())
        .extracting(run -> Duration.between(START, run.firing()).toMillis(), ScheduledRun::outcome)
        .containsExactly(
            tuple(9_500L, Outcome.DONE),
            tuple(19_500L, Outcome.SKIPPED),
            tuple(29_500L, Outcome.DONE),
            tuple(35_500L, Outcome.DONE));
    assertThat(told.await("schedule.changed").metadata())
        .containsEntry("source", SOURCE)
        .containsEntry("change", "definition")
        .hasEntrySatisfying("from", from -> assertThat(from.toString()).startsWith("every 10s, "))
        .hasEntrySatisfying("to", to -> assertThat(to.toString()).startsWith("every 2s, "));
  }

  @Test
  void a_policy_that_a_definition_has_changed_does_not_move_the_times() {
    FiringPolicy none =
        new FiringPolicy(
            Overlap.SKIP,
            Misfire.SKIP,
            1,
            Optional.empty(),
            0,
            Duration.ofSeconds(1),
            Duration.ZERO,
            0);
    Instance first = new Instance(FiringPolicy.DEFAULT, 600);
    advance(Duration.ofMinutes(10));
    await("the first run", () -> done(first.runs()) == 1);
    first.extractors.close();
    advance(Duration.ofMinutes(25)); // 20 and 30 min are missed, once of them is run
    Instance second = new Instance(none, 600);
    await("the former policy's run", () -> done(second.runs()) == 2);
    second.extractors.close();
    advance(Duration.ofMinutes(20)); // 40 and 50 min are missed, and none of them is run
    Instance third = new Instance(none, 600);
    await("they are skipped", () -> third.runs().size() == 4);
    assertThat(third.runs())
        .extracting(run -> Duration.between(START, run.firing()).toMinutes(), ScheduledRun::outcome)
        .containsExactly(
            tuple(9L, Outcome.DONE),
            tuple(19L, Outcome.SKIPPED),
            tuple(29L, Outcome.DONE),
            tuple(39L, Outcome.SKIPPED));
  }

  @Test
  void each_change_is_told_by_who_obeys_it() {
    ScheduleCommands commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
    CollectedEvents told = new CollectedEvents();
    numbers.events().subscribe("schedule.changed", told);
    new Instance(FiringPolicy.DEFAULT);
    new Instance(FiringPolicy.DEFAULT);
    await("it is known", () -> commands.schedules().size() == 1);
    commands.send(SOURCE, Simple.PAUSE);
    commands.send(SOURCE, Simple.PAUSE); // which changes nothing
    commands.send(SOURCE, Change.to(ScheduleOverride.of(Map.of("overlap", "queue"))));
    commands.send(SOURCE, Change.to(ScheduleOverride.NEVER));
    commands.send(SOURCE, Simple.RESUME);
    commands.send(SOURCE, Change.back());
    awaitWords(commands, "every 1s");
    told.await("the last one", event -> event.metadata().get("change").equals("reset"));
    String usual =
        ", misfire once, misfire-cap 100, timeout none, retries 3, backoff 10s, jitter 0s";
    assertThat(told.under("schedule.changed"))
        .extracting(
            event -> event.metadata().get("change"),
            event -> event.metadata().get("from"),
            event -> event.metadata().get("to"))
        .containsExactly(
            tuple(
                "pause",
                "every 1s, overlap skip" + usual,
                "paused; every 1s, overlap skip" + usual),
            tuple(
                "set",
                "paused; every 1s, overlap skip" + usual,
                "paused; every 1s, overlap queue" + usual),
            tuple(
                "delete",
                "paused; every 1s, overlap queue" + usual,
                "paused; never, overlap skip" + usual),
            tuple("resume", "paused; never, overlap skip" + usual, "never, overlap skip" + usual),
            tuple("reset", "never, overlap skip" + usual, "every 1s, overlap skip" + usual));
  }

  @Test
  void what_is_due_after_it_was_deleted_is_not_run_by_who_comes_later() {
    ScheduleCommands commands = new ScheduleCommands(numbers.topics(), numbers.server(), clock);
    Instance first = new Instance(FiringPolicy.DEFAULT);
    await("it is known", () -> commands.schedules().size() == 1);
    first.extractors.close();
    commands.send(SOURCE, Change.to(ScheduleOverride.NEVER));
    advance(Duration.ofSeconds(5));
    commands.send(SOURCE, Simple.RUN);
    Instance second = new Instance(FiringPolicy.DEFAULT);
    await("a run by hand", () -> done(second.runs()) == 1);
    assertThat(second.runs()).extracting(ScheduledRun::firing).containsExactly(clock.instant());
  }

  private static Optional<String> definition(ScheduleCommands commands) {
    return commands.schedules().get(0).definition();
  }

  private void awaitWords(ScheduleCommands commands, String words) {
    await(words, () -> commands.schedules().get(0).words().equals(words));
  }

  @Test
  void a_run_that_fails_is_tried_again_and_does_not_end_the_extractor() {
    FiringPolicy policy =
        new FiringPolicy(
            Overlap.SKIP,
            Misfire.ONCE,
            1,
            Optional.empty(),
            1,
            Duration.ofSeconds(10),
            Duration.ZERO,
            0);
    failing = true;
    Instance instance = new Instance(policy);
    available = ROWS;
    advance(Duration.ofSeconds(1));
    await("the first attempt", () -> instance.runs().size() == 1 && done(instance.runs()) == 0);
    await("it has failed", () -> instance.runs().get(0).outcome() == Outcome.FAILED);
    failing = false;
    advance(Duration.ofMillis(9_999));
    advance(Duration.ofMillis(2));
    await("the second attempt", () -> done(instance.runs()) >= 1);
    assertThat(instance.runs())
        .filteredOn(run -> run.firing().equals(START.plusMillis(500)) && run.attempt() > 0)
        .extracting(ScheduledRun::outcome, ScheduledRun::attempt, ScheduledRun::error)
        .containsExactly(
            tuple(Outcome.FAILED, 1, Optional.of("no rows today")),
            tuple(Outcome.DONE, 2, Optional.empty()));
    assertThat(numbers.published(SOURCE)).isEqualTo(Numbers.upTo(ROWS));
  }
}
