package dev.tidemill.schema;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A schema as it was registered, in whichever language.
 *
 * @param imports texts of the schemas that it refers to, and of those that they refer to, by the
 *     name that is used in them; what others refer to comes first
 */
public record RegisteredSchema(Language language, String text, Map<String, String> imports) {

  /** What a registry holds. */
  public enum Language {
    AVRO,
    JSON,
    PROTOBUF
  }

  public RegisteredSchema {
    requireNonNull(language, "language");
    requireNonNull(text, "text");
    imports = Collections.unmodifiableMap(new LinkedHashMap<>(imports));
  }
}
