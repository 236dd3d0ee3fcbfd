package dev.tidemill.bench;

import dev.tidemill.schema.AvroRowDecoder;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Adds up what a run has committed to its topic. */
final class OutcomeReader {
  private OutcomeReader() {}

  static Outcome read(Job job) throws IOException {
    Outcome.Tally tally = new Outcome.Tally();
    if (job.system() == Contender.Name.TIDEMILL) {
      readTidemill(job, tally);
    } else {
      Topics.read(
          job.brokers(),
          job.output(),
          record -> {
            CustomerHour key = CustomerHour.of(record.key());
            Revenue revenue = Revenue.of(record.value());
            tally.add(key.hour(), key.customer(), revenue.orders(), revenue.eur());
          });
    }
    return tally.outcome();
  }

  private static void readTidemill(Job job, Outcome.Tally tally) throws IOException {
    CompiledPipeline pipeline = TidemillContender.pipeline(job);
    try (ConfluentRegistry registry = new ConfluentRegistry(job.registry())) {
      AvroRowDecoder rows = new AvroRowDecoder(pipeline.query().resultSchema(), registry);
      Topics.read(
          job.brokers(),
          pipeline.definition().topics().results(),
          record -> {
            long start = header(record, Headers.BATCH).getLong();
            // The sentinels' own batch may have closed as idle since.
            if (record.headers().lastHeader(Headers.END_OF_SHARE) == null
                && start < job.log().end()) {
              Object[] row = row(rows, record);
              tally.add(start, (long) row[0], (long) row[1], (double) row[2]);
            }
          });
    }
  }

  private static Object[] row(AvroRowDecoder rows, ConsumerRecord<byte[], byte[]> record) {
    try {
      return rows.decode(record.value());
    } catch (DecodeException e) {
      throw new IllegalStateException(record.toString(), e);
    }
  }

  private static ByteBuffer header(ConsumerRecord<byte[], byte[]> record, String header) {
    return ByteBuffer.wrap(record.headers().lastHeader(header).value());
  }
}
