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

  /** A schema of any type. */
  record Text(String type, String schema) {
    boolean isAvro() {
      return type.equals(SchemaVersion.AVRO);
    }

    /** Equal Avro schemas are equal texts; others are taken as they are. */
    private Text canonical() {
      return isAvro() ? new Text(type, parse(schema).toString()) : this;
    }
  }

  private final Journal journal;
  private final Map<String, List<SchemaVersion>> subjects = new TreeMap<>();
  private final Map<Integer, Text> byId = new TreeMap<>();
  private final Map<String, Compatibility> levels = new TreeMap<>();
  private Compatibility level = Compatibility.BACKWARD;

  Subjects(Journal journal) {
    this.journal = journal;
  }

  /** Takes over what the journal holds. */
  synchronized void restore(SchemaVersion version) {
    subjects.computeIfAbsent(version.subject(), s -> new ArrayList<>()).add(version);
    byId.put(version.id(), new Text(version.schemaType(), version.schema()));
  }

  /** Takes over what the journal holds. */
  synchronized void restore(Optional<String> subject, Compatibility restored) {
    if (subject.isPresent()) {
      levels.put(subject.get(), restored);
    } else {
      level = restored;
    }
  }

  synchronized SchemaVersion register(String subject, Text registered) {
    Text schema = registered.canonical();
    Optional<SchemaVersion> known = find(subject, schema);
    if (known.isPresent()) {
      return known.get();
    }
    List<String> clashes = clashes(subject, schema);
    if (!clashes.isEmpty()) {
      throw RegistryError.incompatible(subject, String.join("; ", clashes));
    }
    int version = subjects.getOrDefault(subject, List.of()).size() + 1;
    SchemaVersion added =
        new SchemaVersion(subject, version, idOf(schema), schema.type(), schema.schema());
    journal.append(added);
    restore(added);
    return added;
  }

  private int idOf(Text canonical) {
    int next = 1;
    for (Map.Entry<Integer, Text> entry : byId.entrySet()) {
      if (entry.getValue().equals(canonical)) {
        return entry.getKey();
      }
      next = entry.getKey() + 1;
    }
    return next;
  }

  synchronized SchemaVersion lookUp(String subject, Text schema) {
    versions(subject);
    return find(subject, schema.canonical()).orElseThrow(() -> RegistryError.unknownSchema(""));
  }

  private Optional<SchemaVersion> find(String subject, Text canonical) {
    return subjects.getOrDefault(subject, List.of()).stream()
        .filter(v -> new Text(v.schemaType(), v.schema()).equals(canonical))
        .findFirst();
  }

  /**
   * What forbids {@code next} as the subject's next schema; empty: nothing. Only Avro is judged.
   */
  synchronized List<String> clashes(String subject, Text next) {
    if (!next.isAvro()) {
      return List.of();
    }
    List<Schema> earlier =
        subjects.getOrDefault(subject, List.of()).stream()
            .filter(v -> v.schemaType().equals(SchemaVersion.AVRO))
            .map(v -> parse(v.schema()))
            .toList();
    return levels.getOrDefault(subject, level).clashes(parse(next.schema()), earlier);
  }

  synchronized Text schema(int id) {
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
