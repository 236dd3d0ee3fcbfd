package dev.tidemill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.cli.Table;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.load.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * The life of a pipeline whose source has a schedule of every second, in several processes, and the
 * check of every firing and every row at its end. Its random decisions come from its seed alone.
 */
final class ScheduledTrial implements AutoCloseable {
  private static final String SOURCE = "numbers";
  private static final int ROWS_AT_ONCE = 50;
  private static final long GROWTH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final String ACQUIRED = "Source " + SOURCE + ": this instance extracts it";
  private static final String RELEASED = "Source " + SOURCE + ": this instance does not extract it";
  private static final String RUN = "Source " + SOURCE + ": run of ";

  private final String name;
  private final Topics topics;
  private final String brokers = SharedCluster.settings().brokers();
  private final String database = PostgresServer.newSchema();
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", brokers));
  private final GrowingInput input;
  private final Processes processes;
  private final List<String> instances;
  private final Random random;
  private final List<Long> takeOverMs = new ArrayList<>();
  private Optional<String> frozen = Optional.empty();
  private int withinARun;
  private int written;
  private long grownNanos;

  ScheduledTrial(String name, int instances, GrowingInput input) {
    this.name = name;
    this.input = input;
    this.topics = new Topics(name);
    this.processes = new Processes(name);
    this.instances = IntStream.range(0, instances).mapToObj(i -> "i" + i).toList();
    this.random = new Random(Programme.seed(name));
    processes.write(
        "row.avsc",
        """
        {"type": "record", "name": "Row", "fields": [
          {"name": "id", "type": "long"}, {"name": "at", "type": "string"}]}
        """);
    processes.write(
        "pipeline.yaml",
        """
        pipeline: %s
        batch: {every: "@hourly", idle-after: 1s, late: amend}
        sources:
          numbers:
            %s
            schema: row.avsc
            event-time: at
            rate: 600/s
            schedule: {every: 1s, misfire: all, overlap: queue, misfire-cap: 1000}
        sql: SELECT id FROM numbers
        load:
          - postgres: {url: "%s", table: numbers}
        """
            .formatted(name, input.origin(processes, database), database));
    grow();
  }

  /**
   * @param hurried whether who is killed is missed at once, and not after the session timeout
   */
  void run(int kills, int freezes, boolean hurried) {
    long began = System.nanoTime();
    instances.forEach(processes::start);
    processes.await("the first owner", () -> owner().isPresent());
    for (int fault = 0; fault < kills + freezes; fault++) {
      awaitAMoment(hurried ? 2 : 4);
      if (freezes > 0 && fault % ((kills + freezes) / freezes) == 0) {
        freezeTheOwner();
      } else {
        killTheOwner(hurried);
      }
    }
    processes.await("all is loaded", () -> loaded() == written);
    processes.stopAll();
    check();
    System.out.printf(
        "%s (%s): kill -9 %d, SIGSTOP %d, within a run %d; firings %d, rows %d, taken over after"
            + " %s ms; %.1f s%n",
        name,
        Programme.seed(),
        kills,
        freezes,
        withinARun,
        runs().stream().filter(Entry::isDone).count(),
        written,
        takeOverMs,
        (System.nanoTime() - began) / 1e9);
  }

  /** Before its first run, within one, or between two. */
  private void awaitAMoment(int mostRuns) {
    String owner = awaitOwner("an owner");
    int runs = random.nextInt(mostRuns);
    awaitGrowing("its runs", () -> isOver(owner, runs) || !owns(owner));
    long until = System.nanoTime() + random.nextLong(1_000_000_000);
    awaitGrowing("a moment", () -> System.nanoTime() >= until);
  }

  private String awaitOwner(String which) {
    awaitGrowing(which, () -> owner().isPresent());
    return owner().orElseThrow();
  }

  private boolean isOver(String owner, int runs) {
    String said = said(owner);
    return said.substring(said.lastIndexOf(ACQUIRED)).split(RUN, -1).length > runs;
  }

  private void killTheOwner(boolean hurried) {
    String owner = awaitOwner("somebody to kill");
    processes.kill(owner);
    long killed = System.nanoTime();
    noteWhetherARunIsUnderWay();
    boolean atOnce = random.nextBoolean();
    if (atOnce) {
      processes.start(owner);
    }
    if (hurried) {
      Departed.sendAwayAmongOthers(admin, topics.applicationId());
    }
    awaitOwner("another one takes over");
    takeOverMs.add((System.nanoTime() - killed) / 1_000_000);
    if (!atOnce) {
      processes.start(owner);
    }
  }

