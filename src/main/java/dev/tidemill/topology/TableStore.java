package dev.tidemill.topology;

import dev.tidemill.definition.TableDefinition;
import dev.tidemill.schema.Change;
import dev.tidemill.schema.ChangeDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.sql.EvaluationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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
 * A table as every instance has it: a global store of Kafka Streams, read from its topic's
 * beginning before the first record of a stream is processed, and followed from then on. It is in
 * the heap, decoded and projected, since a lookup is made for every record.
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
    this.name = "table-" + table.name();
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

  /** One more record of the topic. */
  void write(Record<byte[], byte[]> record, RecordMetadata place) {
    if (extracted && record.headers().lastHeader(Headers.END_OF_INPUT) != null) {
      clock.loaded(place.partition());
      return;
    }
    try {
      if (record.value() == null) {
        if (TableConsumer.isKeyless(record.key())) {
          throw new DecodeException("neither a key nor a value");
        }
        remove(record.key(), record.timestamp(), place);
        return;
      }
      Header problem = extracted ? record.headers().lastHeader(Headers.UNREADABLE) : null;
      if (problem != null) {
        throw new DecodeException(new String(problem.value(), StandardCharsets.UTF_8));
      }
      Change change = decoder.decode(record.key(), record.value());
      if (change instanceof Change.Row row) {
        byte[] identity =
            TableConsumer.isKeyless(record.key()) ? identity(row.row()) : record.key();
        put(identity, row.row(), record.timestamp(), place);
      } else {
        byte[] identity = identity(record, (Change.Deletion) change);
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

  private byte[] identity(Record<byte[], byte[]> record, Change.Deletion deletion)
      throws DecodeException {
    return !TableConsumer.isKeyless(record.key())
        ? record.key()
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
    context.register(
        root,
        (key, value) -> {
          throw new IllegalStateException("a table is read by its processor");
        });
  }

  @Override
  public void close() {
    open = false;
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
