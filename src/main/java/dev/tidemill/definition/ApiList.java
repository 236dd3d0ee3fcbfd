package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import java.util.Optional;

/**
 * What the answers of an API hold.
 *
 * @param records where the array of records is; the empty pointer: the whole answer is it
 * @param incremental empty: the list is read from its start, and grows at its end
 * @param id what tells a record apart from all others; empty: its place in the list
 */
public record ApiList(
    JsonPointer records, Paging paging, Optional<Incremental> incremental, List<RecordField> id) {
  public ApiList {
    requireNonNull(records, "records");
    requireNonNull(paging, "paging");
    requireNonNull(incremental, "incremental");
    id = List.copyOf(id);
    if (incremental.isPresent() && id.isEmpty()) {
      throw new IllegalArgumentException("records of one value are told apart by their id");
    }
  }
}
