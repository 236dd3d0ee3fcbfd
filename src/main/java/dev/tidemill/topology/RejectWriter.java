package dev.tidemill.topology;

import dev.tidemill.schema.Reject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Sends a record that can not take part to the rejects topic, whole, with the reason and its place.
 */
final class RejectWriter {
  private final StreamRecords out;
  private final Function<Reject, byte[]> codec;

  RejectWriter(StreamRecords out, Function<Reject, byte[]> codec) {
    this.out = out;
    this.codec = codec;
  }

  /**
   * @param batch start of the record's batch, if its event time was understood
   */
  void write(
      ConsumerRecord<byte[], byte[]> record,
      SourceReader.Rejected rejected,
      Optional<Instant> batch) {
    List<Reject.RejectHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new Reject.RejectHeader(header.key(), Optional.ofNullable(header.value())));
    }
    Reject reject =
        new Reject(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            rejected.step(),
            rejected.getMessage(),
            batch,
            Optional.ofNullable(record.key()),
            Optional.ofNullable(record.value()),
            headers);
    out.forward(
        StreamRecords.TO_REJECTS,
        reject.place().getBytes(StandardCharsets.UTF_8),
        new Outgoing.Bytes(codec.apply(reject)));
  }
}
