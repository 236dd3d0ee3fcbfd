package dev.tidemill.bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The key of a result.
 *
 * @param hour its start, ms since the epoch
 */
record CustomerHour(long hour, long customer) {
  static final Serde<CustomerHour> SERDE =
      Serdes.serdeFrom((topic, key) -> key.bytes(), (topic, bytes) -> of(bytes));

  private byte[] bytes() {
    return ByteBuffer.allocate(16).putLong(hour).putLong(customer).array();
  }

  static CustomerHour of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new CustomerHour(buffer.getLong(), buffer.getLong());
  }
}
