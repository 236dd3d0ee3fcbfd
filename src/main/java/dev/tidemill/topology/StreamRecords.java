package dev.tidemill.topology;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Forwards messages with the current time (rule 10), and makes trouble in it fatal (rule 8). */
final class StreamRecords {
  static final String TO_SHUFFLE = "to-shuffle";
  static final String COUNTS_TO_OWNER = "counts-to-owner";
  static final String ENDS_TO_OWNER = "ends-to-owner";
  static final String TO_REJECTS = "to-rejects";
  static final String TO_RESULTS = "to-results";
  static final String TO_LEDGER = "to-ledger";

  /** For messages whose way does not depend on a key. */
  static final byte[] NO_KEY = new byte[0];

  private final ProcessorContext<byte[], Outgoing> context;

  StreamRecords(ProcessorContext<byte[], Outgoing> context) {
    this.context = context;
  }

  void forward(String child, byte[] key, Outgoing message) {
    forward(child, key, message, new RecordHeaders());
  }

  void forward(String child, byte[] key, Outgoing message, Headers headers) {
    try {
      context.forward(new Record<>(key, message, context.currentSystemTimeMs(), headers), child);
    } catch (TimeoutException e) {
      // KIP-572 would call process() again with the same record, and what it changed in the heap
      // would count twice. So the thread dies, the transaction aborts, and a new thread takes over.
      throw new StreamsException("The broker did not answer in time; see " + child, e);
    }
  }
}
