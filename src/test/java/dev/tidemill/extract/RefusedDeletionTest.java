package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemill.cli.Await;
import dev.tidemill.embedded.GuardedBroker;
import dev.tidemill.load.PostgresServer;
import java.time.Duration;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A table that is read again by somebody who may not delete records of its topic. */
@Timeout(120)
final class RefusedDeletionTest {
  private static final Schema ORDER =
      SchemaBuilder.record("Order").fields().requiredLong("id").optionalString("item").endRecord();

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    ((Logger) LoggerFactory.getLogger(PublishedRows.class)).addAppender(said);
  }

  @AfterEach
  void listenNoMore() {
    ((Logger) LoggerFactory.getLogger(PublishedRows.class)).detachAppender(said);
  }

  private long refusals() {
    return said.list.stream()
        .filter(event -> event.getFormattedMessage().contains("TopicAuthorizationException"))
        .count();
  }

  @Test
  void it_is_told_once_all_goes_on_and_what_was_left_is_deleted_by_who_may() {
    try (GuardedBroker broker = new GuardedBroker()) {
      JdbcTrial trial =
          new JdbcTrial(broker.bootstrapServers(), "refused", PostgresServer.newSchema(), ORDER)
              .asTable("id")
              .fetchSize(1000)
              .rowsATransaction(1000)
              .sql(
                  "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT)",
                  "INSERT INTO orders SELECT i, 'a' FROM generate_series(1, 600) i")
              .poll(Duration.ofMillis(10));
      try (Extractor extractor = trial.extractor()) {
        extractor.start();
        JdbcTrial.awaitRows(extractor, 600);
        broker.deny(trial.topic(), AclOperation.DELETE);
        for (int change = 1; change <= 3; change++) {
          trial.sql("UPDATE orders SET item = 'b%d'".formatted(change));
          JdbcTrial.awaitRows(extractor, 600 + change * 600);
        }
        JdbcTrial.awaitRows(extractor, 3000); // all, as most of the topic is old
        Await.until("a refusal", Duration.ofSeconds(60), () -> refusals() > 0);
        trial.sql("DELETE FROM orders WHERE id > 500", "UPDATE orders SET item = 'c' WHERE id = 1");
        JdbcTrial.awaitRows(extractor, 3000 + 100 + 1);
      }
      assertThat(refusals()).isEqualTo(1);
      assertThat(trial.contents()).containsEntry("1", "c").containsEntry("10", "b3");
      assertThat(trial.ids()).as("all that there ever was").contains("orders:1", "orders:600");
      broker.allow(trial.topic(), AclOperation.DELETE);
      trial.again().run();
      assertThat(trial.contents()).hasSize(500).containsEntry("1", "c").containsEntry("10", "b3");
      assertThat(trial.ids()).as("from the reading of all on").hasSize(600 + 101);
    }
  }
}
