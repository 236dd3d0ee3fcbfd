package dev.tidemill.topology;

import dev.tidemill.definition.TableDefinition;
import dev.tidemill.schema.Change;
import dev.tidemill.schema.ChangeDecoder;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.sql.EvaluationException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
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
  private final AtomicLong unreadable = new AtomicLong();
  private volatile boolean open;

  /**
   * @param extracted whether the topic is written by our own extractor, so that its headers can be
   *     trusted
   * @param contents one for each reading of the table
   */
  TableStore(
      TableDefinition table,
      boolean extracted,
      ChangeDecoder decoder,
      List<TableContents> contents) {
    this.name = name(table.name());
    this.table = table;
    this.extracted = extracted;
    this.decoder = decoder;
    this.keyField = table.schema().getField(table.keyField()).pos();
    this.contents = List.copyOf(contents);
  }

  static String name(String table) {
    return "table-" + table;
  }

  /** Records of the topic that could not be read. */
  long unreadable() {
    return unreadable.get();
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
        RecordMetadata place = context.recordMetadata().orElseThrow();
        write(
            record.key(),
            record.value(),
            record.headers(),
            place.topic(),
            place.partition(),
            place.offset());
      }
    };
  }

  private void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      write(
          record.key(),
          record.value(),
          record.headers(),
          record.topic(),
          record.partition(),
          record.offset());
    }
  }

  private void write(
      byte[] key,
      byte[] value,
      org.apache.kafka.common.header.Headers headers,
      String topic,
      int partition,
      long offset) {
    if (extracted && headers.lastHeader(Headers.END_OF_INPUT) != null) {
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
        contents.forEach(reading -> reading.remove(key));
        return;
      }
      Header problem = extracted ? headers.lastHeader(Headers.UNREADABLE) : null;
      if (problem != null) {
        throw new DecodeException(new String(problem.value(), StandardCharsets.UTF_8));
      }
      Change change = decoder.decode(key, value);
      if (change instanceof Change.Row row) {
        byte[] identity = TableConsumer.isKeyless(key) ? identity(row.row()) : key;
        for (TableContents reading : contents) {
          reading.put(identity, row.row());
        }
      } else {
        byte[] identity = identity(key, (Change.Deletion) change);
        contents.forEach(reading -> reading.remove(identity));
      }
    } catch (DecodeException | EvaluationException e) {
      unreadable.incrementAndGet();
      log.warn(
          "Table '{}': the record at {}-{}@{} is left out: {}",
          table.name(),
          topic,
          partition,
          offset,
          e.getMessage());
    }
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
