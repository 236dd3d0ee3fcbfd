package dev.tidemill.load;

import dev.tidemill.batch.Ack;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Topics;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.AckCodec;
import dev.tidemill.schema.Registry;
import dev.tidemill.schema.Schemas;
import org.apache.kafka.common.KafkaException;

/** Tells the owner of a ledger that a person releases a batch, on the way of the loaders' acks. */
public final class Releases {
  private static final String CLIENT = "release";

  private Releases() {}

  /**
   * Returns when the message is in Kafka; the owner reads it when it runs.
   *
   * @throws Unavailable if it can not be written
   */
  public static void send(Ack ack, Topics topics, ServerSettings server, Registry registry) {
    AckCodec codec = AckCodec.register(registry, Schemas.valueSubject(topics.acks()));
    LoaderClients clients = new LoaderClients(server, topics.applicationId() + "." + CLIENT);
    try (Acks acks = new Acks(clients.acks(), topics.acks(), codec)) {
      acks.send(ack);
      acks.await();
    } catch (KafkaException e) {
      throw new Unavailable(
          "the release could not be written to "
              + topics.acks()
              + ": "
              + (e.getCause() == null ? e : e.getCause()).getMessage()
              + ". Nothing has changed; try again.",
          e);
    }
  }
}
