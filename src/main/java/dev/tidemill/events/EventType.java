package dev.tidemill.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every event that there is; docs/events.md says when each comes. */
public enum EventType {
  PIPELINE_RUN(span("pipeline.run")),
  PIPELINE_STATE(moment("pipeline.state").labels("from", "to")),
  PIPELINE_THREAD_REPLACED(moment("pipeline.thread_replaced")),
  PIPELINE_PAUSED(moment("pipeline.paused").details("place", "reason")),

  BATCH_OPENED(moment("batch.opened").details("batch", "attempt")),
  BATCH_REOPENED(moment("batch.reopened").details("batch", "attempt")),
  BATCH_CLOSED(
      moment("batch.closed")
          .labels("reason")
          .details("batch", "attempt")
          .measurements(
              "read", "accepted", "filtered", "rejected", "duplicate", "late", "amended", "rows")),
  BATCH_QUARANTINED(moment("batch.quarantined").details("batch", "attempt", "gates")),
  BATCH_RELEASED(moment("batch.released").details("batch", "attempt", "by")),
  BATCH_FAILED(moment("batch.failed").details("batch", "attempt", "note")),
  BATCH_LOADED(moment("batch.loaded").details("batch", "attempt").measurements("rows")),

  EXTRACT_RUN(span("extract.run").labels("source").measurements("rows", "unreadable")),
  EXTRACT_TRANSACTION(
      span("extract.transaction").labels("source").measurements("rows", "unreadable")),
  EXTRACT_WAITING(
      moment("extract.waiting").labels("source", "holder").details("partition", "behind")),
  EXTRACT_RESUMED(moment("extract.resumed").labels("source")),
  EXTRACT_RETRYING(moment("extract.retrying").labels("source")),
  EXTRACT_WITHOUT_PLACE(moment("extract.without_place").labels("source").measurements("rows")),
  EXTRACT_DIFFERS(
      moment("extract.differs").labels("source").details("file").measurements("rows", "expected")),
  EXTRACT_CONTENT_DIFFERS(
      moment("extract.content_differs").labels("source").details("file", "difference")),
  EXTRACT_AWAITS(moment("extract.awaits").labels("source", "what").details("file")),

  SCHEDULE_RUN(
      span("schedule.run")
          .labels("source", "outcome")
          .details("firing", "attempt")
          .measurements("rows")),
  SCHEDULE_CHANGED(
      moment("schedule.changed")
          .labels("source", "change")
          .details("process", "given", "from", "to")),
  SCHEDULE_SKIPPED(moment("schedule.skipped").labels("source", "reason").details("first", "last")),

  LOAD_ELECTED(moment("load.elected").labels("target")),
  LOAD_DEPOSED(moment("load.deposed").labels("target")),
  LOAD_RETRYING(moment("load.retrying").labels("target")),
  LOAD_STAGE(span("load.stage").labels("target").measurements("rows")),
  LOAD_PUBLISH(
      span("load.publish")
          .labels("target", "outcome")
          .details("batch", "attempt", "reason")
          .measurements("rows")),

  LISTENER_BEHIND(moment("listener.behind").labels("listener")),
  LISTENER_LOST(moment("listener.lost").labels("listener").measurements("events")),
  LISTENER_FAILED(moment("listener.failed").labels("listener")),
  LISTENER_SUSPENDED(moment("listener.suspended").labels("listener").measurements("millis"));

  private final Declaration declared;
  private final List<String> names;

  EventType(Declaration declared) {
    this.declared = declared;
    this.names =
        declared.isSpan
            ? List.of(
                declared.path + Span.START,
                declared.path + Span.STOP,
                declared.path + Span.EXCEPTION)
            : List.of(declared.path);
  }

  /** The name of a moment; the names of a span without their last word. */
  public String path() {
    return declared.path;
  }

  /** Whether it takes time: it has a start, and ends with a stop or an exception. */
  public boolean isSpan() {
    return declared.isSpan;
  }

  /** The names of its events: one, or the three of a span. */
  public List<String> names() {
    return names;
  }

  /** Metadata with few values, such as a target: good to count by. */
  public List<String> labels() {
    return declared.labels;
  }

  /** Metadata with many values, such as a batch. */
  public List<String> details() {
    return declared.details;
  }

  /** Of the moment, or of the stop of a span. */
  public List<String> measurements() {
    return declared.measurements;
  }

  boolean isAboutListeners() {
    return isUnder(path(), "listener");
  }

  static boolean isUnder(String name, String prefix) {
    return prefix.isEmpty()
        || name.startsWith(prefix)
            && (name.length() == prefix.length() || name.charAt(prefix.length()) == '.');
  }

  /** Every prefix under which there is an event, full names included. */
  public static Set<String> prefixes() {
    return Arrays.stream(values())
        .flatMap(type -> type.names().stream())
        .flatMap(EventType::prefixesOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> prefixesOf(String name) {
    List<String> prefixes = new ArrayList<>(List.of(name));
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      prefixes.add(name.substring(0, dot));
    }
    return prefixes.stream();
  }

  private static Declaration span(String path) {
    return new Declaration(path, true);
  }

  private static Declaration moment(String path) {
    return new Declaration(path, false);
  }

  private static final class Declaration {
    private final String path;
    private final boolean isSpan;
    private List<String> labels = List.of();
    private List<String> details = List.of();
    private List<String> measurements = List.of();

    Declaration(String path, boolean isSpan) {
      this.path = path;
      this.isSpan = isSpan;
    }

    Declaration labels(String... names) {
      labels = List.of(names);
      return this;
    }

    Declaration details(String... names) {
      details = List.of(names);
      return this;
    }

    Declaration measurements(String... names) {
      measurements = List.of(names);
      return this;
    }
  }
}
