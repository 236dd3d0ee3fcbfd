package dev.tidemill.batch;

/** What became of one record. Every record that is read gets exactly one. */
public enum Verdict {
  /** Took part in the result. */
  ACCEPTED,
  /** Read and understood, but the SQL's WHERE left it out. */
  FILTERED,
  /** Could not be decoded or evaluated, or broke a rule; it is in the rejects with its reason. */
  REJECTED,
  /** Seen before, by the pipeline's rule of identity. */
  DUPLICATE,
  /** Its batch was over by the clock of its own source partition. */
  LATE
}
