package dev.tidemill.topology;

import dev.tidemill.definition.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Puts the processors together: sources → intake → shuffle → shares → results, and both → owner →
 * ledger. Only the stateless ways between them are the DSL's.
 */
final class PipelineTopology {

  /** Makes one processor for each task. */
  record Processors(Supplier<Intake> intake, Supplier<Share> share, Supplier<Owner> owner) {}

  /** Any time that does not stop Streams will do: event time is read by intake (rule 10). */
  static final TimestampExtractor RECORD_TIME =
      (record, partitionTime) -> Math.max(record.timestamp(), 0);

  private static final Serde<byte[]> BYTES = Serdes.ByteArray();

  private final Topics topics;
  private final int shares;
  private final Processors processors;
  private final OwnerAcks acks;
  private final boolean dedupes;
  private final boolean waits;

  /** Decodes what the loaders say. */
  interface OwnerAcks {
    Owner.Incoming.FromLoader decode(byte[] value);
  }

  /**
   * @param dedupes whether intake has to remember records; else it gets no store for them
   * @param waits whether records may have to wait for a table; else there is no store for them
   */
  PipelineTopology(
      Topics topics,
      int shares,
      Processors processors,
      OwnerAcks acks,
      boolean dedupes,
      boolean waits) {
    this.topics = topics;
    this.shares = shares;
    this.processors = processors;
    this.acks = acks;
    this.dedupes = dedupes;
    this.waits = waits;
  }

  Topology build(Collection<String> sourceTopics, PipelineTables tables) {
    TopicBackedStores builder = new TopicBackedStores();
    tables
        .replicated()
        .forEach(
            (topic, store) ->
                builder.addGlobalStore(
                    store.builder(),
                    topic,
                    Consumed.with(BYTES, BYTES)
                        .withName(store.name() + "-source")
                        .withTimestampExtractor(RECORD_TIME),
                    store::writer));
    KStream<byte[], Outgoing> intake = intake(builder, sourceTopics, tables);
    intake
        .mapValues(
            message -> ((Outgoing.Bytes) message).value(), Named.as(StreamRecords.TO_REJECTS))
        .to(topics.rejects(), Produced.with(BYTES, BYTES).withName("rejects"));
    KStream<byte[], Outgoing> share = share(builder, intake);
    share.to(
        topics.results(),
        Produced.with(BYTES, resultSerde())
            .withName(StreamRecords.TO_RESULTS)
            .withStreamPartitioner(
                (topic, key, result, count) ->
                    Optional.of(Set.of(((Outgoing.Result) result).share()))));
    // One topic for both, so that counts come before the end marks that they must match. Intake's
    // way is the repartition topic; the shares' way is the same topic by its full name, since a
    // merge
    // would make one sub-topology of both.
    KStream<byte[], OwnerMessage> toOwner =
        intake
            .mapValues(message -> (OwnerMessage) message, Named.as(StreamRecords.COUNTS_TO_OWNER))
            .repartition(
                Repartitioned.<byte[], OwnerMessage>as("owner")
                    .withKeySerde(BYTES)
                    .withValueSerde(MessageSerdes.owner())
                    .withNumberOfPartitions(1));
    share
        .mapValues(message -> (OwnerMessage) message, Named.as(StreamRecords.ENDS_TO_OWNER))
        .to(topics.owner(), Produced.with(BYTES, MessageSerdes.owner()).withName("ends"));
    owner(builder, toOwner)
        .mapValues(message -> ((Outgoing.Bytes) message).value(), Named.as(StreamRecords.TO_LEDGER))
        .to(topics.ledger(), Produced.with(BYTES, BYTES).withName("ledger"));
    return builder.build();
  }

