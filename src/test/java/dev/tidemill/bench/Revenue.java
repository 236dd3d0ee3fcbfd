package dev.tidemill.bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Of one customer in one hour. */
record Revenue(long orders, double eur) {
  static final Revenue NONE = new Revenue(0, 0);
  static final Serde<Revenue> SERDE =
      Serdes.serdeFrom((topic, revenue) -> bytes(revenue), (topic, bytes) -> of(bytes));

  Revenue plus(double value) {
    return new Revenue(orders + 1, eur + value);
  }

  private static byte[] bytes(Revenue revenue) {
    return revenue == null
        ? null
        : ByteBuffer.allocate(16).putLong(revenue.orders).putDouble(revenue.eur).array();
  }

  static Revenue of(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Revenue(buffer.getLong(), buffer.getDouble());
  }
}
