package dev.tidemill.batch;

import java.util.List;

/** What must hold for a batch before anybody sees it. Thread-safe, or used by one thread. */
public interface Gates {

  /** Everything passes. */
  Gates NONE =
      new Gates() {
        @Override
        public int lookBack() {
          return 0;
        }

        @Override
        public List<Breach> judge(LedgerEntry entry, List<LedgerEntry> before) {
          return List.of();
        }
      };

  /** How many published batches before this one the judgement may depend on. */
  int lookBack();

  /**
   * A function of its arguments alone.
   *
   * @param entry whole, with balanced books
   * @param before the published batches before it, newest first; at most {@link #lookBack}
   * @return empty if the batch may be published
   */
  List<Breach> judge(LedgerEntry entry, List<LedgerEntry> before);
}
