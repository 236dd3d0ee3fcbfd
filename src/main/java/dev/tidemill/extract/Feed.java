package dev.tidemill.extract;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one kind of origin gives to its {@link Extractor}: its rows, pass by pass. Used by one
 * thread.
 *
 * <p>What is read and the position behind it are a function of what was committed: after any death,
 * {@link #restore} gets the committed positions, and a pass from there publishes exactly what is
 * not published yet. So whatever a feed remembers between two rows has to be in its positions.
 */
interface Feed {

  /**
   * Checks all that can be checked before anything is published.
   *
   * @throws dev.tidemill.definition.Unavailable if something is missing or does not fit; says what
   *     to do
   */
  void check();

  /**
   * Takes up what is committed. Called before the first pass, and again after a failure: then all
   * that was not committed has to be forgotten. Not preceded by {@link #check} if another feed of
   * the process has checked; so only the definition is held against what is committed here.
   *
   * @throws TransientException if what is needed for that may be there in a while
   * @throws dev.tidemill.definition.Unavailable if that is of something else
   */
  void restore(Positions committed);

  /**
   * Publishes everything that is there now and not published yet, in transactions of its own
   * choice; what it leaves open is committed behind it.
   *
   * @param out to be asked before each row whether to stop; then the rest is left for the next pass
   * @throws TransientException if it may be there in a while
   * @throws IOException if it can not be read; that ends the extractor
   * @throws dev.tidemill.definition.Unavailable if it is not what was read before, or rows that
   *     were not read yet are gone
   */
  void pass(Publication out) throws IOException;

  /**
   * When the last pass began to ask for what it has read, if that was before it was called: it has
   * gone on with one that was broken off, and what came meanwhile may lie before its place.
   */
  default Optional<Instant> began() {
    return Optional.empty();
  }

  /**
   * How long to wait before another pass; empty: what one pass has left is the end of the input.
   */
  Optional<Duration> again();

  /** How far it is. */
  FeedProgress progress();
}
