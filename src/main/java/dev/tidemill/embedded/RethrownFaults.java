package dev.tidemill.embedded;

import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a part of the broker fails. Kafka's own factory ends the process ({@code
 * Exit.halt}); here the process is not the broker's, so a fatal fault is logged and thrown to who
 * started it.
 */
final class RethrownFaults implements FaultHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      action.run();
      if (fatal) {
        LOG.debug("The embedded broker failed: {}: {}", name, message, cause);
      } else {
        LOG.warn("The embedded broker: {}: {}", name, message, cause);
      }
      return new IllegalStateException(name + ": " + message, cause);
    };
  }
}
