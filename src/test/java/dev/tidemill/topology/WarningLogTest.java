package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemill.batch.Batch;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A topic in which every record breaks a rule must not fill the log. */
class WarningLogTest {
  private static final Batch BATCH =
      new Batch(Instant.parse("2024-03-10T05:00:00Z"), Instant.parse("2024-03-10T06:00:00Z"));

  private final Logger logger = (Logger) LoggerFactory.getLogger(WarningLog.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private long nanos;
  private final WarningLog log = new WarningLog(() -> nanos);

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(said);
  }

  private void broken(long offset, String rule) {
    log.tell(new ConsumerRecord<>("t", 3, offset, null, null), BATCH, rule, rule);
  }

  @Test
  void the_first_break_is_told_with_its_place_and_then_one_a_minute_with_their_number() {
    for (int offset = 0; offset < 1000; offset++) {
      broken(offset, "far");
    }
    broken(1000, "near");
    nanos += WarningLog.INTERVAL_NANOS;
    broken(1001, "far");

    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("t-3@0 breaks the rule far (batch 2024-03-10T05"),
            other -> assertThat(other).startsWith("t-3@1000 breaks the rule near"),
            later ->
                assertThat(later).startsWith("t-3@1001").contains("999 more have broken it since"));
  }
}
