package dev.tidemill.topology;

import dev.tidemill.batch.Pause;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.EventType;
import dev.tidemill.events.Events;
import dev.tidemill.schema.RegistryUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens after a stream thread died: trouble that passes is tried again, trouble that repeats
 * or can not pass stops the pipeline, with a reason that a person can act on. Thread-safe.
 */
final class Trouble implements StreamsUncaughtExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(Trouble.class);
  private static final int MOST_RESTARTS = 5;
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofMinutes(2);

  private final Path stateDir;
  private final CompletableFuture<Void> failure;
  private final Events events;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Deque<Long> restarts = new ArrayDeque<>();

  /**
   * @param failure completed exceptionally when the pipeline has to stop
   */
  Trouble(Path stateDir, CompletableFuture<Void> failure, Events events) {
    this.stateDir = stateDir;
    this.failure = failure;
    this.events = events;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable exception) {
    StreamThreadExceptionResponse response = judge(exception);
    if (response == StreamThreadExceptionResponse.SHUTDOWN_CLIENT) {
      // By itself a client that shuts down stays a member, and the next start waits until its
      // session is over.
      awaitClosing();
    }
    return response;
  }

  private synchronized StreamThreadExceptionResponse judge(Throwable exception) {
    if (mentions(exception, "No space left on device")) {
      return stop(
          new Unavailable(
              "the disk is full under the state directory "
                  + stateDir
                  + ". Free some space or move 'state-dir', and start again: nothing is lost.",
              exception));
    }
    Optional<PausedException> paused = find(exception, PausedException.class);
    if (paused.isPresent()) { // others read the partition now, and come to the same
      failure.completeExceptionally(paused.get());
      Pause pause = paused.get().pause();
      events
          .event(EventType.PIPELINE_PAUSED)
          .with("place", pause.place())
          .with("reason", pause.reason())
          .emit();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    Optional<Unavailable> decided = find(exception, Unavailable.class);
    if (decided.isPresent()) { // trying again would come to the same
      return stop(decided.get());
    }
    if (find(exception, RecordTooLargeException.class).isPresent()) {
      return stop(
          new Unavailable(
              "a group or a row of the statement is larger than "
                  + (StreamsSettings.LARGEST_GROUP >> 20)
                  + " MiB: "
                  + rootMessage(exception)
                  + ". COUNT(DISTINCT …), exact percentiles, ARRAY_AGG and STRING_AGG hold every value"
                  + " of a group; use APPROX_COUNT_DISTINCT or APPROX_PERCENTILE, or group by more"
                  + " columns.",
              exception));
    }
    if (find(exception, RetriableException.class).isPresent()
        || find(exception, RegistryUnavailableException.class).isPresent()) {
      log.warn("A stream thread stopped and is replaced: {}", rootMessage(exception));
      return replaced(exception);
    }
    long now = System.nanoTime();
    restarts.addLast(now);
    while (now - restarts.peekFirst() > WINDOW.toNanos()) {
      restarts.removeFirst();
    }
    if (restarts.size() > MOST_RESTARTS) {
      return stop(
          new Unavailable(
              "the pipeline failed "
                  + restarts.size()
                  + " times within "
                  + WINDOW.toMinutes()
                  + " minutes, last because of: "
                  + rootMessage(exception),
              exception));
    }
    log.warn("A stream thread failed and is replaced", exception);
    return replaced(exception);
  }

  private StreamThreadExceptionResponse replaced(Throwable exception) {
    events.event(EventType.PIPELINE_THREAD_REPLACED).because(exception).emit();
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse stop(Unavailable reason) {
    failure.completeExceptionally(reason);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** The threads are being closed, and know that they have to leave their group. */
  void closing() {
    closing.countDown();
  }

  private void awaitClosing() {
    try {
      closing.await(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T extends Throwable> Optional<T> find(Throwable exception, Class<T> type) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static boolean mentions(Throwable exception, String text) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && cause.getMessage().contains(text)) {
        return true;
      }
    }
    return false;
  }

  private static String rootMessage(Throwable exception) {
    Throwable root = exception;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }
}
