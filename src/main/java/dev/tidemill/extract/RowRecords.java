package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.batch.Expected;
import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.RowEncoder;
import dev.tidemill.schema.RowPath;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * What is published for a row. A function of the input and the definition alone: partition, key and
 * identity do not depend on when the row is read. Not thread-safe.
 */
final class RowRecords {
  private final String topic;
  private final int partitions;
  private final RowEncoder encoder;
  private final Optional<RowPath> key;

  /**
   * @param encoder of the source's schema
   */
  RowRecords(String topic, int partitions, RelationDefinition source, RowEncoder encoder) {
    this.topic = topic;
    this.partitions = partitions;
    this.encoder = encoder;
    this.key = source.key().map(path -> RowPath.of(source.schema(), path));
  }

  /** See {@link Publication#row}. */
  ProducerRecord<byte[], byte[]> row(String id, long number, Object[] values) {
    byte[] key = key(values);
    int partition = key == null ? turn(number) : partition(key);
    return named(id, new ProducerRecord<>(topic, partition, key, encoder.encode(values)));
  }

  /** See {@link Publication#unreadable}. */
  ProducerRecord<byte[], byte[]> unreadable(String id, long number, byte[] raw, String reason) {
    ProducerRecord<byte[], byte[]> record =
        named(id, new ProducerRecord<>(topic, turn(number), null, raw));
    record.headers().add(Headers.UNREADABLE, (id + ": " + reason).getBytes(UTF_8));
    return record;
  }

  /** See {@link Publication#gone}. */
  ProducerRecord<byte[], byte[]> gone(String id, byte[] rowKey) {
    return named(id, new ProducerRecord<>(topic, partition(rowKey), rowKey, null));
  }

  private int partition(byte[] rowKey) {
    return Utils.toPositive(Utils.murmur2(rowKey)) % partitions;
  }

  private int turn(long number) {
    return (int) (number % partitions);
  }

  private static ProducerRecord<byte[], byte[]> named(
      String id, ProducerRecord<byte[], byte[]> record) {
    record.headers().add(Headers.ID, id.getBytes(UTF_8));
    return record;
  }

  private byte[] key(Object[] values) {
    Object value = key.map(path -> path.of(values)).orElse(null);
    if (value == null) {
      return null;
    }
    return value instanceof byte[] bytes ? bytes : value.toString().getBytes(UTF_8);
  }

  /**
   * One for each partition.
   *
   * @param published to each, ever; empty if that is not known
   */
  List<ProducerRecord<byte[], byte[]>> endOfInput(Optional<long[]> published) {
    return marks(Headers.END_OF_INPUT, new byte[0], published);
  }

  int partitions() {
    return partitions;
  }

  /** One for each partition: everything before this instant is published. */
  List<ProducerRecord<byte[], byte[]>> completeTo(Instant time, Optional<long[]> published) {
    return marks(Headers.COMPLETE_TO, number(time.toEpochMilli()), published);
  }

  /**
   * One for each partition whose number has changed.
   *
   * @param published to each, ever; empty if that is not known
   * @param told what was said of each last; empty if nothing was
   */
  List<ProducerRecord<byte[], byte[]>> counts(Optional<long[]> published, Optional<long[]> told) {
    if (published.isEmpty()) {
      return List.of();
    }
    long[] now = published.get();
    return IntStream.range(0, partitions)
        .filter(to -> now[to] != told.map(before -> before[to]).orElse(0L))
        .mapToObj(to -> mark(to, Headers.PUBLISHED, number(now[to])))
        .toList();
  }

  /** One for each partition. */
  List<ProducerRecord<byte[], byte[]>> expected(Expected expected) {
    byte[] value =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(expected.rows())
            .putLong(expected.unconfirmed())
            .array();
    return marks(Headers.EXPECTED, value, Optional.empty());
  }

  private List<ProducerRecord<byte[], byte[]>> marks(
      String header, byte[] value, Optional<long[]> published) {
    List<ProducerRecord<byte[], byte[]>> marks =
        IntStream.range(0, partitions).mapToObj(to -> mark(to, header, value)).toList();
    published.ifPresent(
        counts ->
            marks.forEach(
                mark -> mark.headers().add(Headers.PUBLISHED, number(counts[mark.partition()]))));
    return marks;
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private ProducerRecord<byte[], byte[]> mark(int partition, String header, byte[] value) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, null, null);
    record.headers().add(header, value);
    return record;
  }
}
