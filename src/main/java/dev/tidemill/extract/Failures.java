package dev.tidemill.extract;

import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.RegistryUnavailableException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** What an extractor does about an exception of the Kafka client (KIP-1050). */
final class Failures {
  private Failures() {}

  /**
   * Whether a new producer that starts at the committed positions can help. One that was fenced
   * must not try: it would fence its successor in turn, for ever.
   */
  static boolean mayPass(RuntimeException thrown) {
    return !isFenced(thrown)
        && causes(thrown)
            .anyMatch(
                t ->
                    t instanceof RetriableException
                        || t instanceof TransactionAbortableException
                        || t instanceof OutOfOrderSequenceException
                        // it was quiet for longer than transactional.id.expiration.ms
                        || t instanceof InvalidPidMappingException
                        || t instanceof TransientException
                        || t instanceof RegistryUnavailableException);
  }

  static RuntimeException explained(RuntimeException thrown, String source) {
    if (isFenced(thrown)) {
      return new Unavailable(
          "Another instance extracts source "
              + source
              + " now; this one has stopped. Nothing is lost or doubled.",
          thrown);
    }
    if (thrown instanceof KafkaException) {
      return new Unavailable(
          "Source " + source + " can not be published: " + thrown.getMessage(), thrown);
    }
    return thrown;
  }

  /** Without the names of our classes. */
  static String inWords(RuntimeException thrown) {
    return thrown instanceof TransientException ? thrown.getMessage() : thrown.toString();
  }

  /** Whether it is of the cluster, and not of what is read. */
  static boolean isOfKafka(Throwable thrown) {
    return causes(thrown).anyMatch(t -> t instanceof KafkaException);
  }

  /** Whether another extractor of the source was started meanwhile. */
  static boolean isFenced(Throwable thrown) {
    return causes(thrown)
        .anyMatch(
            t ->
                t instanceof ProducerFencedException
                    || t instanceof InvalidProducerEpochException
                    // its successor has aborted what it was committing
                    || t instanceof InvalidTxnStateException);
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, t -> t != null, Throwable::getCause);
  }
}
