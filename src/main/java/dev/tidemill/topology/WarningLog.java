package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log where rules were broken that only warn: once a minute for each rule, with the
 * place of one record and how many there were. The ledger has the counts. Not thread-safe.
 */
final class WarningLog {
  private static final Logger log = LoggerFactory.getLogger(WarningLog.class);

  static final long INTERVAL_NANOS = 60_000_000_000L;

  /** Of one rule of one topic. */
  private static final class Told {
    private long at;
    private long since;
  }

  private final LongSupplier nanos;
  private final Map<String, Told> told = new HashMap<>();

  WarningLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void tell(ConsumerRecord<byte[], byte[]> record, Batch batch, String rule, String reason) {
    Told last = told.get(record.topic() + " " + rule);
    long now = nanos.getAsLong();
    if (last != null && now - last.at < INTERVAL_NANOS) {
      last.since++;
      return;
    }
    long before = last == null ? 0 : last.since;
    last = told.computeIfAbsent(record.topic() + " " + rule, key -> new Told());
    last.at = now;
    last.since = 0;
    log.warn(
        "{}-{}@{} breaks the rule {} (batch {}); it is kept. {}",
        record.topic(),
        record.partition(),
        record.offset(),
        reason,
        batch.id(),
        before == 0
            ? "Further ones are told of once a minute; the ledger counts them all."
            : before + " more have broken it since the last message.");
  }
}
