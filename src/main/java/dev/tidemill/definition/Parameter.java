package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Optional;

/**
 * What a request to an API is told by: a name in the URL's query, or with a leading {@code /} a
 * place in its JSON body.
 */
public record Parameter(String written) {
  public Parameter {
    requireNonNull(written, "written");
    if (written.isEmpty()) {
      throw new IllegalArgumentException("a parameter has a name; write it");
    }
    if (written.startsWith("/")) {
      JsonPointer.compile(written);
    }
  }

  /** Empty: it is one of the query. */
  public Optional<JsonPointer> inBody() {
    return written.startsWith("/") ? Optional.of(JsonPointer.compile(written)) : Optional.empty();
  }
}
