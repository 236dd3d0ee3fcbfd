package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A command at its place in the control topic, by which it is known whether it was obeyed.
 *
 * @param at when it was given, by the clock of who gave it
 */
record ToldCommand(long offset, Instant at, SourceCommand command) {
  ToldCommand {
    requireNonNull(at, "at");
    requireNonNull(command, "command");
  }
}
