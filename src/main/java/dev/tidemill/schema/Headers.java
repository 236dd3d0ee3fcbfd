package dev.tidemill.schema;

/** Names of the record headers that carry meaning between our own parts. */
public final class Headers {
  /**
   * On a record of an extracted source topic, without a value: the extractor has published
   * everything that there is, to this partition.
   */
  public static final String END_OF_INPUT = "tidemill.end-of-input";

  /**
   * On a record of an extracted source topic, without a value: the extractor has published every
   * row with an event time before this instant, to this partition. Ms since the epoch, 8 bytes
   * big-endian.
   */
  public static final String COMPLETE_TO = "tidemill.complete-to";

  /**
   * On a record of an extracted source topic, without a value: how many rows the extractor has ever
   * published before it, to this partition. 8 bytes big-endian.
   */
  public static final String PUBLISHED = "tidemill.published";

  /**
   * On a record of an extracted source topic, without a value: what is {@linkplain
   * dev.tidemill.batch.Expected expected} of the source. Rows and unconfirmed files, 8 bytes
   * big-endian each.
   */
  public static final String EXPECTED = "tidemill.expected";

  /**
   * On a record of an extracted source topic: its value is not Avro but the original bytes of a row
   * that does not fit the schema. The header holds file:line and the reason, in UTF-8.
   */
  public static final String UNREADABLE = "tidemill.unreadable";

  /**
   * On a record of an extracted source topic: the row's identity in UTF-8, such as {@code file
   * name:line} or the id of a record; the same whenever and however often it is read.
   */
  public static final String ID = "tidemill.id";

  /** On a result: the start of its batch, ms since the epoch, 8 bytes big-endian. */
  public static final String BATCH = "tidemill.batch";

  /** On a result: the share's attempt, 4 bytes big-endian. */
  public static final String ATTEMPT = "tidemill.attempt";

  /** On a result that is no row but an {@link dev.tidemill.batch.EndOfShare}. */
  public static final String END_OF_SHARE = "tidemill.end-of-share";

  /** On a result, also an end mark, of a batch that is still open; without a value. */
  public static final String EARLY = "tidemill.early";

  private Headers() {}
}
