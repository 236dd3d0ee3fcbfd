package dev.tidemill.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads {@code sql}, {@code require} and {@code load}: of the pipeline, or of each of its {@code
 * queries}.
 */
final class QueriesReader {
  private static final String QUERIES = "queries";

  private final Document document;
  private final List<QueryReading> readings = new ArrayList<>();
  private final List<QueryDefinition> definitions = new ArrayList<>();
  private final Set<String> targets = new HashSet<>();

  private QueriesReader(Document document) {
    this.document = document;
  }

  /**
   * @param definitions those that are right as far as this goes
   */
  record Queries(List<QueryReading> readings, List<QueryDefinition> definitions) {}

  static Queries read(Document document, Section pipeline) {
    QueriesReader reader = new QueriesReader(document);
    if (pipeline.has(QUERIES)) {
      reader.named(pipeline);
    } else {
      for (String key : List.of("sql", "load")) {
        if (!pipeline.has(key)) {
          pipeline.problem("key '%s' is missing; 'definition' needs it".formatted(key));
        }
      }
      reader.query("", List.of(), pipeline);
    }
    return new Queries(reader.readings, reader.definitions);
  }

  private void named(Section pipeline) {
    Stream.of("sql", "require", "load")
        .filter(pipeline::has)
        .forEach(
            key ->
                pipeline.problemAtKey(
                    key,
                    "'%s' belongs to each of 'queries'; move it into one of them".formatted(key)));
    Optional<Section> queries = pipeline.named(QUERIES);
    if (queries.isEmpty()) {
      return;
    }
    Map<String, String> taken = new TreeMap<>();
    pipeline
        .named("sources")
        .ifPresent(s -> s.names().forEach(name -> taken.put(folded(name), "a source")));
    for (String name : queries.get().names()) {
      queries.get().checkName(name, Names::query);
      String other = taken.put(folded(name), "a query");
      if (other != null) {
        queries
            .get()
            .problemAtKey(
                name, "there is %s '%s' already; rename the query".formatted(other, name));
      }
      queries
          .get()
          .section(name, Vocabulary.QUERY)
          .ifPresent(query -> query(name, List.of(QUERIES, name), query));
    }
    if (queries.get().names().isEmpty()) {
      pipeline.problemAt(QUERIES, "there is no query; name one and write its 'sql' and 'load'");
    } else if (readings.stream().noneMatch(QueryReading::isLoaded)) {
      pipeline.problemAt(QUERIES, "no query has a 'load'; give one a target");
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private void query(String name, List<String> path, Section section) {
    Optional<String> sql =
        section.has("sql") ? section.text("sql").map(Text::value) : Optional.empty();
    if (sql.isPresent() && sql.get().isBlank()) {
      section.problemAt("sql", "the statement is empty; write a SELECT");
    }
    List<Requirement> require = RequirementReader.read(section);
    if (!section.has("load") && section.has("require") && !name.isEmpty()) {
      section.problemAtKey(
          "require",
          "'%s' has no 'load', so nothing of it is published; remove 'require'".formatted(name));
    }
    readings.add(new QueryReading(name, path, sql, require, section.has("load")));
    List<TargetDefinition> own =
        section.has("load") ? TargetReader.read(document, section, name, targets) : List.of();
    sql.ifPresent(text -> definitions.add(new QueryDefinition(name, text, require, own)));
  }
}
