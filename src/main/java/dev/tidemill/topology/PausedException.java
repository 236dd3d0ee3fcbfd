package dev.tidemill.topology;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.Pause;

/**
 * Too many records were rejected. Nothing of the open transaction stays, so that a restart stops at
 * the same record, or goes on there if what decides about rejects was changed.
 */
public final class PausedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Pause pause;

  PausedException(Pause pause) {
    super(pause.summary());
    this.pause = requireNonNull(pause, "pause");
  }

  public Pause pause() {
    return pause;
  }
}
