package dev.tidemill.definition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code load:}, the list of targets. */
final class TargetReader {
  private static final String POSTGRES_URL = "jdbc:postgresql:";

  private TargetReader() {}

  /**
   * Those that are right.
   *
   * @param query whose rows they take
   * @param places of the targets of the pipeline so far
   */
  static List<TargetDefinition> read(
      Document document, Section pipeline, String query, Set<String> places) {
    List<TargetDefinition> targets = new ArrayList<>();
    Optional<List<Section>> items = pipeline.sections("load", Vocabulary.TARGET);
    for (Section item : items.orElse(List.of())) {
      Optional<TargetDefinition> target = target(document, item, query);
      if (target.isPresent() && !places.add(target.get().place())) {
        item.problem(
            "there is a target '%s' already; give this one another table"
                .formatted(target.get().place()));
      }
      target.ifPresent(targets::add);
    }
    if (items.isPresent() && items.get().isEmpty()) {
      pipeline.problemAt("load", "there is no target; write '- postgres:' or '- duckdb:'");
    }
    return targets;
  }

  private static Optional<TargetDefinition> target(Document document, Section item, String query) {
    List<String> kinds = item.written("postgres", "duckdb");
    if (kinds.size() == 2) {
      item.problemAtKey(
          "duckdb", "an item of the list is one target; begin a new item with '- duckdb:'");
      return Optional.empty();
    }
    if (kinds.isEmpty()) {
      if (item.names().isEmpty()) {
        item.problem("a target needs its kind; write '- postgres:' or '- duckdb:'");
      }
      return Optional.empty();
    }
    return kinds.get(0).equals("postgres")
        ? item.section("postgres", Vocabulary.POSTGRES)
            .flatMap(postgres -> postgres(postgres, query))
        : item.section("duckdb", Vocabulary.DUCKDB).flatMap(duck -> duckDb(document, duck, query));
  }

  private static Optional<TargetDefinition> postgres(Section postgres, String query) {
    Optional<String> url = postgres.text("url", TargetReader::url);
    Optional<String> table = postgres.text("table", Names::table);
    return url.isPresent() && table.isPresent()
        ? Optional.of(new TargetDefinition.Postgres(query, url.get(), table.get()))
        : Optional.empty();
  }

  private static Optional<TargetDefinition> duckDb(
      Document document, Section duckDb, String query) {
    Optional<Path> path = duckDb.text("path", document::resolve);
    Optional<String> table = duckDb.text("table", Names::table);
    return path.isPresent() && table.isPresent()
        ? Optional.of(new TargetDefinition.DuckDb(query, path.get(), table.get()))
        : Optional.empty();
  }

  private static String url(String url) {
    if (!url.startsWith(POSTGRES_URL)) {
      // Without the URL: it may hold a password.
      throw new IllegalArgumentException(
          "a PostgreSQL URL begins with 'jdbc:postgresql:', such as"
              + " jdbc:postgresql://host:5432/database");
    }
    return url;
  }
}
