package dev.tidemill.bench;

import dev.tidemill.schema.ConfluentRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;

/**
 * What the JVM can do if nothing is promised: one consumer, maps in the heap, no state that
 * survives, no result written.
 */
final class HeapLimitContender implements Contender {
  private static final Duration NEWS = Duration.ofMillis(200);

  private final Map<Long, Map<Long, Revenue>> hours = new HashMap<>();

  @Override
  public Optional<Outcome> run(Job job, Stopwatch watch) throws Exception {
    try (ConfluentRegistry registry = new ConfluentRegistry(job.registry());
        KafkaConsumer<Long, GenericRecord> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", job.brokers(), "max.poll.records", 5_000),
                new LongDeserializer(),
                new OrderDecoder(registry))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(job.log().topic()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      for (long left = job.log().records(); left > 0; ) {
        for (ConsumerRecord<Long, GenericRecord> record : consumer.poll(NEWS)) {
          add(record.value());
          left--;
        }
      }
      watch.finished();
    }
    return Optional.of(outcome(job.log().end()));
  }

  private void add(GenericRecord order) {
    if (order.get("status").toString().equals(Order.PAID)) {
      long time = (long) order.get("event_time");
      double eur = (double) order.get("amount") * Order.rate(order.get("currency").toString());
      long hour = time - time % Order.WINDOW.toMillis();
      Map<Long, Revenue> customers = hours.computeIfAbsent(hour, h -> new HashMap<>());
      long customer = (long) order.get("customer_id");
      customers.put(customer, customers.getOrDefault(customer, Revenue.NONE).plus(eur));
    }
  }

  private Outcome outcome(long end) {
    Outcome.Tally tally = new Outcome.Tally();
    hours.forEach(
        (hour, customers) -> {
          if (hour < end) {
            customers.forEach((c, revenue) -> tally.add(hour, c, revenue.orders(), revenue.eur()));
          }
        });
    return tally.outcome();
  }
}
