package dev.tidemill.topology;

import dev.tidemill.definition.TableDefinition;
import dev.tidemill.schema.Change;
import dev.tidemill.schema.ChangeDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.sql.EvaluationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.StoreBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table, or the partition of it that a task has, read from its topic's beginning before the first
 * record of a stream is processed, and followed from then on: a global store of Kafka Streams, or
 * one of a task that is restored from the table's topic ({@link TopicBackedStores}). It is in the
 * heap, decoded and projected, since a lookup is made for every record.
 *
 * <p>The last record of each Kafka key counts; one without a value deletes. A record that can not
 * be read leaves its key as it was, and is told of.
 */
final class TableStore implements StateStore {
  private static final Logger log = LoggerFactory.getLogger(TableStore.class);

  private final String name;
  private final TableDefinition table;
  private final boolean extracted;
  private final ChangeDecoder decoder;
  private final int keyField;
  private final List<TableContents> contents;
  private final List<TableVersions> versions;
  private final TableClock clock;
  private final Optional<SourceReader.EventTimes> eventTimes;
  private final AtomicLong unreadable = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private volatile boolean open;

  /**
   * @param extracted whether the topic is written by our own extractor, so that its headers can be
   *     trusted
   * @param contents one for each reading of the table as it is
   * @param versions one for each reading of the table as it was
   */
  TableStore(
      TableDefinition table,
      boolean extracted,
      ChangeDecoder decoder,
      List<TableContents> contents,
      List<TableVersions> versions,
      TableClock clock) {
    this.name = name(table.name());
    this.table = table;
    this.extracted = extracted;
    this.decoder = decoder;
    this.keyField = table.schema().getField(table.keyField()).pos();
    this.contents = List.copyOf(contents);
    this.versions = List.copyOf(versions);
    this.clock = clock;
    this.eventTimes =
        table.eventTime().map(time -> PipelineStreams.eventTimes(time, table.schema()));
  }

  static String name(String table) {
    return "table-" + table;
  }

  /** Records of the topic that could not be read. */
  long unreadable() {
    return unreadable.get();
  }

  /** Versions that came when records of their time had not waited for them any longer. */
  long missed() {
    return missed.get();
  }

  TableClock clock() {
    return clock;
  }

  /** Writes the table's records into it. */
  Processor<byte[], byte[], Void, Void> writer() {
    return new Processor<>() {
      private ProcessorContext<Void, Void> context;

      @Override
      public void init(ProcessorContext<Void, Void> processorContext) {
        context = processorContext;
      }

      @Override
      public void process(Record<byte[], byte[]> record) {
        write(record, context.recordMetadata().orElseThrow());
      }
    };
  }

  private void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      write(
          new Record<>(
              record.key(), record.value(), Math.max(record.timestamp(), 0), record.headers()),
          new Restored(record.topic(), record.partition(), record.offset()));
    }
  }

  private record Restored(String topic, int partition, long offset) implements RecordMetadata {}

  /** One more record of the topic. */
  void write(Record<byte[], byte[]> record, RecordMetadata place) {
    byte[] key = record.key();
    byte[] value = record.value();
    if (extracted && record.headers().lastHeader(Headers.END_OF_INPUT) != null) {
      clock.loaded(place.partition());
      return;
    }
    try {
      if (!table.replicated() && TableConsumer.isKeyless(key)) {
        throw new DecodeException("no Kafka key, which tells its partition");
      }
      if (value == null) {
        if (TableConsumer.isKeyless(key)) {
          throw new DecodeException("neither a key nor a value");
        }
        remove(key, record.timestamp(), place);
        return;
      }
      Header problem = extracted ? record.headers().lastHeader(Headers.UNREADABLE) : null;
      if (problem != null) {
        throw new DecodeException(new String(problem.value(), StandardCharsets.UTF_8));
      }
      Change change = decoder.decode(key, value);
      if (change instanceof Change.Row row) {
        byte[] identity = TableConsumer.isKeyless(key) ? identity(row.row()) : key;
        put(identity, row.row(), record.timestamp(), place);
      } else {
        byte[] identity = identity(key, (Change.Deletion) change);
        remove(identity, record.timestamp(), place);
      }
    } catch (DecodeException | EvaluationException e) {
      unreadable.incrementAndGet();
      log.warn(
          "Table '{}': the record at {}-{}@{} is left out: {}",
          table.name(),
          place.topic(),
          place.partition(),
          place.offset(),
          e.getMessage());
    }
  }

  private void put(byte[] identity, Object[] row, long written, RecordMetadata place)
      throws DecodeException, EvaluationException {
    long time = eventTimes.isPresent() ? eventTimes.get().of(row, written) : written;
    for (TableContents reading : contents) {
      reading.put(identity, row);
    }
    if (!versions.isEmpty() && clock.isMissed(place.partition(), time)) {
      missed.incrementAndGet();
      log.warn(
          "Table '{}': the version at {}-{}@{} is of {}, and records of its time did not wait for it"
              + " any longer: they may have been joined with the one before it. Write a longer"
              + " 'wait' if versions need so long.",
          table.name(),
          place.topic(),
          place.partition(),
          place.offset(),
          Instant.ofEpochMilli(time));
    }
    TableVersions.Place version = place(time, place);
    for (TableVersions reading : versions) {
      reading.put(identity, row, version);
    }
    clock.version(place.partition(), time, written);
  }

  /** A deletion has no row that could tell its time: it is that of its record in Kafka. */
  private void remove(byte[] identity, long written, RecordMetadata place) {
    contents.forEach(reading -> reading.remove(identity));
    TableVersions.Place deletion = place(written, place);
    versions.forEach(reading -> reading.remove(identity, deletion));
  }

  private TableVersions.Place place(long time, RecordMetadata place) {
    return new TableVersions.Place(
        time, clock.settled(place.partition()), place.partition(), place.offset());
  }

  private byte[] identity(byte[] key, Change.Deletion deletion) throws DecodeException {
    return !TableConsumer.isKeyless(key)
        ? key
        : identity(
            deletion.before().orElseThrow(() -> new DecodeException("a deletion without a key")));
  }

  /** Without a Kafka key, the key column is what rows are told apart by. */
  private byte[] identity(Object[] row) throws DecodeException {
    Object key = row[keyField];
    if (key == null) {
      throw new DecodeException("the key '" + table.keyField() + "' is NULL");
    }
    return key instanceof byte[] bytes ? bytes : key.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param reading by its place in {@link #contents}
   */
  TableContents contents(int reading) {
    return contents.get(reading);
  }

  /**
   * @param reading by its place among those that see the table as it was
   */
  TableVersions versions(int reading) {
    return versions.get(reading);
  }

  /** Versions that are in the heap here. */
  long versions() {
    return versions.stream().mapToLong(TableVersions::size).sum();
  }

  void forgetBefore(long time) {
    versions.forEach(reading -> reading.forgetBefore(time));
  }

  /** Rows that are in the heap here. */
  long rows() {
    return contents.stream().mapToLong(TableContents::size).sum();
  }

  StoreBuilder<TableStore> builder() {
    return new UnloggedStore<>(name, () -> this);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    open = true;
    context.register(root, TopicBackedStores.restoring(this::restore));
  }

  /** A task that begins again restores it from the start. */
  @Override
  public void close() {
    open = false;
    contents.forEach(TableContents::clear);
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
