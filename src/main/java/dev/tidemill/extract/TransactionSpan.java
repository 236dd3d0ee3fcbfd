package dev.tidemill.extract;

import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.events.Span;
import java.util.Optional;

/** Tells of each transaction of one source, from its first row on. Not thread-safe. */
final class TransactionSpan {
  private final Events events;
  private final String source;
  private Optional<Span> open = Optional.empty();
  private long rows;
  private long unreadable;

  TransactionSpan(Events events, String source) {
    this.events = events;
    this.source = source;
  }

  /** A row is about to be sent. */
  void row(boolean isUnreadable) {
    if (open.isEmpty()) {
      open =
          Optional.of(events.event(EventType.EXTRACT_TRANSACTION).with("source", source).start());
      rows = 0;
      unreadable = 0;
    }
    rows++;
    unreadable += isUnreadable ? 1 : 0;
  }

  void committed() {
    open.ifPresent(span -> span.with("rows", rows).with("unreadable", unreadable).stop());
    open = Optional.empty();
  }

  /** What was sent will not be committed. */
  void failed(Exception why) {
    open.ifPresent(span -> span.failed(why));
    open = Optional.empty();
  }
}
