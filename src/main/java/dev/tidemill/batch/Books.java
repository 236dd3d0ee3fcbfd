package dev.tidemill.batch;

/**
 * How many records of one batch (or of one source partition's part in it) were read, and what
 * became of them. Counts, never negative. Immutable.
 *
 * @param read records that were read, counted apart from the verdicts
 * @param amended of the late ones: how many were merged into a later attempt all the same
 * @param carried of the late ones: how many were merged into a later batch instead
 * @param carriedIn late records of earlier batches that were merged into this one; they are read in
 *     the books of their own
 */
public record Books(
    long read,
    long accepted,
    long filtered,
    long rejected,
    long duplicate,
    long late,
    long amended,
    long carried,
    long carriedIn) {

  public static final Books EMPTY = new Books(0, 0, 0, 0, 0, 0, 0);

  public Books {
    if (read < 0 || accepted < 0 || filtered < 0 || rejected < 0 || duplicate < 0 || late < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
    if (amended < 0 || amended > late) {
      throw new IllegalArgumentException("amended must be within 0 and late: " + amended);
    }
    if (carried < 0 || carried > late - amended || carriedIn < 0) {
      throw new IllegalArgumentException(
          "carried must be within 0 and the late ones that are not amended: " + carried);
    }
  }

  /** Of a batch that has to do with no other. */
  public Books(
      long read,
      long accepted,
      long filtered,
      long rejected,
      long duplicate,
      long late,
      long amended) {
    this(read, accepted, filtered, rejected, duplicate, late, amended, 0, 0);
  }

  /** Promise 2: read = rejected + filtered + duplicate + late + accepted. */
  public boolean balance() {
    return read == accepted + filtered + rejected + duplicate + late;
  }

  /** Records that must be found again in the merged shares of the batch. */
  public long merged() {
    return accepted + amended + carriedIn;
  }

  public Books plus(Books other) {
    return new Books(
        read + other.read,
        accepted + other.accepted,
        filtered + other.filtered,
        rejected + other.rejected,
        duplicate + other.duplicate,
        late + other.late,
        amended + other.amended,
        carried + other.carried,
        carriedIn + other.carriedIn);
  }
}
