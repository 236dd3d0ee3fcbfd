package dev.tidemill.events;

import dev.tidemill.events.EventBuilder.Content;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Something that has begun, and will end once. Not thread-safe. */
public final class Span {
  static final String START = ".start";
  static final String STOP = ".stop";
  static final String EXCEPTION = ".exception";
  static final Span UNHEARD = new Span(Optional.empty(), 0, 0);

  private final Optional<Content> content;
  private final long id;
  private final long begun;
  private boolean ended;

  private Span(Optional<Content> content, long id, long begun) {
    this.content = content;
    this.id = id;
    this.begun = begun;
  }

  static Span started(Content content) {
    assert content.type.isSpan() : content.type + " is a moment";
    Span span =
        new Span(Optional.of(content), content.events.nextSpan(), content.events.nanoTime());
    span.tell(content, START);
    return span;
  }

  public Span with(String measurement, long value) {
    if (content.isPresent()) {
      content.get().measured(measurement, value);
    }
    return this;
  }

  public Span with(String metadata, String value) {
    if (content.isPresent()) {
      content.get().described(metadata, value);
    }
    return this;
  }

  /** Ends it well; nothing happens if it has ended. */
  public void stop() {
    assert ended || content.map(Content::isWhole).orElse(true)
        : content.get().type + " lacks what it declares";
    end(STOP);
  }

  /** Ends it with what went wrong; nothing happens if it has ended. */
  public void failed(Throwable error) {
    if (content.isPresent()) {
      content.get().error = Optional.of(error);
    }
    end(EXCEPTION);
  }

  private void end(String how) {
    if (content.isPresent() && !ended) {
      Content end = content.get();
      ended = true;
      end.duration = Optional.of(Duration.ofNanos(end.events.nanoTime() - begun));
      tell(end, how);
    }
  }

  private void tell(Content event, String how) {
    event.events.emit(event, event.type.path() + how, OptionalLong.of(id));
  }
}
