package dev.tidemill.load;

import dev.tidemill.batch.LedgerEntry;
import java.util.Map;

/**
 * Where batches are loaded, and the truth about what is loaded there. Not thread-safe: one loader
 * uses it.
 *
 * <p>After any {@link TargetException} the only valid calls are {@link #close} and {@link
 * #prepare}; what the failed call did is then to be read from {@link #positions} and {@link
 * #publish}, never assumed: a connection can be lost after a commit and before its answer.
 */
public interface Target extends AutoCloseable {

  /** What the ledger and the acks call it. */
  String name();

  /**
   * Connects, and checks the table or creates it; may be called again at any time. Either
   * everything that the target needs is there afterwards, or nothing has changed.
   *
   * @param log identity of the results topic that is loaded from here on; a topic that was deleted
   *     and created again is another one, whose offsets and attempts start anew
   * @throws dev.tidemill.definition.Unavailable if the database does not answer, is used by another
   *     process, has a table of this name with other columns (each difference is listed) or one
   *     that belongs to another pipeline or log
   */
  void prepare(String log);

  /**
   * Says what {@link #prepare} would, and leaves everything as it was.
   *
   * @throws dev.tidemill.definition.Unavailable as {@link #prepare}
   */
  void rehearse(String log);

  /**
   * The next offset of the results topic to be staged, by partition. A partition from which nothing
   * has been staged yet is absent.
   */
  Map<Integer, Long> positions() throws TargetException;

  /**
   * Keeps the rows and end marks of a chunk and moves the positions behind them, in one
   * transaction. Readers of the table see nothing of it.
   *
   * @throws FencedException if the positions are not where the chunk starts: somebody else loads
   *     this target. Nothing has changed
   */
  void stage(Chunk chunk) throws TargetException;

  /**
   * Publishes exactly what a READY entry says, in one transaction: readers see the whole attempt or
   * nothing of it. Rows of shares whose attempt has not changed stay. Does nothing if this attempt
   * or a later one is published already. The rows of an early result have attempt {@link
   * LedgerEntry#EARLY}; it replaces an earlier one, and never a batch that was closed.
   *
   * @throws FencedException if the table has been taken over. Nothing has changed
   */
  Publication publish(LedgerEntry ready) throws TargetException;

  /**
   * Forgets what has been staged and published from earlier logs, but keeps the table and its rows.
   * A batch that is published next replaces all rows of its interval. Does nothing to a table that
   * belongs to another pipeline. To be followed by {@link #prepare}.
   *
   * @throws dev.tidemill.definition.Unavailable as {@link #prepare}
   */
  void forget();

  /** Disconnects and drops what is not committed. May be called at any time, and again. */
  @Override
  void close();
}
