package dev.tidemill.topology;

import static java.util.Objects.requireNonNull;

import dev.tidemill.definition.Unavailable;

/**
 * What a start of a definition would do with one thing that its pipeline has, or needs.
 *
 * @param name of the thing, without its kind
 * @param text what the start would say, or what to do; may be empty
 */
public record Change(Effect effect, Kind kind, String name, String text) {

  /** The ones that a person has to act on come first. */
  public enum Effect {
    /** For this the start ends with exit code 3, and says {@link #text}. */
    REFUSED,
    /** It stays, and this definition has no use for it. */
    ORPHANED,
    /** It is made. */
    NEW,
    /** The start goes on with it as it is. */
    REUSED
  }

  /** What things there are. */
  public enum Kind {
    DEFINITION,
    SOURCE,
    TOPIC,
    GROUP,
    TARGET
  }

  public Change {
    requireNonNull(effect, "effect");
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
    requireNonNull(text, "text");
  }

  public static Change refused(Kind kind, String name, Unavailable why) {
    return new Change(Effect.REFUSED, kind, name, why.getMessage());
  }
}
