package dev.tidemill.load;

import static java.util.Objects.requireNonNull;

import dev.tidemill.load.LoaderProgress.State;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a loader has to say about itself. Written by its thread, read by any. */
final class LoaderBooks {
  private static final Logger LOG = LoggerFactory.getLogger(LoaderBooks.class);

  private final String target;
  private final Map<Instant, String> refused = new TreeMap<>();
  private State state = State.STANDBY;
  private long publishedBatches;
  private long stagedRows;
  private boolean settled;
  private Optional<String> trouble = Optional.empty();
  private String gone = "";

  LoaderBooks(String target) {
    this.target = requireNonNull(target, "target");
  }

  synchronized void staged(int rows) {
    stagedRows += rows;
  }

  synchronized void published(Instant batch) {
    publishedBatches++;
    refused.remove(batch);
  }

  /** Says so in the log too, once for each reason. */
  synchronized void refused(Instant batch, String reason) {
    if (!reason.equals(refused.put(batch, reason))) {
      LOG.error("{}", reason);
    }
  }

  /** Batches that can not be had any more. Says so in the log, once for the same ones. */
  synchronized void gone(String which) {
    if (!which.equals(gone)) {
      gone = which;
      LOG.warn("{}", which);
    }
  }

  synchronized void enter(State next) {
    state = next;
    if (next != State.STOPPED) {
      trouble = Optional.empty();
    }
  }

  synchronized void settled(boolean now) {
    settled = now;
  }

  synchronized void retrying(String why) {
    state = State.RETRYING;
    settled = false;
    trouble = Optional.of(why);
  }

  synchronized LoaderProgress progress() {
    return new LoaderProgress(
        target,
        state,
        publishedBatches,
        stagedRows,
        settled,
        trouble.or(() -> refused.values().stream().findFirst()));
  }
}
