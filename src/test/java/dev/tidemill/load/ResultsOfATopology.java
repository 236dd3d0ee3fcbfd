package dev.tidemill.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.Batch;
import dev.tidemill.batch.EndOfShare;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.cli.SharedCluster;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.embedded.TestClients;
import dev.tidemill.schema.AckCodec;
import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.EndOfShareCodec;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.InMemoryRegistry;
import dev.tidemill.schema.LedgerCodec;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.Schemas;
import dev.tidemill.sql.Output;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a topology of two shares writes, in its topics of its own. */
final class ResultsOfATopology implements AutoCloseable {
  private static final AtomicInteger PIPELINES = new AtomicInteger();

  private final String brokers = SharedCluster.brokers();
  private final Topics topics = new Topics("loaded-" + PIPELINES.incrementAndGet());
  private final InMemoryRegistry registry = new InMemoryRegistry();
  private final Schema result;
  private final RowEncoder rows;
  private final LoaderCodecs codecs;
  private final Producer<byte[], byte[]> producer;

  ResultsOfATopology() {
    this(Given.STATES);
  }

  /**
   * @param result the columns of all rows
   */
  ResultsOfATopology(Schema result) {
    this.result = result;
    this.rows = RowEncoder.register(registry, Schemas.valueSubject(topics.results()), result);
    this.codecs = codecs();
    TestClients.createTopic(brokers, topics.results(), 2);
    TestClients.createTopic(brokers, topics.ledger(), 1);
    TestClients.createTopic(brokers, topics.acks(), 1);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "transactional.id", topics.applicationId()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  ServerSettings settings() {
    return SharedCluster.settings();
  }

  Topics topics() {
    return topics;
  }

  /** Of one loader: its row decoder is not to be shared. */
  LoaderCodecs codecs() {
    return codecs(new Output("", result, 0, List.of()));
  }

  /** The same, which takes the rows of one statement. */
  LoaderCodecs codecs(Output output) {
    return new LoaderCodecs(
        new AvroRowDecoder(result, registry),
        output,
        EndOfShareCodec.register(registry, "ends"),
        LedgerCodec.register(registry, Schemas.valueSubject(topics.ledger())),
        AckCodec.register(registry, Schemas.valueSubject(topics.acks())));
  }

  /** A whole share, in one transaction. */
  void share(Batch batch, int share, int attempt, Object[]... all) {
    share(Given.end(batch, share, attempt, all.length), all);
  }

  void share(EndOfShare end, Object[]... all) {
    producer.beginTransaction();
    for (Object[] row : all) {
      producer.send(result(end.batch(), end.share(), end.attempt(), rows.encode(row)));
    }
    producer.send(endMark(end));
    producer.commitTransaction();
  }

  void aborted(Batch batch, int share, int attempt, Object[] row) {
    producer.beginTransaction();
    producer.send(result(batch, share, attempt, rows.encode(row)));
    producer.flush();
    producer.abortTransaction();
  }

  /** A share whose one row is no Avro. */
  void torn(Batch batch, int share, int attempt) {
    producer.beginTransaction();
    producer.send(result(batch, share, attempt, "no Avro".getBytes(UTF_8)));
    producer.send(endMark(Given.end(batch, share, attempt, 1)));
    producer.commitTransaction();
  }

  void foreign(int share) {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topics.results(), share, null, "no result".getBytes(UTF_8)));
    producer.commitTransaction();
  }

  void ledger(LedgerEntry entry) {
    producer.beginTransaction();
    producer.send(
        new ProducerRecord<>(
            topics.ledger(),
            (entry.batch().id() + "#" + entry.attempt()).getBytes(UTF_8),
            codecs.ledger().encode(entry)));
    producer.commitTransaction();
  }

  List<Ack> acks() {
    List<Ack> acks = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> each : TestClients.committed(brokers, topics.acks())) {
      try {
        acks.add(codecs.acks().decode(each.value()));
      } catch (DecodeException e) {
        throw new AssertionError(e);
      }
    }
    return acks;
  }

  /** As a retention that is too short would: everything that there is. */
  void deleteResults(int share) {
    deleteResults(share, -1);
  }

  /** What is before an offset. */
  void deleteResults(int share, long before) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      TopicPartition partition = new TopicPartition(topics.results(), share);
      TestClients.get(
          admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before))).all());
    }
  }

  /** The committed rows and end marks that are there, as {@code share@offset}. */
  List<String> results() {
    return TestClients.committed(brokers, topics.results()).stream()
        .map(record -> record.partition() + "@" + record.offset())
        .toList();
  }

  /** When the broker took a row or an end mark. */
  Instant appended(int share, long offset) {
    return TestClients.committed(brokers, topics.results()).stream()
        .filter(record -> record.partition() == share && record.offset() == offset)
        .map(record -> Instant.ofEpochMilli(record.timestamp()))
        .findFirst()
        .orElseThrow();
  }

  /** What the loaders' group of a target says of the results, by share. */
  Map<Integer, Long> staged(String target) {
    Map<Integer, Long> staged = new TreeMap<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      TestClients.get(
              admin
                  .listConsumerGroupOffsets(topics.loaderGroup(target))
                  .partitionsToOffsetAndMetadata())
          .forEach((partition, offset) -> staged.put(partition.partition(), offset.offset()));
    }
    return staged;
  }

  /** The owner's offset in the acks, as if it had read so far. */
  void ownerHasRead(long acks) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      TopicPartition partition = new TopicPartition(topics.acks(), 0);
      TestClients.get(
          admin
              .alterConsumerGroupOffsets(
                  topics.applicationId(), Map.of(partition, new OffsetAndMetadata(acks)))
              .all());
    }
  }

  private ProducerRecord<byte[], byte[]> endMark(EndOfShare end) {
    ProducerRecord<byte[], byte[]> mark =
        result(end.batch(), end.share(), end.attempt(), codecs.ends().encode(end));
    mark.headers().add(Headers.END_OF_SHARE, new byte[0]);
    return mark;
  }

  private ProducerRecord<byte[], byte[]> result(Batch batch, int share, int attempt, byte[] value) {
    byte[] start = ByteBuffer.allocate(8).putLong(batch.start().toEpochMilli()).array();
    ProducerRecord<byte[], byte[]> result =
        new ProducerRecord<>(topics.results(), share, start, value);
    result.headers().add(Headers.BATCH, start);
    result.headers().add(Headers.ATTEMPT, ByteBuffer.allocate(4).putInt(attempt).array());
    return result;
  }

  @Override
  public void close() {
    producer.close();
  }
}
