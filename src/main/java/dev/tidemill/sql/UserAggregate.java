package dev.tidemill.sql;

/**
 * An aggregate that a user brings. Beside these methods its class, which is public and has a public
 * constructor without arguments, has one or more methods {@code public static S eval(…)}: each
 * makes of the arguments of one row what the row adds. What {@code eval} throws rejects the record,
 * before it is counted in any group; where it gives null the row is left out.
 *
 * <p>Rows meet in an order that depends on timing, and in groups of any size. So {@link #merge}
 * must give the same for {@code (a, b)} and {@code (b, a)}, and for {@code (a, (b, c))} and {@code
 * ((a, b), c)}, to the last bit: add integers or decimals, not doubles; keep the least, not the
 * first. What any of these methods throws has no record to blame: it fails the batch.
 *
 * <p>Several threads use one instance, so it keeps nothing itself.
 *
 * @param <S> the state: what has been gathered. Never null in these methods
 * @param <R> the result, of a type that SQL has
 */
public interface UserAggregate<S, R> {

  /**
   * What two states are together.
   *
   * @param a may be changed and given back
   * @param b must not be changed
   */
  S merge(S a, S b);

  /** The value of a group; null is NULL. A group without any state is NULL, too. */
  R result(S state);

  /** The state as it is sent and stored. Equal states should have equal bytes. */
  byte[] encode(S state);

  /** The state that {@link #encode} wrote, which may have been an earlier version of this class. */
  S decode(byte[] bytes);
}
