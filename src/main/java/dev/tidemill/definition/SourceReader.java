package dev.tidemill.definition;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Reads one entry of {@code sources:}. */
final class SourceReader {

  /**
   * @param relation what the SQL can be checked with
   * @param definition empty if anything is wrong
   */
  record Source(Relation relation, Optional<SourceDefinition> definition) {}

  private SourceReader() {}

  static Source read(Document document, String name, Section source, ZoneId batchZone) {
    Optional<Origin> origin = OriginReader.read(document, source);
    Optional<Schema> schema = SchemaReader.read(document, source, isText(origin));
    Optional<EventTime> eventTime = EventTimeReader.read(source, schema, batchZone);
    Optional<Optional<String>> key =
        source.text("key", text -> Optional.of(key(text, schema)), Optional.empty());
    Map<String, String> expect = expect(source);
    Optional<Optional<Dedupe>> dedupe =
        DedupeReader.read(source, schema, origin, key.flatMap(written -> written));
    Relation relation = new Relation(name, schema, expect);
    if (schema.isEmpty()
        || origin.isEmpty()
        || eventTime.isEmpty()
        || key.isEmpty()
        || dedupe.isEmpty()) {
      return new Source(relation, Optional.empty());
    }
    return new Source(
        relation,
        Optional.of(
            new SourceDefinition(
                name,
                origin.get(),
                schema.get(),
                key.get(),
                eventTime.get(),
                expect,
                dedupe.get())));
  }

  private static boolean isText(Optional<Origin> origin) {
    return origin
        .filter(o -> o instanceof Origin.Topic topic && topic.format() == Origin.Format.STRING)
        .isPresent();
  }

  static String noField(String field, Schema schema) {
    return "the schema has no field '%s'%s"
        .formatted(field, Nearest.hint(field, Columns.names(schema), "it has"));
  }

  private static String key(String field, Optional<Schema> schema) {
    if (schema.isEmpty()) {
      return field;
    }
    return single(field, schema.get(), "a key");
  }

  /** A field with a single value. */
  static String single(String field, Schema schema, String use) {
    Schema type =
        Columns.type(schema, field)
            .orElseThrow(() -> new IllegalArgumentException(noField(field, schema)));
    if (Columns.isNested(type)) {
      throw new IllegalArgumentException(
          "field '%s' is %s and can not be %s; name a field with a single value"
              .formatted(field, Columns.describe(type), use));
    }
    return field;
  }

  private static Map<String, String> expect(Section source) {
    Map<String, String> rules = new LinkedHashMap<>();
    if (source.has("expect")) {
      source.named("expect").ifPresent(expect -> readRules(expect, rules));
    }
    return rules;
  }

  private static void readRules(Section expect, Map<String, String> rules) {
    for (String name : expect.names()) {
      expect.checkName(name, Names::rule);
      expect.text(name).ifPresent(condition -> rules.put(name, condition.value()));
    }
  }
}
