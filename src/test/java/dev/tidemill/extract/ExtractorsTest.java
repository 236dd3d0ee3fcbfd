package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.cli.Await;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.Rate;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.TestClients;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Several instances of one pipeline, each with its own group member and extractors. */
@Timeout(60)
class ExtractorsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final IntConsumer NOTHING = number -> {};

  private final List<Extractors> instances = new ArrayList<>();
  private final Map<String, String> owners = new ConcurrentHashMap<>();
  private Numbers numbers;

  @BeforeEach
  void name(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    // Longer than any test waits: so who takes over early was told by who left.
    numbers = new Numbers(name, SharedCluster.brokers(), Duration.ofSeconds(40));
  }

  @AfterEach
  void closeAll() {
    instances.forEach(Extractors::close);
  }

  /** Of sources with so many numbers; before each one, something happens. */
  private Extractors start(String instance, int rows, IntConsumer before, String... sources) {
    Extractors extractors =
        new Extractors(
            numbers.topics(),
            Stream.of(sources).map(Numbers::source).toList(),
            numbers.server(),
            source ->
                numbers.extractor(
                    (SourceDefinition) source,
                    new NumbersFeed(rows, before) {
                      @Override
                      public void restore(Positions committed) {
                        owners.put(source.name(), instance);
                        super.restore(committed);
                      }
                    }));
    instances.add(extractors);
    extractors.check();
    extractors.start();
    return extractors;
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, PATIENCE, condition);
  }

  private static void awaitEnd(Extractors instance, String... sources) {
    await(
        "all is published",
        () -> {
          assertThat(instance.failure()).isEmpty();
          return Stream.of(sources).allMatch(source -> instance.progress(source).ended());
        });
  }

  private static IntConsumer waitingAt(int stop, CountDownLatch there, CountDownLatch goOn) {
    return number -> {
      if (number == stop) {
        there.countDown();
        uninterruptibly(goOn);
      }
    };
  }

  /** As a process that is stopped does not hear that it should end. */
  private static void uninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_rate_is_set_while_it_runs_and_holds_for_the_next_owner() {
    ScheduleCommands commands =
        new ScheduleCommands(numbers.topics(), numbers.server(), Clock.systemUTC());
    assertThatThrownBy(() -> commands.setRate("slow", Optional.empty()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("No source 'slow' of a pipeline");
    SourceDefinition slow =
        Numbers.source("slow", Optional.of(new Rate(1, Duration.ofHours(1))), Optional.empty());
    Extractors first = start(slow, 10);
    await("the first row", () -> first.progress("slow").rows() == 1);
    assertThat(numbers.published("slow")).isEqualTo(Numbers.upTo(1));
    assertThat(commands.rate("slow")).isEmpty();
    commands.setRate("slow", Optional.of(RateOverride.parse("1000/s")));
    assertThat(commands.rate("slow")).contains(RateOverride.parse("1000/s"));
    awaitEnd(first, "slow");
    first.close();

    Extractors second = start(slow, 20); // in hours, by its definition
    awaitEnd(second, "slow");
    assertThat(numbers.published("slow")).isEqualTo(Numbers.upTo(20));
  }

  @Test
  void a_rate_that_is_taken_back_is_the_definitions_again() {
    ScheduleCommands commands =
        new ScheduleCommands(numbers.topics(), numbers.server(), Clock.systemUTC());
    SourceDefinition fast = Numbers.source("fast");
    numbers.extractor(fast, new NumbersFeed(0, NOTHING)).check(); // makes the topics
    commands.setRate("fast", Optional.of(RateOverride.parse("1/h")));
    Extractors extractors = start(fast, 10);
    await("the first row", () -> extractors.progress("fast").rows() == 1);
    commands.setRate("fast", Optional.empty());
    awaitEnd(extractors, "fast");
    assertThat(commands.rate("fast")).isEmpty();
    assertThat(numbers.published("fast")).isEqualTo(Numbers.upTo(10));
  }

  /** The client says the same of a topic that nobody leads, be the broker away or not. */
  @Test
  void a_broker_that_does_not_answer_is_waited_for() {
    SourceDefinition source = Numbers.source("source");
    ServerSettings usual = numbers.server();
    ServerSettings impatient =
        new ServerSettings(
            usual.brokers(),
            usual.registry(),
            usual.stateDir(),
            Map.of("default.api.timeout.ms", "1000"),
            usual.replicationFactor(),
            usual.standbys(),
            usual.stateMemory(),
            usual.sessionTimeout(),
            usual.http());
    Extractors early =
        new Extractors(
            numbers.topics(),
            List.of(source),
            impatient,
            made -> numbers.extractor((SourceDefinition) made, new NumbersFeed(20, NOTHING)));
    instances.add(early);
    early.start(); // unchecked, so that there are no topics
    await(
        "it says what it waits for", // --give-up-after goes by this
        () -> {
          assertThat(early.failure()).isEmpty();
          return early.progress("source").lastError().isPresent();
        });
    assertThat(early.progress("source").lastError().orElseThrow())
        .contains("The broker at " + usual.brokers() + " does not answer", "TimeoutException");
    numbers.extractor(source, new NumbersFeed(0, NOTHING)).check(); // makes the topics
    awaitEnd(early, "source");
    assertThat(early.progress("source").lastError()).isEmpty();
    assertThat(numbers.published("source")).isEqualTo(Numbers.upTo(20));
  }

  private Extractors start(SourceDefinition source, int rows) {
    Extractors extractors =
        new Extractors(
            numbers.topics(),
            List.of(source),
            numbers.server(),
            made -> numbers.extractor((SourceDefinition) made, new NumbersFeed(rows, NOTHING)));
    instances.add(extractors);
    extractors.check();
    extractors.start();
    return extractors;
  }

  @Test
  void sources_are_spread_over_the_instances_and_each_row_is_published_once() throws Exception {
    CountDownLatch here = new CountDownLatch(2);
    CountDownLatch goOn = new CountDownLatch(1);
    IntConsumer inTheMiddle = waitingAt(10, here, goOn);
    Extractors a = start("a", 20, inTheMiddle, "left", "right");
    here.await();
    Extractors b = start("b", 20, NOTHING, "left", "right");
    await("b has joined", () -> members() == 2);
    goOn.countDown();
    awaitEnd(a, "left", "right");
    awaitEnd(b, "left", "right");
    await("each has a source", () -> owners.values().containsAll(List.of("a", "b")));
    for (String source : List.of("left", "right")) {
      assertThat(numbers.published(source)).isEqualTo(Numbers.upTo(20));
      await(
          "both know all of it", // who hands over or takes over may hear of it a little later
          () -> a.progress(source).rows() == 20 && b.progress(source).rows() == 20);
    }
  }

  private int members() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedCluster.brokers()))) {
      String group = numbers.topics().extractGroup();
      return TestClients.get(admin.describeConsumerGroups(List.of(group)).all())
          .get(group)
          .members()
          .size();
    }
  }

  @Test
  void an_owner_that_leaves_hands_its_source_over_at_once() throws Exception {
    CountDownLatch here = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Extractors a = start("a", 20, waitingAt(10, here, goOn), "source");
    here.await();
    Extractors b = start("b", 20, NOTHING, "source");
    await("b has joined", () -> members() == 2);
    Thread leaving = new Thread(a::close);
    leaving.start();
    goOn.countDown();
    awaitEnd(b, "source");
    leaving.join();
    assertThat(numbers.published("source")).isEqualTo(Numbers.upTo(20));
  }

  @Test
  void a_zombie_publishes_nothing_and_stands_by_when_it_comes_back() throws Exception {
    CountDownLatch here = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Extractors zombie = start("zombie", 20, waitingAt(10, here, goOn), "source");
    here.await();
    Extractors other = start("other", 20, NOTHING, "source");
    await("the other has joined", () -> members() == 2);
    removeMembers(); // as the broker does with those that are silent
    awaitEnd(other, "source");
    goOn.countDown();
    awaitEnd(zombie, "source");
    assertThat(numbers.published("source")).isEqualTo(Numbers.upTo(20));
    assertThat(zombie.failure()).isEmpty();
  }

  private void removeMembers() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedCluster.brokers()))) {
      TestClients.get(
          admin
              .removeMembersFromConsumerGroup(
                  numbers.topics().extractGroup(), new RemoveMembersFromConsumerGroupOptions())
              .all());
    }
  }

  @Test
  void an_owner_that_is_fenced_goes_on_after_who_fenced_it() throws Exception {
    CountDownLatch here = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Extractors owner = start("owner", 20, waitingAt(10, here, goOn), "source");
    here.await();
    SourceDefinition source = Numbers.source("source");
    try (Extractor stranger = numbers.extractor(source, new NumbersFeed(15, NOTHING))) {
      stranger.start();
      assertThat(stranger.await(PATIENCE)).isTrue();
    }
    goOn.countDown();
    awaitEnd(owner, "source");
    assertThat(numbers.published("source")).isEqualTo(Numbers.upTo(20));
  }

  /** Else a second {@code run --until-complete} would end before the first one has looked. */
  @Test
  void the_end_of_a_former_run_is_not_the_end_of_this_one() throws Exception {
    try (Extractors former = start("former", 10, NOTHING, "source")) {
      awaitEnd(former, "source");
    }
    CountDownLatch here = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    start("owner", 20, waitingAt(16, here, goOn), "source");
    here.await();
    Extractors other = start("other", 20, NOTHING, "source");
    await("it knows what is published", () -> other.progress("source").rows() == 16);
    assertThat(other.progress("source").ended()).isFalse();
    goOn.countDown();
    awaitEnd(other, "source");
    Extractors late = start("late", 20, NOTHING, "source");
    awaitEnd(late, "source"); // the owner tells again
    assertThat(numbers.published("source")).isEqualTo(Numbers.upTo(20));
  }
}
