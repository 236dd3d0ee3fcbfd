package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.batch.Pause;
import dev.tidemill.definition.FunctionDefinition;
import dev.tidemill.definition.MaxRejects;
import dev.tidemill.sql.FunctionJar;
import dev.tidemill.sql.UserFunctions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the breaker breaks is a function of the log: whoever reads it, however often. */
class BreakerTest {
  private static final MaxRejects TENTH = new MaxRejects(Optional.of(10.0), Optional.empty());
  private static final MaxRejects THREE = new MaxRejects(Optional.empty(), Optional.of(3L));
  private static final Spec SPEC = Spec.sums(1).expect("known", "k <> 'poison'");

  private static SimulatedPipeline pipeline(MaxRejects limit) {
    return new SimulatedPipeline(new SimulatedPipeline.Parts(SPEC.maxRejects(limit)), 10);
  }

  private static Event good(int i) {
    return Event.of("2024-03-10T05:%02d:%02d".formatted(i / 60 % 60, i % 60), "a");
  }

  private static Event poison(int i) {
    return Event.of("2024-03-10T05:%02d:%02d".formatted(i / 60 % 60, i % 60), "poison");
  }

  private static void poison(SimulatedPipeline pipeline, int from, int count) {
    for (int i = from; i < from + count; i++) {
      pipeline.append(0, poison(i));
    }
  }

  private static void good(SimulatedPipeline pipeline, int from, int count) {
    for (int i = from; i < from + count; i++) {
      pipeline.append(0, good(i));
    }
  }

  /** Reads on until it breaks, as Kafka Streams would: what is not committed is not there. */
  private static Optional<Pause> run(SimulatedPipeline pipeline) {
    try {
      while (pipeline.intake(0).processOne()) {}
      pipeline.settle();
      return Optional.empty();
    } catch (PausedException e) {
      pipeline.tasks().forEach(SimulatedTask::restart);
      return Optional.of(e.pause());
    }
  }

  @Test
  void more_in_a_row_than_permitted_pause_before_the_record() {
    SimulatedPipeline pipeline = pipeline(THREE);
    good(pipeline, 0, 5);
    poison(pipeline, 5, 10);

    Pause pause = run(pipeline).orElseThrow();

    assertThat(pause.offset()).isEqualTo(8);
    assertThat(pause.read()).isEqualTo(9);
    assertThat(pause.toString())
        .isEqualTo(
            "PAUSED before simulated-events-0@8: 4 records in a row were rejected, and"
                + " 'max-rejects' permits 3. The last one because of expect: known. Nothing is lost:"
                + " mend the definition or the data and start again; or raise 'max-rejects'; or go on"
                + " with 'run --ignore-max-rejects'.\n"
                + "  4 like simulated-events-0@5: expect: known:"
                + " {\"at\":\"2024-03-10T05:00:05Z\",\"k\":\"poison\",\"amount\":1.0}");
  }

  @Test
  void each_reason_has_a_sample_the_most_frequent_one_first_also_over_a_restart() {
    SimulatedPipeline pipeline = pipeline(new MaxRejects(Optional.empty(), Optional.of(100L)));
    poison(pipeline, 0, 1);
    pipeline.append(0, new byte[] {7});
    pipeline.append(0, Event.of("9999-01-01T00:00:00", "x".repeat(1000)));
    poison(pipeline, 3, 40);
    assertThat(run(pipeline)).isEmpty();
    pipeline.tasks().forEach(SimulatedTask::restart);
    poison(pipeline, 43, 100);

    Pause pause = run(pipeline).orElseThrow();

    assertThat(pause.samples())
        .extracting(Pause.Sample::count, Pause.Sample::offset, sample -> sample.value().length())
        .containsExactly(tuple(99L, 0L, 55), tuple(1L, 1L, 4), tuple(1L, 2L, 300));
    assertThat(pause.samples().get(1).value()).isEqualTo("0x07");
    assertThat(pause.samples().get(2).value()).endsWith("xxx…");
  }

  @Test
  void a_function_with_other_code_begins_to_count_anew(@TempDir Path folder) {
    SimulatedPipeline pipeline =
        new SimulatedPipeline(
            new SimulatedPipeline.Parts(
                SPEC.maxRejects(THREE).functions(function(folder, "return 1;"))),
            10);
    poison(pipeline, 0, 3);
    assertThat(run(pipeline)).isEmpty();
    pipeline.change(SPEC.maxRejects(THREE).functions(function(folder, "return 1; ")));
    poison(pipeline, 3, 1);
    assertThat(run(pipeline)).as("built again, it is the same").isPresent();

    pipeline.change(SPEC.maxRejects(THREE).functions(function(folder, "return 2;")));
    assertThat(run(pipeline)).isEmpty();
    assertThat(pipeline.rejects()).hasSize(4);
  }

  /** All in a new jar, as whoever builds it again has one. */
  private static UserFunctions function(Path folder, String body) {
    Path jar =
        FunctionJar.write(
            folder.resolve(UUID.randomUUID() + ".jar"),
            Map.of(
                "com.acme.F",
                "package com.acme; public final class F { public static int eval(int x) { return"
                    + " G.g(); } }",
                "com.acme.G",
                "package com.acme; final class G { static int g() { " + body + " } }"));
    return UserFunctions.load(
        List.of(new FunctionDefinition("f", "com.acme.F", Optional.of(jar))), new ArrayList<>());
  }