  private KStream<byte[], Outgoing> intake(
      TopicBackedStores builder, Collection<String> sourceTopics, PipelineTables tables) {
    builder.addStateStore(store(Stores.inMemoryKeyValueStore(Intake.STORE)));
    builder.addStateStore(CommitHook.builder(Intake.HOOK));
    List<String> stores = new ArrayList<>(List.of(Intake.STORE, Intake.HOOK));
    if (dedupes) {
      builder.addStateStore(store(Stores.persistentKeyValueStore(Intake.SEEN)));
      stores.add(Intake.SEEN);
    }
    tables
        .partitioned()
        .forEach(
            (topic, table) -> {
              builder.addStateStore(table.builder());
              builder.changelog(table.name(), topic);
              builder.stream(
                      topic,
                      Consumed.with(BYTES, BYTES)
                          .withName(table.name() + "-source")
                          .withTimestampExtractor(RECORD_TIME))
                  .process(table::writer, Named.as(table.name() + "-writer"), table.name());
              stores.add(table.name());
            });
    if (waits) {
      builder.addStateStore(store(Stores.persistentKeyValueStore(Intake.WAITING)));
      stores.add(Intake.WAITING);
    }
    return builder.stream(
            sourceTopics,
            Consumed.with(BYTES, BYTES).withName("sources").withTimestampExtractor(RECORD_TIME))
        .process(processors.intake()::get, Named.as("intake"), stores.toArray(String[]::new));
  }

  private KStream<byte[], Outgoing> share(
      StreamsBuilder builder, KStream<byte[], Outgoing> intake) {
    builder.addStateStore(store(Stores.persistentKeyValueStore(Share.GROUPS)));
    builder.addStateStore(store(Stores.persistentKeyValueStore(Share.PENDING)));
    builder.addStateStore(store(Stores.inMemoryKeyValueStore(Share.BATCHES)));
    builder.addStateStore(CommitHook.builder(Share.HOOK));
    return intake
        .mapValues(message -> (ShuffleMessage) message, Named.as(StreamRecords.TO_SHUFFLE))
        .repartition(
            Repartitioned.<byte[], ShuffleMessage>as("shuffle")
                .withKeySerde(BYTES)
                .withValueSerde(MessageSerdes.shuffle())
                .withNumberOfPartitions(shares)
                .withStreamPartitioner(
                    (topic, key, message, count) -> Optional.of(sharesOf(message, count))))
        .process(
            processors.share()::get,
            Named.as("share"),
            Share.GROUPS,
            Share.PENDING,
            Share.BATCHES,
            Share.HOOK);
  }

  private KStream<byte[], Outgoing> owner(
      StreamsBuilder builder, KStream<byte[], OwnerMessage> toOwner) {
    builder.addStateStore(store(Stores.persistentKeyValueStore(Owner.STORE)));
    builder.addStateStore(CommitHook.builder(Owner.HOOK));
    KStream<byte[], Owner.Incoming> loaders =
        builder.stream(
                topics.acks(),
                Consumed.with(BYTES, BYTES).withName("acks").withTimestampExtractor(RECORD_TIME))
            .mapValues(acks::decode, Named.as("acks-decoded"));
    return toOwner
        .<Owner.Incoming>mapValues(Owner.Incoming.FromTopology::new, Named.as("from-topology"))
        .merge(loaders, Named.as("owner-input"))
        .process(processors.owner()::get, Named.as("owner"), Owner.STORE, Owner.HOOK);
  }

  /** Groups and rows go to one share, marks go to all. */
  static Set<Integer> sharesOf(ShuffleMessage message, int count) {
    if (message instanceof ShuffleMessage.Partials partials) {
      return Set.of(partials.share());
    }
    return IntStream.range(0, count).boxed().collect(Collectors.toSet());
  }

  /** The share of a group or row. State depends on it: it is the same in every release. */
  static int shareOf(byte[] key, int count) {
    return Utils.toPositive(Utils.murmur2(key)) % count;
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(
      KeyValueBytesStoreSupplier supplier) {
    return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), BYTES).withCachingDisabled();
  }

  private static Serde<Outgoing> resultSerde() {
    return Serdes.serdeFrom(
        (topic, result) -> ((Outgoing.Result) result).value(),
        (topic, bytes) -> {
          throw new IllegalStateException("results are not read by the topology");
        });
  }
}
