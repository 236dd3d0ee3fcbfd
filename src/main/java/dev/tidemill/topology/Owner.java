package dev.tidemill.topology;

import dev.tidemill.batch.Ack;
import dev.tidemill.batch.Calendar;
import dev.tidemill.batch.Ledger;
import dev.tidemill.batch.LedgerEntry;
import dev.tidemill.batch.PartitionRead;
import dev.tidemill.definition.Topics;
import dev.tidemill.events.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of the pipeline's ledger (rule 7): a {@link Ledger} with a store and a topic. The
 * topic hears of a change once a commit, however often it changed.
 */
final class Owner
    implements Processor<byte[], Owner.Incoming, byte[], Outgoing>, CommitHook.Committing {
  static final String STORE = "ledger";
  static final String HOOK = "owner-commit";

  private static final Logger log = LoggerFactory.getLogger(Owner.class);

  private static final Duration TICK = Duration.ofMillis(50);

  /** What comes in: from the topology itself, or from a loader. */
  sealed interface Incoming {
    record FromTopology(OwnerMessage message) implements Incoming {}

    record FromLoader(Ack ack) implements Incoming {}
  }

  /** The bytes of what the ledger topic holds. */
  interface Codec {
    byte[] encode(LedgerEntry entry);

    LedgerEntry decode(byte[] bytes);

    byte[] encode(PartitionRead count);

    PartitionRead decodeRead(byte[] bytes);
  }

  private final Calendar calendar;
  private final Ledger ledger;
  private final Codec codec;
  private final CaughtUp caughtUp;
  private final BatchEvents events;
  private final Map<String, byte[]> untold = new LinkedHashMap<>();
  private ProcessorContext<byte[], Outgoing> context;
  private StreamRecords out;
  private KeyValueStore<Bytes, byte[]> store;

  Owner(Calendar calendar, Ledger ledger, Codec codec, CaughtUp caughtUp, Events events) {
    this.calendar = calendar;
    this.ledger = ledger;
    this.codec = codec;
    this.caughtUp = caughtUp;
    this.events = new BatchEvents(events);
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> processorContext) {
    context = processorContext;
    out = new StreamRecords(context);
    store = context.getStateStore(STORE);
    CommitHook hook = context.getStateStore(HOOK);
    hook.attach(context, this);
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        if (StoreKeys.isRead(entry.key)) {
          ledger.counted(codec.decodeRead(entry.value));
        } else {
          LedgerEntry restored = codec.decode(entry.value);
          ledger.restore(restored);
          events.restored(restored);
        }
      }
    }
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> tick());
  }

  private void tick() {
    events.tell();
    if (!untold.isEmpty() && !caughtUp.isFarBehind()) {
      context.commit();
    }
  }

  @Override
  public void process(Record<byte[], Incoming> record) {
    if (record.value() instanceof Incoming.FromLoader loader) {
      process(loader.ack());
    } else if (record.value() instanceof Incoming.FromTopology topology) {
      process(topology.message());
    }
  }

  private void process(Ack ack) {
    if (ack.release().isEmpty()) {
      write(ledger.acked(ack));
      return;
    }
    List<LedgerEntry> released =
        ledger.released(ack.batchStart(), ack.attempt(), ack.release().get());
    log.info(
        "Batch {} attempt {} {}{}",
        ack.batchStart(),
        ack.attempt(),
        ack.release().get(),
        released.isEmpty() ? "; nothing is done, since it is not in quarantine" : "");
    write(released);
  }

  private void process(OwnerMessage message) {
    if (message instanceof OwnerMessage.Counts counts) {
      write(
          ledger.counted(
              calendar.batchOf(Instant.ofEpochMilli(counts.batchStart())), counts.span()));
    } else if (message instanceof OwnerMessage.Read read) {
      PartitionRead count = read.count();
      byte[] bytes = codec.encode(count);
      store.put(StoreKeys.read(count.topic(), count.partition()), bytes);
      untold.put(Topics.readKey(count.topic(), count.partition()), bytes);
      boolean balances = ledger.counted(count);
      if (balances) {
        write(ledger.agreed());
      }
      if (count.missing() != 0) {
        log.error(
            "{}-{}: its extractor has published {} records, and {} were read: {}. No batch with its"
                + " records will be published: batches can not be trusted that lack some, or have"
                + " some of somebody else. Extract it anew, by a pipeline of another name",
            count.topic(),
            count.partition(),
            count.extracted(),
            count.extracted() - count.missing(),
            count.missing() > 0 ? "records are lost" : "something else writes there");
      } else if (!balances && count.expected().isConfirmed()) {
        log.error(
            "The books of {}-{} do not hold every record that was read; no batch with its records"
                + " will be published",
            count.topic(),
            count.partition());
      }
    } else if (message instanceof OwnerMessage.ShareEnded ended) {
      write(ledger.ended(ended.end()));
    } else if (message instanceof OwnerMessage.ShareEndedEarly early) {
      write(ledger.endedEarly(early.end()));
    }
  }

  private void write(List<LedgerEntry> entries) {
    for (LedgerEntry entry : entries) {
      byte[] bytes = codec.encode(entry);
      store.put(StoreKeys.ledger(entry.batch().start().toEpochMilli(), entry.attempt()), bytes);
      untold.put(Topics.ledgerKey(entry.batch().id(), entry.attempt()), bytes);
      events.written(entry);
    }
  }

  @Override
  public void beforeCommit() {
    untold.forEach(
        (key, bytes) ->
            out.forward(
                StreamRecords.TO_LEDGER,
                key.getBytes(StandardCharsets.UTF_8),
                new Outgoing.Bytes(bytes)));
    untold.clear();
    events.beforeCommit();
  }

  @Override
  public void afterCommit() {
    events.tell();
  }

  @Override
  public void discard() {
    untold.clear();
  }
}
