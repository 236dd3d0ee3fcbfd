package dev.tidemill.topology;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Records that Streams has handed over, and that intake can not take yet since a table does not
 * know their time. They stand in a line for each source partition, so that intake sees every
 * partition in its own order: as if it were not read yet. Not thread-safe.
 */
final class WaitingRecords {

  /**
   * @param since when it was handed over, by the wall clock; ms since the epoch
   */
  record Waiting(ConsumerRecord<byte[], byte[]> record, long since) {}

  private final KeyValueStore<Bytes, byte[]> store;

  WaitingRecords(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** Behind those that wait already. */
  void add(int source, ConsumerRecord<byte[], byte[]> record, long since) {
    store.put(
        StoreKeys.waiting(source, record.offset()),
        MessageSerdes.write(out -> write(out, new Waiting(record, since))));
  }

  /** The first ones in the line. */
  List<Waiting> first(int source, TopicPartition partition, int most) {
    List<Waiting> first = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> line =
        store.range(StoreKeys.waiting(source, 0), StoreKeys.waiting(source, Long.MAX_VALUE))) {
      while (line.hasNext() && first.size() < most) {
        KeyValue<Bytes, byte[]> next = line.next();
        long offset = StoreKeys.offsetOf(next.key);
        first.add(MessageSerdes.read(next.value, in -> read(in, partition, offset)));
      }
    }
    return first;
  }

  void remove(int source, Waiting waiting) {
    store.delete(StoreKeys.waiting(source, waiting.record().offset()));
  }

  private static void write(DataOutputStream out, Waiting waiting) throws IOException {
    ConsumerRecord<byte[], byte[]> record = waiting.record;
    out.writeLong(waiting.since);
    out.writeLong(record.timestamp());
    write(out, record.key());
    write(out, record.value());
    Header[] headers = record.headers().toArray();
    out.writeInt(headers.length);
    for (Header header : headers) {
      byte[] name = header.key().getBytes(StandardCharsets.UTF_8);
      write(out, name);
      write(out, header.value());
    }
  }

  private static Waiting read(DataInputStream in, TopicPartition partition, long offset)
      throws IOException {
    long since = in.readLong();
    long timestamp = in.readLong();
    byte[] key = readBytes(in);
    byte[] value = readBytes(in);
    Headers headers = new RecordHeaders();
    for (int i = in.readInt(); i > 0; i--) {
      String name = new String(readBytes(in), StandardCharsets.UTF_8);
      headers.add(name, readBytes(in));
    }
    return new Waiting(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            offset,
            timestamp,
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            ConsumerRecord.NULL_SIZE,
            key,
            value,
            headers,
            Optional.empty()),
        since);
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  /** Null for what was null. */
  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }
}
