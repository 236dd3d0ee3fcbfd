package dev.tidemill.extract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import java.util.Optional;

/**
 * Where things are in an API's answer.
 *
 * @param records the array of records; null in its place is an empty one
 * @param next the cursor of the next page; empty: there is none
 * @param values of each record that are wanted besides its row, from the record on
 */
record PageLayout(JsonPointer records, Optional<JsonPointer> next, List<JsonPointer> values) {
  PageLayout {
    requireNonNull(records, "records");
    requireNonNull(next, "next");
    values = List.copyOf(values);
  }
}
