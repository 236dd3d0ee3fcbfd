package dev.tidemill.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemill.embedded.TestClients;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** E26: somebody's transaction does not end, and nobody can read what comes after it. */
@ExtendWith(Cluster.Shared.class)
class HiddenRecordsTest {
  private static final PipelineStreams.Seams IMPATIENT =
      new PipelineStreams.Seams(UnaryOperator.identity(), Share.CHUNK, Duration.ofMillis(500));

  private final Logger logger = (Logger) LoggerFactory.getLogger(HiddenRecords.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  @Test
  void a_hanging_transaction_is_told_of_once_and_after_its_abort_the_pipeline_goes_on(
      Cluster cluster) {
    try (TestPipeline pipeline = new TestPipeline(cluster, Spec.sums(2));
        var foreign = TestPipeline.transactional(cluster, pipeline.name())) {
      pipeline.write(0, Event.of("2024-03-10T05:10:00", "a"));
      pipeline.write(1, Event.of("2024-03-10T05:10:00", "a"), Event.of("2024-03-10T05:15:00", "a"));
      foreign.initTransactions();
      foreign.beginTransaction();
      byte[] row = pipeline.bytes(Event.of("2024-03-10T05:20:00", "a", 10));
      foreign.send(new ProducerRecord<>(pipeline.source(), 1, null, row));
      foreign.flush();
      pipeline.write(1, Event.of("2024-03-10T05:30:00", "a"));
      Instance instance = pipeline.start("a", Clock.systemUTC(), IMPATIENT);

      Await.until("two offsets are hidden", () -> instance.hiddenRecords() == 2);
      assertThat(pipeline.view().accountedFor()).isLessThan(pipeline.written());
      TopicPartition partition = new TopicPartition(pipeline.source(), 1);
      ProducerState producer = producer(cluster, partition);
      abort(cluster, partition, producer);
      pipeline.awaitAccounted();
      Await.until("nothing is hidden any more", () -> instance.hiddenRecords() == 0);
      instance.close();

      assertThat(logged.list)
          .filteredOn(event -> event.getLevel() == Level.WARN)
          .extracting(ILoggingEvent::getFormattedMessage)
          .singleElement()
          .asString()
          .contains(
              "of producer id " + producer.producerId(),
              "hides the records of " + partition + " from offset 2 on, since 2",
              "abort --topic " + pipeline.source() + " --partition 1 --start-offset 2");
    }
  }

  private static ProducerState producer(Cluster cluster, TopicPartition partition) {
    return TestClients.get(
            cluster.admin().describeProducers(List.of(partition)).partitionResult(partition))
        .activeProducers()
        .stream()
        .filter(producer -> producer.currentTransactionStartOffset().isPresent())
        .findFirst()
        .orElseThrow();
  }

  /** What kafka-transactions.sh does. */
  private static void abort(Cluster cluster, TopicPartition partition, ProducerState producer) {
    TestClients.get(
        cluster
            .admin()
            .abortTransaction(
                new AbortTransactionSpec(
                    partition,
                    producer.producerId(),
                    (short) producer.producerEpoch(),
                    producer.coordinatorEpoch().orElse(0)))
            .all());
  }
}
