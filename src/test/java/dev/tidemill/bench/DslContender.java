package dev.tidemill.bench;

import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.Registry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.WindowStore;

/** The job as a program of the Kafka Streams DSL, exactly once, final results only. */
final class DslContender implements Contender {
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);

  /** How the DSL holds results back until a window is closed. */
  enum Emission {
    SUPPRESS,
    ON_WINDOW_CLOSE
  }

  private final Emission emission;

  DslContender(Emission emission) {
    this.emission = emission;
  }

  @Override
  public Optional<Outcome> run(Job job, Stopwatch watch) throws Exception {
    Topics.create(job.brokers(), job.output(), job.log().partitions());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ConfluentRegistry registry = new ConfluentRegistry(job.registry());
        KafkaStreams streams = new KafkaStreams(topology(job, registry), DslSettings.of(job));
        CommittedInput committed = new CommittedInput(job)) {
      streams.setUncaughtExceptionHandler(
          cause -> {
            failure.set(cause);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
          });
      streams.start();
      while (!watch.allRead() || !committed.isAll()) {
        if (failure.get() != null) {
          throw new IllegalStateException(failure.get());
        }
        LockSupport.parkNanos(LOOK);
      }
      watch.finished();
    }
    return Optional.empty();
  }

  private Topology topology(Job job, Registry registry) {
    StreamsBuilder builder = new StreamsBuilder();
    results(perHour(builder.stream(job.log().topic(), orders(registry))))
        .to(job.output(), Produced.with(CustomerHour.SERDE, Revenue.SERDE));
    return builder.build();
  }

  private static Consumed<Long, GenericRecord> orders(Registry registry) {
    Serde<GenericRecord> order =
        Serdes.serdeFrom(DslContender::noEncoder, new OrderDecoder(registry));
    return Consumed.with(Serdes.Long(), order)
        .withTimestampExtractor(
            (record, partitionTime) -> (long) ((GenericRecord) record.value()).get("event_time"));
  }

  private static byte[] noEncoder(String topic, GenericRecord order) {
    throw new UnsupportedOperationException("orders are only read");
  }

  private static TimeWindowedKStream<Long, Double> perHour(KStream<Long, GenericRecord> orders) {
    return orders
        .filter((customer, order) -> order.get("status").toString().equals(Order.PAID))
        .mapValues(
            order -> (double) order.get("amount") * Order.rate(order.get("currency").toString()))
        .groupByKey(Grouped.with(Serdes.Long(), Serdes.Double()))
        .windowedBy(TimeWindows.ofSizeAndGrace(Order.WINDOW, Order.GRACE));
  }

  private KStream<CustomerHour, Revenue> results(TimeWindowedKStream<Long, Double> hours) {
    KTable<Windowed<Long>, Revenue> revenue =
        switch (emission) {
          case SUPPRESS ->
              sum(hours)
                  .suppress(
                      Suppressed.untilWindowCloses(BufferConfig.unbounded()).withName("final"));
          case ON_WINDOW_CLOSE -> sum(hours.emitStrategy(EmitStrategy.onWindowClose()));
        };
    return revenue
        .toStream()
        .map(
            (window, sum) ->
                KeyValue.pair(new CustomerHour(window.window().start(), window.key()), sum));
  }

  private static KTable<Windowed<Long>, Revenue> sum(TimeWindowedKStream<Long, Double> hours) {
    return hours.aggregate(
        () -> Revenue.NONE,
        (customer, eur, revenue) -> revenue.plus(eur),
        Named.as("sum"),
        Materialized.<Long, Revenue, WindowStore<Bytes, byte[]>>as("revenue")
            .withKeySerde(Serdes.Long())
            .withValueSerde(Revenue.SERDE)
            .withCachingEnabled());
  }
}
