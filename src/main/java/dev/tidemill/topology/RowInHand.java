package dev.tidemill.topology;

import dev.tidemill.batch.Batch;
import dev.tidemill.sql.RowContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The record that a task is working on, and the batch that it takes part in: what the statement's
 * pseudo-columns read. Set for each record, so it only keeps what it is given. Not thread-safe.
 */
final class RowInHand implements RowContext {
  private Batch batch;
  private ConsumerRecord<byte[], byte[]> record;
  private long eventTime;

  /** One that stays with a batch, for rows above those of records. */
  static RowInHand of(Batch batch) {
    RowInHand row = new RowInHand();
    row.take(batch);
    return row;
  }

  void take(Batch theBatch) {
    batch = theBatch;
  }

  /**
   * @param theBatch in which it takes part; that of a carried one is not the one of its time
   */
  void take(ConsumerRecord<byte[], byte[]> theRecord, long itsEventTime, Batch theBatch) {
    record = theRecord;
    eventTime = itsEventTime;
    batch = theBatch;
  }

  @Override
  public long batchStart() {
    return batch.start().toEpochMilli();
  }

  @Override
  public long batchEnd() {
    return batch.end().toEpochMilli();
  }

  @Override
  public long eventTime() {
    return eventTime;
  }

  @Override
  public String sourceTopic() {
    return record.topic();
  }

  @Override
  public int sourcePartition() {
    return record.partition();
  }

  @Override
  public long sourceOffset() {
    return record.offset();
  }

  @Override
  public String recordKey() {
    return text(record.key(), "the record's key");
  }

  @Override
  public String header(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text(header.value(), "the value of this header");
  }

  /** Not what stands for unreadable bytes: different keys would be one. */
  private static String text(byte[] bytes, String what) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + " is not UTF-8", e);
    }
  }
}
