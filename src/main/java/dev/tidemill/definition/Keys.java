package dev.tidemill.definition;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that one kind of mapping may have. Immutable.
 *
 * @param name what the mapping is called, in messages and in the JSON Schema
 * @param later understood, but not supported yet
 */
record Keys(String name, Set<String> required, Set<String> optional, Set<String> later) {

  static Keys of(String name) {
    return new Keys(name, Set.of(), Set.of(), Set.of());
  }

  Keys required(String... keys) {
    return new Keys(name, ordered(keys), optional, later);
  }

  Keys optional(String... keys) {
    return new Keys(name, required, ordered(keys), later);
  }

  Keys later(String... keys) {
    return new Keys(name, required, optional, ordered(keys));
  }

  /** Those that can be written now. */
  List<String> supported() {
    List<String> supported = new ArrayList<>(required);
    supported.addAll(optional);
    return supported;
  }

  private static Set<String> ordered(String... keys) {
    return new LinkedHashSet<>(List.of(keys));
  }
}
