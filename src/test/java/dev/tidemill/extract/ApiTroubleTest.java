package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.extract.ApiServer.Asked;
import dev.tidemill.extract.ApiServer.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever an API does, in whatever order: a list that grows at its end while it is read, and a
 * server that fails, throttles, is slow and cuts connections. Another order each time; a failure
 * names its seed.
 */
@Timeout(60)
class ApiTroubleTest {
  private static final int ORDERS = 60;

  /** Of each trial: whoever fails at random for ever is asked for ever. */
  private static final int TROUBLES = 12;

  private static final AtomicInteger NAMES = new AtomicInteger();
  private static EmbeddedBroker broker;

  @TempDir Path folder;

  /** How the list is read, and what answers. */
  private enum Way {
    LINK("paging: {by: link}", Orders::byLink),
    CURSOR("paging: {by: cursor, from: /meta/next, parameter: after}", Orders::byCursor),
    PAGE("paging: {by: page}", Orders::byPage),
    PAGE_WITH_ID("paging: {by: page}\nid: id", Orders::byPage),
    OFFSET("paging: {by: offset, limit: 4}", Orders::byOffset),
    SINCE(
        "paging: {by: page}\nid: id\nincremental: {parameter: since, field: at, overlap: 3m}",
        Orders::pageSince);

    private final String yaml;
    private final BiFunction<Orders, Asked, Reply> api;

    Way(String yaml, BiFunction<Orders, Asked, Reply> api) {
      this.yaml = yaml;
      this.api = api;
    }
  }

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.temporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  /** Not what a server should be, but what some are. */
  private static final class Moody implements Function<Asked, Reply> {
    private final Random random;
    private final Orders orders = new Orders();
    private final Way way;
    private int troubles = TROUBLES;
    private boolean mayBeSlow = true;
    private boolean mayThrottle = true;
    private long askedTooEarly;
    private long notBefore;

    Moody(Way way, long seed) {
      this.way = way;
      this.random = new Random(seed);
    }

    @Override
    public synchronized Reply apply(Asked asked) {
      if (System.nanoTime() - notBefore < 0) {
        askedTooEarly++;
      }
      int grown = Math.min(ORDERS, orders.all.size() + random.nextInt(6));
      orders.all.addAll(Orders.numbered(orders.all.size(), grown).all);
      Reply reply = way.api.apply(orders, asked);
      if (troubles == 0 || random.nextBoolean()) {
        return reply;
      }
      troubles--;
      return switch (random.nextInt(5)) {
        case 0 -> throttled();
        case 1 -> Reply.status(500 + random.nextInt(5), "oops");
        case 2 -> reply.cutTo(random.nextInt(reply.body().length));
        case 3 -> Reply.status(408, "");
        default -> slow(reply);
      };
    }

    /** Who has not heard that it should wait. */
    synchronized void meetsAnother() {
      notBefore = System.nanoTime();
    }

    private Reply throttled() {
      int seconds = mayThrottle ? random.nextInt(2) : 0;
      if (seconds > 0) {
        mayThrottle = false;
        notBefore = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      }
      return Reply.status(429, "slowly").with("Retry-After", String.valueOf(seconds));
    }

    /** So that nobody waits for it any more. */
    private Reply slow(Reply reply) {
      if (mayBeSlow) {
        mayBeSlow = false;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600));
      }
      return reply;
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void each_record_is_published_once(Way way) {
    long seed = new Random().nextLong();
    String name =
        "moody-"
            + way.name().toLowerCase(Locale.ROOT).replace('_', '-')
            + "-"
            + NAMES.incrementAndGet();
    ApiFixture fixture = new ApiFixture(folder, broker.bootstrapServers(), name);
    Moody moody = new Moody(way, seed);
    try (ApiServer server = new ApiServer(moody)) {
      String http =
          "url: %s/orders\nrecords: /data/items\npartitions: 1\ntimeout: 300ms\npoll: 2ms\n%s"
              .formatted(server.url(), way.yaml);
      int first = new Random(seed).nextInt(ORDERS);
      for (int rows : new int[] {first, ORDERS}) {
        moody.meetsAnother();
        try (Extractor extractor = fixture.extractor(http)) {
          extractor.start();
          long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
          while (extractor.progress().rows() < rows
              && extractor.failure().isEmpty()
              && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
          }
          assertThat(extractor.failure()).as("seed %d", seed).isEmpty();
        }
      }
    }
    assertThat(fixture.ids())
        .as("seed %d", seed)
        .containsExactlyElementsOf(IntStream.range(0, ORDERS).boxed().toList());
    assertThat(moody.askedTooEarly).as("seed %d", seed).isZero();
  }
}