  @Test
  void as_many_as_permitted_do_not_pause_and_a_good_one_begins_the_row_anew() {
    SimulatedPipeline pipeline = pipeline(THREE);
    for (int i = 0; i < 40; i += 4) {
      poison(pipeline, i, 3);
      good(pipeline, i + 3, 1);
    }

    assertThat(run(pipeline)).isEmpty();
    assertThat(pipeline.rejects()).hasSize(30);
  }

  @Test
  void a_row_goes_on_over_batches_and_records_without_time() {
    SimulatedPipeline pipeline = pipeline(THREE);
    pipeline.append(0, Event.of("2024-03-10T05:00:00", "poison"));
    pipeline.append(0, new byte[] {7});
    pipeline.append(0, Event.of("2024-03-10T06:00:00", "poison"));
    pipeline.append(0, Event.of("2024-03-10T07:00:00", "poison"));

    assertThat(run(pipeline).orElseThrow().offset()).isEqualTo(3);
  }

  @Test
  void a_share_is_told_from_the_hundredth_record_of_the_clocks_batch_on() {
    SimulatedPipeline pipeline = pipeline(TENTH);
    poison(pipeline, 0, 50);
    good(pipeline, 50, 49);
    poison(pipeline, 99, 1);

    Pause pause = run(pipeline).orElseThrow();

    assertThat(pause.offset()).isEqualTo(99);
    assertThat(pause.reason())
        .startsWith(
            "51 of 100 records were rejected while the partition's clock was in batch"
                + " 2024-03-10T05:00:00Z, and 'max-rejects' permits 10 %.");
  }

  @Test
  void exactly_the_share_is_permitted_and_the_next_batch_begins_anew() {
    SimulatedPipeline pipeline = pipeline(TENTH);
    good(pipeline, 0, 180);
    poison(pipeline, 180, 20);
    pipeline.append(0, Event.of("2024-03-10T06:00:00", "a"));
    for (int i = 0; i < 50; i++) {
      pipeline.append(0, Event.of("2024-03-10T06:00:00", "poison"));
    }

    assertThat(run(pipeline)).isEmpty();
  }

  @Test
  void late_records_do_not_count() {
    SimulatedPipeline pipeline = pipeline(THREE);
    pipeline.append(0, Event.of("2024-03-10T08:00:00", "a"));
    good(pipeline, 0, 20);
    pipeline.append(0, Event.of("2000-01-01T00:00:00", "a")); // past keep, too
    pipeline.append(0, Event.of("2000-01-01T00:00:00", "a"));

    assertThat(run(pipeline)).isEmpty();
    assertThat(pipeline.rejects()).hasSize(22);
  }

  @Test
  void a_restart_pauses_at_the_same_record_with_the_same_words_wherever_it_died_before() {
    Random random = new Random(20261126);
    for (MaxRejects limit : List.of(TENTH, THREE)) {
      Pause first = null;
      for (int round = 0; round < 40; round++) {
        SimulatedPipeline pipeline = pipeline(limit);
        good(pipeline, 0, 120);
        poison(pipeline, 120, 2);
        pipeline.append(0, new byte[] {7});
        good(pipeline, 122, 30);
        poison(pipeline, 152, 40);
        Optional<Pause> pause = Optional.empty();
        while (pause.isEmpty()) {
          try {
            for (int i = random.nextInt(60); i >= 0 && pipeline.intake(0).processOne(); i--) {}
            if (random.nextBoolean()) {
              pipeline.commit(pipeline.tasks());
            } else {
              pipeline.tasks().forEach(SimulatedTask::restart);
            }
          } catch (PausedException e) {
            pause = Optional.of(e.pause());
            pipeline.tasks().forEach(SimulatedTask::restart);
          }
        }
        first = first == null ? pause.get() : first;
        assertThat(pause).contains(first);
        assertThat(run(pipeline)).as("it never loops").contains(first);
        assertThat(run(pipeline)).contains(first);
        assertThat(pipeline.rejects().size()).as("it is not emptied").isLessThan(40);
      }
    }
  }

  @Test
  void a_changed_definition_goes_on_with_nothing_lost_or_twice() {
    SimulatedPipeline pipeline = pipeline(THREE);
    good(pipeline, 0, 5);
    poison(pipeline, 5, 3);
    while (pipeline.intake(0).processOne()) {}
    pipeline.commit(pipeline.tasks());
    poison(pipeline, 8, 2);
    assertThat(run(pipeline).orElseThrow().offset()).isEqualTo(8);

    pipeline.change(SPEC.maxRejects(new MaxRejects(Optional.empty(), Optional.of(4L))));

    assertThat(run(pipeline)).as("what was counted before does not count").isEmpty();
    assertThat(pipeline.rejects()).hasSize(5).doesNotHaveDuplicates();
    assertThat(pipeline.entries()).allMatch(LedgerEntry::balances);
    assertThat(pipeline.entries().iterator().next().books().read()).isEqualTo(10);
  }

  @Test
  void without_a_limit_nothing_pauses() {
    SimulatedPipeline pipeline = pipeline(MaxRejects.ANY);
    poison(pipeline, 0, 2_000);

    assertThat(run(pipeline)).isEmpty();
    assertThat(pipeline.rejects()).hasSize(2_000);
  }

  @Test
  void a_record_that_was_read_on_ends_the_pause() {
    Pause pause = new Pause("t", 1, 8, 9, Instant.EPOCH, "", List.of());
    assertThat(pause.isOver(new PartitionRead("t", 1, 8, 0))).isFalse();
    assertThat(pause.isOver(new PartitionRead("t", 0, 9, 0))).isFalse();
    assertThat(pause.isOver(new PartitionRead("t", 1, 9, 0))).isTrue();
  }
}
