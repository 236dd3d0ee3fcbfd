package dev.tidemill.batch;

/** Where a batch's attempt stands in the ledger. */
public enum BatchState {
  /** Records may still come. */
  OPEN,
  /** Every source partition has passed the end; shares are writing their results. */
  CLOSING,
  /** All shares are written and the books balance: targets may publish it. */
  READY,
  /** Every target has published it. */
  LOADED,
  /** A later attempt has taken its place. */
  SUPERSEDED,
  /** Can not be published: its books do not balance, or its result can not be computed. */
  FAILED,
  /** It did not pass a gate: nobody sees it until a person releases it. */
  QUARANTINED;

  /** Whether nothing more will happen to this attempt unless new records or a person come. */
  public boolean isFinal() {
    return this == LOADED || this == SUPERSEDED || this == QUARANTINED || this == FAILED;
  }
}
