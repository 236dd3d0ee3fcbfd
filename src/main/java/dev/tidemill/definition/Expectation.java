package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

/**
 * What must hold for a record of a source.
 *
 * @param condition a SQL condition on the source's columns
 */
public record Expectation(String condition, OnBreak onBreak) {

  /** What becomes of a record for which the condition is FALSE. */
  public enum OnBreak {
    /** It is rejected, with the rule's name as the reason. */
    REJECT,
    /** It is kept, and counted. */
    WARN;

    static OnBreak of(String text) {
      return switch (text) {
        case "reject" -> REJECT;
        case "warn" -> WARN;
        default ->
            throw new IllegalArgumentException(
                "'on-break' can not be '%s'; write reject or warn".formatted(text));
      };
    }
  }

  public Expectation {
    requireNonNull(condition, "condition");
    requireNonNull(onBreak, "onBreak");
  }

  public static Expectation reject(String condition) {
    return new Expectation(condition, OnBreak.REJECT);
  }
}
