package dev.tidemill.embedded;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/** What a subject's next schema may change. Names are Confluent's. */
enum Compatibility {
  NONE(false, false, false),
  BACKWARD(true, false, false),
  BACKWARD_TRANSITIVE(true, false, true),
  FORWARD(false, true, false),
  FORWARD_TRANSITIVE(false, true, true),
  FULL(true, true, false),
  FULL_TRANSITIVE(true, true, true);

  private final boolean backward;
  private final boolean forward;
  private final boolean transitive;

  Compatibility(boolean backward, boolean forward, boolean transitive) {
    this.backward = backward;
    this.forward = forward;
    this.transitive = transitive;
  }

  static Compatibility named(String level) {
    for (Compatibility compatibility : values()) {
      if (compatibility.name().equals(level)) {
        return compatibility;
      }
    }
    throw RegistryError.invalidLevel(level);
  }

  /**
   * @param earlier the subject's schemas, oldest first
   * @return what clashes, for people; empty: {@code next} may follow
   */
  List<String> clashes(Schema next, List<Schema> earlier) {
    int from = transitive ? 0 : Math.max(0, earlier.size() - 1);
    List<String> clashes = new ArrayList<>();
    for (Schema old : earlier.subList(from, earlier.size())) {
      if (backward) {
        clashes.addAll(clashes(next, old, "the new schema can not read old data"));
      }
      if (forward) {
        clashes.addAll(clashes(old, next, "the old schema can not read new data"));
      }
    }
    return clashes;
  }

  private static List<String> clashes(Schema reader, Schema writer, String meaning) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(i -> meaning + ": " + i.getType() + " at " + i.getLocation() + ": " + i.getMessage())
        .toList();
  }
}
