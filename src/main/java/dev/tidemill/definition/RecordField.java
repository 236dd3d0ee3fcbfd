package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;

/** A field of a JSON record: its name, or with a leading {@code /} a JSON pointer. */
public record RecordField(String written) {
  public RecordField {
    requireNonNull(written, "written");
    if (written.isEmpty()) {
      throw new IllegalArgumentException("a field has a name; write it");
    }
    pointer(written);
  }

  /** Where it is within a record. */
  public JsonPointer pointer() {
    return pointer(written);
  }

  private static JsonPointer pointer(String written) {
    return written.startsWith("/")
        ? JsonPointer.compile(written)
        : JsonPointer.empty().appendProperty(written);
  }
}
