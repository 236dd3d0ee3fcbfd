package dev.tidemill.batch;

/**
 * Which rows have gone into a result, in 64 bits: the sum of a hash of each row's place. It does
 * not depend on order, it can be added up from parts, and two different sets have the same one only
 * by chance, 1 in 2<sup>64</sup> (the additive multiset hash of Clarke et al., "Incremental
 * Multiset Hash Functions", ASIACRYPT 2003, without its defence against an adversary). A count of
 * records can not tell one that is missing from one that came twice, nor one of which half the rows
 * are still on their way.
 */
public final class Checksum {
  private Checksum() {}

  /**
   * Of one row.
   *
   * @param source which source partition
   * @param offset of the record
   * @param branch which of the record's rows: a UNION ALL makes several
   */
  public static long of(int source, long offset, int branch) {
    return mixed(mixed(offset) + mixed((long) source << 32 | branch));
  }

  /**
   * The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), away from its fixed point 0.
   */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
