package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.batch.CrashPoint;
import dev.tidemill.cli.ForkedTidemill;
import dev.tidemill.embedded.EmbeddedBroker;
import dev.tidemill.extract.ApiServer.Asked;
import dev.tidemill.extract.ApiServer.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An extractor of an API dies at a named point, again and again, while the list grows. */
final class ApiKillTest {
  private static final int PAGE = 4;
  private static final int PAGES_A_LIFE = 8;
  private static final List<CrashPoint> POINTS =
      List.of(
          CrashPoint.AFTER_POSITION,
          CrashPoint.AFTER_ROW,
          CrashPoint.AFTER_EXTRACT_COMMIT,
          CrashPoint.BEFORE_POSITION);

  @TempDir Path folder;

  /** Runs in a process of its own. */
  public static void main(String[] args) {
    new ApiFixture(Path.of(args[0]), args[1], args[2]).run(args[3]);
  }

  /** How the list is read, and what answers. */
  private enum Way {
    LINK("paging: {by: link}", Orders::byLink),
    CURSOR("paging: {by: cursor, from: /meta/next, parameter: after}", Orders::byCursor),
    PAGE("paging: {by: page}\nid: id", Orders::byPage),
    SINCE(
        "paging: {by: offset, limit: 4}\nid: id\nincremental: {parameter: since, field: at}",
        Orders::since);

    private final String yaml;
    private final BiFunction<Orders, Asked, Reply> api;

    Way(String yaml, BiFunction<Orders, Asked, Reply> api) {
      this.yaml = yaml;
      this.api = api;
    }
  }

  @Test
  void killed_a_few_times_each_record_is_published_once() {
    killed(Way.SINCE, 3, 0, 2);
  }

  @Test
  @Tag("faults")
  void killed_fifty_times_each_record_is_published_once() {
    killed(Way.LINK, 12, 0, 3);
    killed(Way.CURSOR, 12, 1, 4);
    killed(Way.PAGE, 12, 2, 5);
    killed(Way.SINCE, 14, 3, 6);
  }

  private void killed(Way way, int kills, int firstPoint, int seed) {
    Random random = new Random(seed);
    Orders orders = Orders.numbered(0, PAGES_A_LIFE * PAGE);
    try (EmbeddedBroker broker = EmbeddedBroker.temporary();
        ApiServer server = new ApiServer(asked -> way.api.apply(orders, asked))) {
      String name = "killed-" + way.name().toLowerCase(Locale.ROOT);
      String http =
          "url: %s/orders\nrecords: /data/items\npartitions: 1\n%s"
              .formatted(server.url(), way.yaml);
      for (int kill = 0; kill < kills; kill++) {
        CrashPoint point = POINTS.get((firstPoint + kill) % POINTS.size());
        int transactions = 1 + random.nextInt(PAGES_A_LIFE - 2);
        int times =
            point == CrashPoint.AFTER_ROW
                ? transactions * PAGE - random.nextInt(PAGE)
                : transactions;
        String option = "-D" + CrashPoint.PROPERTY + "=" + point + ":" + times;
        try (ForkedTidemill running =
            ForkedTidemill.start(
                ApiKillTest.class,
                List.of(option),
                folder,
                broker.bootstrapServers(),
                name,
                http)) {
          assertThat(running.awaitEnd().exitCode())
              .as("%s %s: %s", way, option, running.err())
              .isEqualTo(CrashPoint.EXIT_CODE);
        }
        int next = orders.all.size();
        orders.all.addAll(Orders.numbered(next, next + PAGES_A_LIFE * PAGE).all);
      }
      ApiFixture fixture = new ApiFixture(folder, broker.bootstrapServers(), name);
      fixture.run(http);
      assertThat(fixture.ids())
          .as("%s", way)
          .isEqualTo(IntStream.range(0, orders.all.size()).boxed().toList());
    }
  }
}
