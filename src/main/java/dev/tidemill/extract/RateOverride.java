package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.Rate;
import java.util.Optional;

/**
 * How fast a source is published, whatever its definition says: somebody has set it while the
 * pipeline runs.
 *
 * @param rate empty: as fast as it can be
 */
public record RateOverride(Optional<Rate> rate) {
  /** As it is written where a rate could be. */
  public static final String UNLIMITED = "unlimited";

  /** Of a record of the control topic; what is set, or {@link #RESET}, stands behind it. */
  private static final String COMMAND = "RATE ";

  private static final String RESET = "reset";

  public RateOverride {
    requireNonNull(rate, "rate");
  }

  /**
   * @throws IllegalArgumentException says what to write
   */
  public static RateOverride parse(String text) {
    if (text.equals(UNLIMITED)) {
      return new RateOverride(Optional.empty());
    }
    try {
      return new RateOverride(Optional.of(Rate.parse(text)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; or " + UNLIMITED, e);
    }
  }

  /** As it is in the control topic. */
  static String command(Optional<RateOverride> override) {
    return COMMAND + override.map(RateOverride::toString).orElse(RESET);
  }

  static boolean isCommand(String text) {
    return text.startsWith(COMMAND);
  }

  /**
   * @return empty: the definition's rate holds again
   * @throws IllegalArgumentException if it is none
   */
  static Optional<RateOverride> ofCommand(String text) {
    String rate = text.substring(COMMAND.length());
    return rate.equals(RESET) ? Optional.empty() : Optional.of(parse(rate));
  }

  /** As it is written. */
  @Override
  public String toString() {
    return rate.map(Rate::toString).orElse(UNLIMITED);
  }
}
