package dev.tidemill.batch;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A gate that a batch did not pass. Immutable.
 *
 * @param gate its name
 * @param rule its text, as it was written
 * @param reason the values that it saw, or why it can not be evaluated
 * @param samples a few of the result's rows that it is about, as JSON; often none
 */
public record Breach(String gate, String rule, String reason, List<String> samples) {
  public Breach {
    requireNonNull(gate, "gate");
    requireNonNull(rule, "rule");
    requireNonNull(reason, "reason");
    samples = List.copyOf(samples);
  }

  /** On one line, for people. */
  @Override
  public String toString() {
    return gate + ": " + String.join(" ", rule.strip().split("\\s+")) + " (" + reason + ")";
  }
}
