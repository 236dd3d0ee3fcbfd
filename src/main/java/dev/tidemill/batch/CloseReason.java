package dev.tidemill.batch;

/** Why a batch closed; when several apply, the weakest proof is named (the last in this order). */
public enum CloseReason {
  /** Every source partition's event clock has passed the end and the grace. */
  CLOCK,
  /** The extractors said that everything before the batch's end is published. */
  COMPLETE,
  /** The extractors said that there is no more input. */
  END_OF_INPUT,
  /** At least one source partition was caught up and silent for {@code idle-after}. */
  IDLE
}
