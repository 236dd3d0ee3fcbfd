package dev.tidemill.embedded;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;

/**
 * Keeps warnings away that Kafka gives at each start or stop in good health. By their text, since
 * the same loggers have warnings that matter: a broker that can not be reached, for one.
 */
public final class KnownChatter extends Filter<ILoggingEvent> {
  private static final Set<String> BEGINNINGS =
      Set.of(
          "Performing controller activation.",
          "Processing exception handler is not enabled for the GlobalThread.",
          "Attempting to close NetworkClient that has already been closed");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    // Behind Kafka's "[component id=1 ...] ".
    String text = message.substring(message.startsWith("[") ? message.indexOf("] ") + 1 : 0).trim();
    return BEGINNINGS.stream().anyMatch(text::startsWith) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
