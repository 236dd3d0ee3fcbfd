package dev.tidemill.bench;

import static dev.tidemill.bench.Bench.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.load.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How long the result of an hour takes from the record that closes it to a table in PostgreSQL: the
 * command {@code tidemill run}, at its default settings.
 */
final class LatencyBenchmark {
  private static final String TOPIC = "live-orders";
  private static final int BATCHES = 20;
  private static final int WARM_UP = 3;

  private final Settings settings = Settings.ofSystemProperties();

  @Test
  void a_closed_batch_is_soon_in_the_table() throws Exception {
    assumeTrue(settings.cases().contains("latency"));
    String database = PostgresServer.newSchema();
    List<Double> seconds = new ArrayList<>();
    Path folder = Bench.newFolder("latency");
    try (BrokerProcess broker = BrokerProcess.start(Files.createDirectories(Bench.FOLDER));
        LiveOrders orders = new LiveOrders(broker, TOPIC);
        Forked tidemill = tidemill(broker, database, folder);
        PublishedRows table = new PublishedRows(database, "hourly_revenue", tidemill)) {
      orders.close(-1);
      for (int hour = 0; hour < WARM_UP + BATCHES; hour++) {
        orders.fill(hour);
        long closed = orders.close(hour);
        long published = table.await(orders.start(hour));
        assertThat(table.orders(orders.start(hour))).isEqualTo(LiveOrders.PAID_PER_HOUR);
        if (hour >= WARM_UP) {
          seconds.add((published - closed) / 1e9);
        }
      }
    }
    Median median = Median.of(seconds);
    Results.put("latency", List.of(json(seconds, median)));
    say(
        "latency: %d batches, median %.2f s, min %.2f s, max %.2f s from the closing record to the table",
        BATCHES, median.median(), median.min(), median.max());
  }

  private static Forked tidemill(BrokerProcess broker, String database, Path folder)
      throws Exception {
    Path server = folder.resolve("server.yaml");
    Files.writeString(
        server,
        "brokers: %s\nregistry: %s\nstate-dir: state\n"
            .formatted(broker.brokers(), broker.registry()));
    return new Forked(
        TidemillCommand.class,
        Bench.JAVA_OPTIONS,
        List.of(
            "run", Order.FOLDER.resolve("hourly-revenue.yaml").toString(), "--config", "" + server),
        Map.of("PIPELINE", "latency", "ORDERS", TOPIC, "PG_URL", database),
        folder.resolve("log.txt"));
  }

  private static ObjectNode json(List<Double> seconds, Median median) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("case", "latency").put("system", Contender.Name.TIDEMILL.toString());
    node.put("batches", BATCHES).put("warm_up_batches", WARM_UP);
    node.put("seconds_to_publish", median.median());
    node.putObject("min").put("seconds_to_publish", median.min());
    node.putObject("max").put("seconds_to_publish", median.max());
    seconds.forEach(node.putArray("rounds")::add);
    return node;
  }
}
