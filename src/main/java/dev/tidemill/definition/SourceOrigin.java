package dev.tidemill.definition;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where one source of a definition comes from, which can be known before there is a schema.
 *
 * @param origin present if there is no problem
 * @param schema where the definition says that the schema is; absolute
 * @param problems of the file, and of this origin
 */
public record SourceOrigin(Optional<Origin> origin, Optional<Path> schema, List<Problem> problems) {

  /**
   * @param file need not exist: that is a problem like any other
   * @param environment the variables for {@code ${env:NAME}}; gives null for one that is not set
   */
  public static SourceOrigin read(Path file, String source, Function<String, String> environment) {
    Environment variables = new Environment(environment);
    Problems problems = new Problems(file, variables);
    YamlFile yaml = YamlFile.read(file, problems);
    Document document = new Document(YamlFile.folder(file), yaml.text(), problems, variables);
    Optional<Section> written =
        yaml.root()
            .flatMap(root -> document.names(root, List.of(), "definition"))
            .flatMap(definition -> section(definition, source));
    // When it is read is not asked for here, nor the batches' zone, by which that may be written.
    Optional<Origin> origin =
        written.flatMap(section -> OriginReader.read(document, section, ZoneOffset.UTC));
    Optional<Path> schema = written.flatMap(section -> section.text("schema", document::resolve));
    List<Problem> found = problems.sorted();
    return new SourceOrigin(found.isEmpty() ? origin : Optional.empty(), schema, found);
  }

  private static Optional<Section> section(Section definition, String source) {
    Optional<Section> sources = definition.named("sources");
    if (sources.isPresent() && sources.get().has(source)) {
      return sources.get().section(source, Vocabulary.SOURCE);
    }
    definition.problem(
        "there is no source '%s'%s"
            .formatted(
                source,
                sources.isEmpty()
                    ? ""
                    : Nearest.hint(source, List.copyOf(sources.get().names()), "there are")));
    return Optional.empty();
  }
}
