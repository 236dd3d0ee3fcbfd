package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.RelationDefinition;
import dev.tidemill.schema.DecodeException;
import dev.tidemill.schema.Headers;
import dev.tidemill.schema.RowEncoder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * What is published for a row. A function of the file and the definition alone: partition, key and
 * identity do not depend on when the row is read. Not thread-safe.
 */
final class RowRecords {
  private final String topic;
  private final int partitions;
  private final RowEncoder encoder;
  private final int keyField;

  /**
   * @param encoder of the source's schema
   */
  RowRecords(String topic, int partitions, RelationDefinition source, RowEncoder encoder) {
    this.topic = topic;
    this.partitions = partitions;
    this.encoder = encoder;
    this.keyField = source.key().map(key -> source.schema().getField(key).pos()).orElse(-1);
  }

  /** Whether the record is of a row that does not fit the schema. */
  static boolean isUnreadable(ProducerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(Headers.UNREADABLE) != null;
  }

  /**
   * @param number of the row in its file, from 0
   */
  ProducerRecord<byte[], byte[]> of(InputFile file, RawRow row, long number, RowParser parser) {
    String id = file.name() + ":" + row.place().line();
    int turn = (int) (number % partitions);
    ProducerRecord<byte[], byte[]> record;
    try {
      if (row.problem().isPresent()) {
        throw new DecodeException(row.problem().get());
      }
      Object[] values = parser.parse(row.bytes());
      byte[] key = key(values);
      int partition = key == null ? turn : Utils.toPositive(Utils.murmur2(key)) % partitions;
      record = new ProducerRecord<>(topic, partition, key, encoder.encode(values));
    } catch (DecodeException e) {
      record = new ProducerRecord<>(topic, turn, null, row.bytes());
      record.headers().add(Headers.UNREADABLE, (id + ": " + e.getMessage()).getBytes(UTF_8));
    }
    record.headers().add(Headers.ID, id.getBytes(UTF_8));
    return record;
  }

  private byte[] key(Object[] values) {
    Object value = keyField < 0 ? null : values[keyField];
    if (value == null) {
      return null;
    }
    return value instanceof byte[] bytes ? bytes : value.toString().getBytes(UTF_8);
  }

  ProducerRecord<byte[], byte[]> endOfInput(int partition) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, null, null);
    record.headers().add(Headers.END_OF_INPUT, new byte[0]);
    return record;
  }
}
