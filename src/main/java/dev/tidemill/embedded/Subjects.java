package dev.tidemill.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Everything that the registry knows, and its rules. Every change is in the journal before it is
 * visible here. Thread-safe: one lock around all of it, since a registry is asked seldom.
 */
final class Subjects {

  /** Where changes are kept. */
  interface Journal {
    void append(SchemaVersion version);

    /**
     * @param subject empty: the level of every subject without its own
     */
    void append(Optional<String> subject, Compatibility level);
  }

  private final Journal journal;
  private final Map<String, List<SchemaVersion>> subjects = new TreeMap<>();
  private final Map<Integer, String> byId = new TreeMap<>();
  private final Map<String, Compatibility> levels = new TreeMap<>();
  private Compatibility level = Compatibility.BACKWARD;

  Subjects(Journal journal) {
    this.journal = journal;
  }

  /** Takes over what the journal holds. */
  synchronized void restore(SchemaVersion version) {
    subjects.computeIfAbsent(version.subject(), s -> new ArrayList<>()).add(version);
    byId.put(version.id(), version.schema());
  }

  /** Takes over what the journal holds. */
  synchronized void restore(Optional<String> subject, Compatibility restored) {
    if (subject.isPresent()) {
      levels.put(subject.get(), restored);
    } else {
      level = restored;
    }
  }

  synchronized SchemaVersion register(String subject, String text) {
    Schema schema = parse(text);
    Optional<SchemaVersion> known = find(subject, schema);
    if (known.isPresent()) {
      return known.get();
    }
    List<String> clashes = clashes(subject, schema);
    if (!clashes.isEmpty()) {
      throw RegistryError.incompatible(subject, String.join("; ", clashes));
    }
    String canonical = schema.toString();
    int version = subjects.getOrDefault(subject, List.of()).size() + 1;
    SchemaVersion added = new SchemaVersion(subject, version, idOf(canonical), canonical);
    journal.append(added);
    restore(added);
    return added;
  }

  private int idOf(String canonical) {
    int next = 1;
    for (Map.Entry<Integer, String> entry : byId.entrySet()) {
      if (entry.getValue().equals(canonical)) {
        return entry.getKey();
      }
      next = entry.getKey() + 1;
    }
    return next;
  }

  synchronized SchemaVersion lookUp(String subject, String text) {
    versions(subject);
    return find(subject, parse(text)).orElseThrow(() -> RegistryError.unknownSchema(""));
  }

  private Optional<SchemaVersion> find(String subject, Schema schema) {
    String canonical = schema.toString();
    return subjects.getOrDefault(subject, List.of()).stream()
        .filter(v -> v.schema().equals(canonical))
        .findFirst();
  }

  /** What forbids {@code text} as the subject's next schema; empty: nothing. */
  synchronized List<String> clashes(String subject, String text) {
    return clashes(subject, parse(text));
  }

  private List<String> clashes(String subject, Schema next) {
    List<Schema> earlier =
        subjects.getOrDefault(subject, List.of()).stream().map(v -> parse(v.schema())).toList();
    return levels.getOrDefault(subject, level).clashes(next, earlier);
  }

  synchronized String schema(int id) {
    return Optional.ofNullable(byId.get(id))
        .orElseThrow(() -> RegistryError.unknownSchema(String.valueOf(id)));
  }

  synchronized List<String> names() {
    return List.copyOf(subjects.keySet());
  }

  synchronized List<SchemaVersion> versions(String subject) {
    return Optional.ofNullable(subjects.get(subject))
        .map(List::copyOf)
        .orElseThrow(() -> RegistryError.unknownSubject(subject));
  }

  /**
   * @param version a number, or {@code latest}
   */
  synchronized SchemaVersion version(String subject, String version) {
    List<SchemaVersion> versions = versions(subject);
    if (version.equals("latest") || version.equals("-1")) {
      return versions.get(versions.size() - 1);
    }
    if (!version.matches("[1-9][0-9]{0,8}")) {
      throw RegistryError.invalidVersion(version);
    }
    return versions.stream()
        .filter(v -> v.version() == Integer.parseInt(version))
        .findFirst()
        .orElseThrow(() -> RegistryError.unknownVersion(version));
  }

  synchronized Compatibility level() {
    return level;
  }

  /** The subject's own level. */
  synchronized Optional<Compatibility> level(String subject) {
    return Optional.ofNullable(levels.get(subject));
  }

  synchronized void change(Optional<String> subject, Compatibility changed) {
    journal.append(subject, changed);
    restore(subject, changed);
  }

  private static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw RegistryError.invalidSchema(e.getMessage());
    }
  }
}
