package dev.tidemill.topology;

/** What a processor of the topology sends on; each kind has one way out. */
sealed interface Outgoing permits ShuffleMessage, OwnerMessage, Outgoing.Bytes, Outgoing.Result {

  /** A finished record for a topic of one's own: a reject or a ledger entry. */
  record Bytes(byte[] value) implements Outgoing {}

  /**
   * A result row or an end mark, both encoded.
   *
   * @param share also the partition of the results topic
   */
  record Result(int share, byte[] value) implements Outgoing {}
}