  /** It comes back when another one works, and has to leave the source alone. */
  private void freezeTheOwner() {
    String owner = awaitOwner("somebody to freeze");
    processes.freeze(owner);
    long since = System.nanoTime();
    frozen = Optional.of(owner);
    noteWhetherARunIsUnderWay();
    awaitOwner("another one takes over");
    takeOverMs.add((System.nanoTime() - since) / 1_000_000);
    processes.thaw(owner);
    awaitGrowing("it knows that it was deposed", () -> !owns(owner));
    frozen = Optional.empty();
  }

  private void noteWhetherARunIsUnderWay() {
    List<Entry> runs = runs();
    withinARun += runs.isEmpty() || runs.get(runs.size() - 1).isDone() ? 0 : 1;
  }

  private Optional<String> owner() {
    return instances.stream()
        .filter(instance -> !frozen.equals(Optional.of(instance)) && owns(instance))
        .findFirst();
  }

  private boolean owns(String instance) {
    String said = said(instance);
    return said.lastIndexOf(ACQUIRED) > said.lastIndexOf(RELEASED);
  }

  private String said(String instance) {
    return Optional.ofNullable(processes.running().get(instance))
        .map(ForkedTidemill::err)
        .orElse("");
  }

  private void awaitGrowing(String what, BooleanSupplier condition) {
    processes.await(
        what,
        () -> {
          if (System.nanoTime() - grownNanos >= GROWTH_NANOS) {
            grow();
          }
          return condition.getAsBoolean();
        });
  }

  private void grow() {
    input.grow(written, written + ROWS_AT_ONCE);
    written += ROWS_AT_ONCE;
    grownNanos = System.nanoTime();
  }

  private long loaded() {
    String exists = "SELECT to_regclass('numbers') IS NOT NULL";
    return Table.query(database, exists).get(0).get(0).equals(true)
        ? (Long) Table.query(database, "SELECT COUNT(*) FROM numbers").get(0).get(0)
        : 0;
  }

  /** All that was ever committed, the first one first. */
  private List<Entry> runs() {
    ObjectMapper json = new ObjectMapper();
    return TestClients.committed(brokers, topics.positions()).stream()
        .filter(entry -> new String(entry.key()).startsWith(SOURCE + "#run/"))
        .map(
            entry -> {
              try {
                return Entry.of(json.readTree(entry.value()));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private void check() {
    List<Entry> runs = runs();
    assertThat(runs)
        .as("nothing was skipped, failed or tried again")
        .allMatch(run -> run.attempt() == 1 && List.of("RUNNING", "DONE").contains(run.outcome()));
    List<Entry> done = runs.stream().filter(Entry::isDone).toList();
    Instant first = done.get(0).firing();
    assertThat(done)
        .hasSizeGreaterThan(takeOverMs.size() * 4)
        .extracting(Entry::firing)
        .as("each instant that was due once, in their order")
        .containsExactlyElementsOf(
            Stream.iterate(first, firing -> firing.plusSeconds(1)).limit(done.size()).toList());
    assertThat(done.stream().mapToLong(Entry::rows).sum()).isEqualTo(written);
    List<Long> all = LongStream.range(0, written).boxed().toList();
    assertThat(published()).isEqualTo(all);
    assertThat(Table.query(database, "SELECT id FROM numbers ORDER BY id"))
        .isEqualTo(all.stream().map(Collections::<Object>singletonList).toList());
  }

  /** The numbers of the rows, by where they were read. */
  private List<Long> published() {
    return TestClients.settled(brokers, topics.source(SOURCE)).stream()
        .filter(record -> record.headers().lastHeader("tidemill.id") != null)
        .map(record -> new String(record.headers().lastHeader("tidemill.id").value()))
        .map(input::id)
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    processes.close();
    admin.close();
  }

  /** What the positions of the source say of a run; two entries, if it has ended. */
  private record Entry(long number, Instant firing, int attempt, String outcome, long rows) {
    private static Entry of(JsonNode json) {
      return new Entry(
          json.get("number").asLong(),
          Instant.parse(json.get("firing").asText()),
          json.get("attempt").asInt(),
          json.get("outcome").asText(),
          json.get("rows").asLong());
    }

    private boolean isDone() {
      return outcome.equals("DONE");
    }
  }
}
