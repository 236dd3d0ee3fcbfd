package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Asks an API for what is new alone.
 *
 * @param parameter gets the largest value that was read so far, less the overlap
 * @param field of a record, which has the value
 * @param start what is asked for the first time; empty: everything
 * @param overlap how far behind the largest value a record may still come; empty: as the values
 *     suggest
 */
public record Incremental(
    Parameter parameter, RecordField field, Optional<String> start, Optional<Overlap> overlap) {
  public Incremental {
    requireNonNull(parameter, "parameter");
    requireNonNull(field, "field");
    requireNonNull(start, "start");
    requireNonNull(overlap, "overlap");
  }
}
