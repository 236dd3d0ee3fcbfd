package dev.tidemill.topology;

import dev.tidemill.batch.CrashPoint;
import java.util.Map;

/** The producer of Streams while a {@link CrashPoint} is armed, and never otherwise. */
final class CrashingProducer extends PipelineProducer {
  CrashingProducer(Map<String, Object> config) {
    super(config);
  }

  @Override
  public void commitTransaction() {
    flush(); // what was sent is with the broker: only the end of the transaction is missing
    CrashPoint.BEFORE_KAFKA_COMMIT.reached();
    super.commitTransaction();
    CrashPoint.AFTER_KAFKA_COMMIT.reached();
  }
}
