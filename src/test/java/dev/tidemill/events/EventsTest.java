package dev.tidemill.events;

import static dev.tidemill.events.EventType.BATCH_LOADED;
import static dev.tidemill.events.EventType.LOAD_ELECTED;
import static dev.tidemill.events.EventType.LOAD_STAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventsTest {
  private static final Instant NOW = Instant.parse("2024-03-10T05:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final Events events =
      new Events(Map.of("pipeline", "p"), Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
  private final CollectedEvents collected = new CollectedEvents();

  @AfterEach
  void close() {
    events.close();
  }

  private void elected(String target) {
    events.event(LOAD_ELECTED).with("target", target).emit();
  }

  private static List<String> targets(CollectedEvents collected) {
    return collected.under("load").stream().map(event -> event.metadata().get("target")).toList();
  }

  @Test
  void a_span_is_a_start_and_a_stop_with_one_id_and_the_time_between() {
    Subscription subscription = events.subscribe("", collected);
    String result =
        events
            .event(LOAD_STAGE)
            .with("target", "t")
            .around(
                span -> {
                  nanos.addAndGet(7_000_000);
                  span.with("rows", 12);
                  return "done";
                });
    subscription.close();
    assertThat(result).isEqualTo("done");
    assertThat(collected.names()).containsExactly("load.stage.start", "load.stage.stop");
    Event start = collected.all().get(0);
    Event stop = collected.all().get(1);
    assertThat(start.duration()).isEmpty();
    assertThat(start.measurements()).isEmpty();
    assertThat(start.metadata()).isEqualTo(Map.of("pipeline", "p", "target", "t"));
    assertThat(stop.duration()).contains(Duration.ofMillis(7));
    assertThat(stop.measurements()).isEqualTo(Map.of("rows", 12L));
    assertThat(stop.metadata()).isEqualTo(start.metadata());
    assertThat(stop.span()).isEqualTo(start.span()).isPresent();
    assertThat(stop.time()).isEqualTo(NOW);
    assertThat(stop.error()).isEmpty();
  }

  @Test
  void what_the_work_throws_ends_the_span_and_comes_out_as_it_is() {
    Subscription subscription = events.subscribe("load.stage", collected);
    IOException broken = new IOException("broken");
    assertThatThrownBy(
            () ->
                events
                    .event(LOAD_STAGE)
                    .with("target", "t")
                    .around(
                        span -> {
                          nanos.addAndGet(1_000);
                          throw broken;
                        }))
        .isSameAs(broken);
    subscription.close();
    assertThat(collected.names()).containsExactly("load.stage.start", "load.stage.exception");
    assertThat(collected.all().get(1).error()).containsSame(broken);
    assertThat(collected.all().get(1).duration()).contains(Duration.ofNanos(1_000));
  }

  @Test
  void a_span_ends_once() {
    Subscription subscription = events.subscribe("load", collected);
    Span span = events.event(LOAD_STAGE).with("target", "t").start().with("rows", 1);
    span.stop();
    span.stop();
    span.failed(new IOException());
    subscription.close();
    assertThat(collected.names()).containsExactly("load.stage.start", "load.stage.stop");
  }

  @Test
  void a_prefix_means_whole_words() {
    assertThat(EventType.isUnder("batch.closed", "batch")).isTrue();
    assertThat(EventType.isUnder("batch.closed", "batch.closed")).isTrue();
    assertThat(EventType.isUnder("batch.closed", "")).isTrue();
    assertThat(EventType.isUnder("batches.x", "batch")).isFalse();
    assertThat(EventType.isUnder("batch", "batch.closed")).isFalse();

    Subscription subscription =
        events.subscribe("x", List.of("load.stage.stop", "batch"), collected);
    events.event(LOAD_STAGE).with("target", "t").start().with("rows", 1).stop();
    elected("t");
    events.event(BATCH_LOADED).with("batch", "b").with("attempt", "1").with("rows", 3).emit();
    subscription.close();
    assertThat(collected.names()).containsExactly("load.stage.stop", "batch.loaded");
  }

  @Test
  void a_prefix_without_events_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> events.subscribe("bacth", collected))
        .withMessage("no event begins with 'bacth'");
    assertThat(events.subscriptions()).isEmpty();
  }

  @Test
  void who_has_unsubscribed_hears_nothing_more() {
    Subscription subscription = events.subscribe("", collected);
    elected("before");
    subscription.close();
    elected("after");
    assertThat(targets(collected)).containsExactly("before");
    assertThat(events.subscriptions()).isEmpty();
  }

  @Test
  void a_listener_that_throws_is_called_again_and_the_others_are_told() {
    CollectedEvents others = new CollectedEvents();
    Subscription watching = events.subscribe("", others);
    IllegalStateException broken = new IllegalStateException("broken");
    AtomicBoolean isBroken = new AtomicBoolean(true);
    Subscription failing =
        events.subscribe(
            "failing",
            List.of("load"),
            event -> {
              collected.on(event);
              if (isBroken.getAndSet(false)) {
                throw broken;
              }
            });
    elected("one");
    elected("two");
    failing.close();
    watching.close();
    assertThat(targets(collected)).containsExactly("one", "two");
    assertThat(failing.failed()).isEqualTo(1);
    assertThat(failing.delivered()).isEqualTo(1);
    assertThat(failing.lost()).isZero();
    assertThat(targets(others)).containsExactly("one", "two");
    Event told = others.await("listener.failed");
    assertThat(told.metadata()).containsEntry("listener", "failing");
    assertThat(told.error()).containsSame(broken);
  }

  @Test
  void one_that_goes_on_throwing_is_left_out_for_a_while_and_learns_what_it_has_missed() {
    CollectedEvents others = new CollectedEvents();
    events.subscribe("listener", others);
    AtomicBoolean isBroken = new AtomicBoolean(true);
    Subscription failing =
        events.subscribe(
            "failing",
            List.of("load"),
            event -> {
              if (isBroken.get()) {
                throw new NoClassDefFoundError("com/acme/Driver");
              }
              collected.on(event);
            });
    for (int i = 0; i < Subscription.MOST_FAILURES; i++) {
      elected("fails " + i);
    }
    Event suspended = others.await("listener.suspended");
    assertThat(suspended.measurements())
        .isEqualTo(Map.of("millis", Subscription.FIRST_PAUSE.toMillis()));
    isBroken.set(false);
    elected("lost 1");
    elected("lost 2");
    await(() -> failing.lost() == 2);

    nanos.addAndGet(Subscription.FIRST_PAUSE.toNanos());
    elected("told");

    collected.await("told", event -> "told".equals(event.metadata().get("target")));
    assertThat(collected.names()).containsExactly("listener.lost", "load.elected");
    assertThat(collected.all().get(0).measurements()).isEqualTo(Map.of("events", 2L));
    failing.close();
    assertThat(failing.failed()).isEqualTo(Subscription.MOST_FAILURES);
    assertThat(others.under("listener.failed")).hasSize(Subscription.MOST_FAILURES);
    assertThat(others.under("listener.suspended")).hasSize(1);
  }

  @Test
  void a_pause_grows_while_the_listener_goes_on_throwing() {
    CollectedEvents others = new CollectedEvents();
    events.subscribe("listener.suspended", others);
    events.subscribe(
        "failing",
        List.of("load"),
        event -> {
          throw new IOException("broken");
        });
    for (int i = 0; i < Subscription.MOST_FAILURES; i++) {
      elected("fails");
    }
    for (int times = 1; times <= 8; times++) {
      long pause = Math.min(10_000L << (times - 1), Subscription.LONGEST_PAUSE.toMillis());
      int suspended = times;
      others.await("pause " + pause, event -> others.all().size() == suspended);
      assertThat(others.all().get(times - 1).measurements()).isEqualTo(Map.of("millis", pause));
      nanos.addAndGet(Duration.ofMillis(pause).toNanos());
      elected("fails again");
    }
  }

  @Test
  void a_blocked_listener_loses_events_and_holds_up_nobody() {
    CollectedEvents others = new CollectedEvents();
    Subscription watching = events.subscribe("listener", others);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Subscription slow =
        events.subscribe(
            "slow",
            List.of("load"),
            event -> {
              blocked.countDown();
              goOn.await();
              collected.on(event);
            });
    elected("first");
    await(() -> blocked.getCount() == 0);
    int more = 7;
    for (int i = 0; i < Subscription.MOST_WAITING + more; i++) {
      elected("waiting " + i);
    }
    assertThat(slow.lost()).isEqualTo(more);
    goOn.countDown();
    await(() -> slow.delivered() == Subscription.MOST_WAITING + 1);
    elected("last");
    slow.close();
    watching.close();

    List<Event> all = collected.all();
    assertThat(all).hasSize(Subscription.MOST_WAITING + 3);
    assertThat(all.get(all.size() - 2).name()).isEqualTo("listener.lost");
    assertThat(all.get(all.size() - 2).measurements()).isEqualTo(Map.of("events", (long) more));
    assertThat(all.get(all.size() - 1).metadata()).containsEntry("target", "last");
    assertThat(others.names()).containsExactly("listener.behind", "listener.lost");
  }

  @Test
  void two_blocked_listeners_do_not_tell_each_other_for_ever() {
    CountDownLatch goOn = new CountDownLatch(1);
    Subscription one = events.subscribe("one", List.of(""), event -> goOn.await());
    Subscription two = events.subscribe("two", List.of(""), event -> goOn.await());
    for (int i = 0; i < 2 * Subscription.MOST_WAITING; i++) {
      elected("t");
    }
    goOn.countDown();
    one.close();
    two.close();
    assertThat(one.lost()).isGreaterThanOrEqualTo(Subscription.MOST_WAITING - 1L);
    assertThat(one.delivered() + one.lost()).isBetween(2_000L, 2_010L);
    assertThat(two.delivered() + two.lost()).isBetween(2_000L, 2_010L);
  }

  @Test
  void a_listener_that_never_returns_does_not_hold_up_the_end() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Subscription stuck =
        events.subscribe(
            "stuck",
            List.of("load"),
            event -> {
              try {
                never.await();
              } finally {
                interrupted.countDown();
              }
            });
    elected("one");
    elected("two");
    events.close();
    await(() -> interrupted.getCount() == 0);
    assertThat(stuck.lost()).isEqualTo(1);
    await(() -> stuck.failed() == 1);
  }

  /** It is told what comes, and is closed after its last event, by its own thread. */
  private static final class Closeable implements EventListener, AutoCloseable {
    private final CollectedEvents events = new CollectedEvents();
    private volatile int eventsWhenClosed = -1;

    @Override
    public void on(Event event) {
      events.on(event);
      Thread.currentThread().interrupt(); // as careless code does
    }

    @Override
    public void close() {
      eventsWhenClosed = events.all().size();
    }
  }

  @Test
  void a_listener_that_can_be_closed_is_closed_after_its_last_event() {
    Closeable listener = new Closeable();
    events.subscribe("load", listener);
    elected("one");
    elected("two");
    events.close();
    assertThat(listener.eventsWhenClosed).isEqualTo(2);
  }

  @Test
  void without_a_listener_nothing_is_allocated() {
    events.subscribe("batch", collected);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    tellOften(); // loads what is loaded once
    long self = Thread.currentThread().getId();
    long before = memory.getThreadAllocatedBytes(self);
    tellOften();
    long after = memory.getThreadAllocatedBytes(self);
    assertThat(after - before).as("bytes for 20,000 events").isLessThan(1_000);
  }

  private void tellOften() {
    for (int i = 0; i < 10_000; i++) {
      events.event(LOAD_ELECTED).with("target", "t").emit();
      events.event(LOAD_STAGE).with("target", "t").start().with("rows", i).stop();
    }
  }

  @Test
  void what_is_not_declared_can_not_be_told() {
    events.subscribe("", collected);
    assertThatThrownBy(() -> events.event(LOAD_ELECTED).with("batch", "b"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("LOAD_ELECTED does not declare batch");
    assertThatThrownBy(() -> events.event(LOAD_ELECTED).emit())
        .isInstanceOf(AssertionError.class)
        .hasMessage("LOAD_ELECTED lacks what it declares");
    assertThatThrownBy(() -> events.event(LOAD_ELECTED).start())
        .isInstanceOf(AssertionError.class)
        .hasMessage("LOAD_ELECTED is a moment");
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
