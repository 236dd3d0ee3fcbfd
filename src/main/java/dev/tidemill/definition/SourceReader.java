package dev.tidemill.definition;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Reads one entry of {@code sources:}. */
final class SourceReader {

  /**
   * @param relation what the SQL can be checked with
   * @param definition empty if it is a table, or anything is wrong
   * @param table empty if it is a stream, or anything is wrong
   */
  record Source(
      Relation relation, Optional<SourceDefinition> definition, Optional<TableDefinition> table) {}

  private SourceReader() {}

  /**
   * @param clock of the batches; empty if it is not known
   * @param batchZone the zone of local times unless they have their own
   */
  static Source read(
      Document document,
      String name,
      Section source,
      Optional<BatchRule.Clock> clock,
      ZoneId batchZone) {
    Optional<Origin> origin = OriginReader.read(document, source, batchZone);
    Optional<Schema> schema = SchemaReader.read(document, source, isText(origin));
    refuseNestedInCsv(source, origin, schema);
    if (source.has("table")) {
      return table(name, source, schema, origin, batchZone);
    }
    if (source.has("complete-after")
        && clock.filter(by -> by != BatchRule.Clock.EVENT).isPresent()) {
      source.problemAtKey(
          "complete-after", "it speaks of event times, and these batches go by none; remove it");
    }
    Optional<EventTime> eventTime =
        clock.flatMap(by -> EventTimeReader.read(source, by, schema, batchZone));
    Optional<Optional<String>> key =
        source.text("key", text -> Optional.of(key(text, schema)), Optional.empty());
    Map<String, Expectation> expect = expect(source);
    Optional<Optional<Dedupe>> dedupe =
        DedupeReader.read(source, clock, schema, origin, key.flatMap(written -> written));
    Relation relation =
        new Relation(name, schema, expect, eventTime, key.flatMap(written -> written));
    if (schema.isEmpty()
        || origin.isEmpty()
        || eventTime.isEmpty()
        || key.isEmpty()
        || dedupe.isEmpty()) {
      return new Source(relation, Optional.empty(), Optional.empty());
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
                dedupe.get())),
        Optional.empty());
  }

  private static boolean isText(Optional<Origin> origin) {
    return origin
        .filter(o -> o instanceof Origin.Topic topic && topic.format() == Origin.Format.STRING)
        .isPresent();
  }

  private static void refuseNestedInCsv(
      Section source, Optional<Origin> origin, Optional<Schema> schema) {
    if (origin.isEmpty() || schema.isEmpty() || !isCsv(origin.get())) {
      return;
    }
    for (Schema.Field field : schema.get().getFields()) {
      Columns.type(schema.get(), field.name())
          .map(Schema::getType)
          .filter(type -> type == Schema.Type.ARRAY || type == Schema.Type.RECORD)
          .map(type -> type == Schema.Type.ARRAY ? "an array" : "a record")
          .ifPresent(
              what ->
                  source.problemAtKey(
                      "schema",
                      "field '%s' is %s, which CSV has no form for; remove it from the schema, or use json"
                          .formatted(field.name(), what)));
    }
  }

  private static boolean isCsv(Origin origin) {
    return origin instanceof Origin.Topic topic && topic.format() == Origin.Format.CSV
        || origin instanceof Origin.Files files && files.format() == Origin.Format.CSV;
  }

  private static Source table(
      String name,
      Section source,
      Optional<Schema> schema,
      Optional<Origin> origin,
      ZoneId batchZone) {
    Optional<Section> table = source.section("table", Vocabulary.LOOKUP);
    Optional<String> key = table.flatMap(t -> t.text("key", text -> tableKey(text, schema)));
    Optional<Boolean> rejects =
        table.flatMap(t -> t.text("on-miss", SourceReader::rejectsMisses, false));
    Optional<Boolean> replicated = table.flatMap(t -> t.bool("replicate", true));
    for (String other : source.written("key", "expect", "dedupe")) {
      source.problemAtKey(
          other, "a table has no '" + other + "': it is the last row of each 'table: key'");
    }
    Optional<EventTime> eventTime =
        source.has("event-time")
            ? EventTimeReader.read(source, BatchRule.Clock.EVENT, schema, batchZone)
            : Optional.empty();
    if (source.has("event-time") && !replicated.orElse(true)) {
      table
          .get()
          .problemAtKey(
              "replicate",
              "every instance has all versions of a table with 'event-time'; remove 'replicate'");
    }
    Optional<Duration> wait =
        table.flatMap(t -> t.text("wait", DurationText::parse, TableDefinition.DEFAULT_PATIENCE));
    if (!source.has("event-time")) {
      table
          .filter(t -> t.has("wait"))
          .ifPresent(
              t ->
                  t.problemAtKey(
                      "wait",
                      "records wait for a table only if it has an 'event-time'; write both or"
                          + " none"));
    }
    Relation relation =
        new Relation(
            name,
            schema,
            Map.of(),
            eventTime.map(EventTime::field),
            key,
            replicated.orElse(true),
            Optional.of(rejects.orElse(false)));
    if (schema.isEmpty()
        || origin.isEmpty()
        || key.isEmpty()
        || rejects.isEmpty()
        || replicated.isEmpty()
        || wait.isEmpty()
        || source.has("event-time") && eventTime.isEmpty()) {
      return new Source(relation, Optional.empty(), Optional.empty());
    }
    return new Source(
        relation,
        Optional.empty(),
        Optional.of(
            new TableDefinition(
                name,
                origin.get(),
                schema.get(),
                key.get(),
                eventTime,
                wait.get(),
                rejects.get(),
                replicated.get())));
  }

  private static boolean rejectsMisses(String text) {
    return switch (text) {
      case "reject" -> true;
      case "join" -> false;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not supported; write join (as the SQL says) or reject".formatted(text));
    };
  }

  private static String tableKey(String field, Optional<Schema> schema) {
    String key = key(field, schema);
    if (schema.isPresent() && schema.get().getField(key) == null) {
      throw new IllegalArgumentException(
          "field '%s' is within a record; the key of a table is a field of the row itself"
              .formatted(key));
    }
    return key;
  }

  private static String key(String field, Optional<Schema> schema) {
    if (schema.isEmpty()) {
      return field;
    }
    return single(field, schema.get(), "a key");
  }

  /** A field with a single value, of the row or of a record within it. */
  static String single(String field, Schema schema, String use) {
    Schema type = Columns.typeAt(schema, field);
    if (Columns.isNested(type)) {
      throw new IllegalArgumentException(
          "field '%s' is %s and can not be %s; name a field with a single value"
              .formatted(field, Columns.describe(type), use));
    }
    return field;
  }

  private static Map<String, Expectation> expect(Section source) {
    Map<String, Expectation> rules = new LinkedHashMap<>();
    if (source.has("expect")) {
      source.named("expect").ifPresent(expect -> readRules(expect, rules));
    }
    return rules;
  }

  private static void readRules(Section expect, Map<String, Expectation> rules) {
    for (String name : expect.names()) {
      expect.checkName(name, Names::rule);
      rule(expect, name).ifPresent(rule -> rules.put(name, rule));
    }
  }

  private static Optional<Expectation> rule(Section expect, String name) {
    if (!expect.isMapping(name)) {
      return expect.text(name).map(condition -> Expectation.reject(condition.value()));
    }
    return expect
        .section(name, Vocabulary.RULE)
        .filter(rule -> rule.has("rule"))
        .flatMap(
            rule -> {
              Optional<String> condition = rule.text("rule").map(Text::value);
              Optional<Expectation.OnBreak> onBreak =
                  rule.text("on-break", Expectation.OnBreak::of, Expectation.OnBreak.REJECT);
              return condition.flatMap(c -> onBreak.map(o -> new Expectation(c, o)));
            });
  }
}
