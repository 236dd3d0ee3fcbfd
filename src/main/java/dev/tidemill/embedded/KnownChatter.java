package dev.tidemill.embedded;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps warnings away that Kafka gives at each start or stop in good health, or after a kill, which
 * it repairs itself by restoring the state, and the traces of a pause, which is told by us. By
 * their text, since the same loggers have warnings that matter: a broker that is lost, for one.
 */
public final class KnownChatter extends Filter<ILoggingEvent> {
  private static final Set<String> BEGINNINGS =
      Set.of(
          "Performing controller activation.",
          "The metadata response from the cluster reported a recoverable issue",
          "Unable to obtain lock as state directory is already locked", // a start is refused so
          "Attempting to close NetworkClient that has already been closed",
          "Using an OS temp directory in the state.dir property", // of embedded mode only
          "Processing exception handler is not enabled for the GlobalThread"); // there is none
  private static final Pattern TOLD_OR_REPAIRED =
      Pattern.compile(
          "State store \\S+ did not find checkpoint offsets while stores are not empty"
              + "|Failed to register startup state stores for task .* are corrupted"
              // Whatever it is comes to our own handler next, which tells it or goes on.
              + "|Get exceptions for the following tasks: "
              + "|Processing exception handler is set to fail upon a processing error"
              + "|the registered exception handler opted to SHUTDOWN_CLIENT"
              + "|Auto topic creation failed for .*TOPIC_ALREADY_EXISTS" // two asked at once
              // KIP-890: a transaction begins while the markers of the last one are being written,
              // and
              // what the producer has sent meanwhile follows. It sends again until it is in.
              + "|Got error produce response .*, retrying .* Error:"
              + " (CONCURRENT_TRANSACTIONS|OUT_OF_ORDER_SEQUENCE_NUMBER)"
              // The node registers before it knows that it is the controller, and again.
              + "|Unexpected error handling request .*apiKey=CONTROLLER_REGISTRATION"
              // A command that finds no broker at its addresses says so itself, once. Nodes of a
              // cluster that it knows have numbers from 0.
              + "|AdminClient .*Connection to node -\\d+ .* could not be established"
              + "|AdminClient .*Bootstrap broker .* disconnected"
              // A table's consumer goes from topic to topic while answers are on their way.
              + "|Not updating last stable offset for partition .* as it is no longer assigned"
              + "|Encounter corrupted task"
              + "|Detected the states of tasks .* are corrupted");

  /** By its name, as the loggers are in the configuration; a pause is no failure. */
  private static final String TOLD_BY_US = "dev.tidemill.topology.PausedException";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (isToldByUs(event.getThrowableProxy())) {
      return FilterReply.DENY;
    }
    String message = event.getFormattedMessage();
    // Behind Kafka's "[component id=1 ...] ".
    String text = message.substring(message.startsWith("[") ? message.indexOf("] ") + 1 : 0).trim();
    if (TOLD_OR_REPAIRED.matcher(message).find()) {
      return FilterReply.DENY;
    }
    return BEGINNINGS.stream().anyMatch(text::startsWith) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static boolean isToldByUs(IThrowableProxy thrown) {
    return thrown != null
        && (thrown.getClassName().equals(TOLD_BY_US) || isToldByUs(thrown.getCause()));
  }
}
