package dev.tidemill.embedded;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;

/**
 * Waits until the controller has given up the broker's last life.
 *
 * <p>After a kill -9 the metadata still call the dead broker a living leader, for a session's time.
 * A new one that starts meanwhile loads its transactions twice, as that leader and as its own
 * successor, and Kafka 4.3.1 can lose the markers of a transaction in between: it hangs for ever,
 * and with it all that reads committed records behind it.
 */
final class FencedFirst implements MetadataPublisher {
  private final int broker;
  private final CompletableFuture<Void> fenced = new CompletableFuture<>();

  FencedFirst(int broker) {
    this.broker = broker;
  }

  /** Done when no life of the broker counts as living. */
  CompletableFuture<Void> fenced() {
    return fenced;
  }

  @Override
  public String name() {
    return "tidemill-fenced-first";
  }

  @Override
  public void onMetadataUpdate(
      MetadataDelta delta, MetadataImage newImage, LoaderManifest manifest) {
    BrokerRegistration registration = newImage.cluster().broker(broker);
    if (registration == null || registration.fenced()) {
      fenced.complete(null);
    }
  }

  @Override
  public void close() {}
}
