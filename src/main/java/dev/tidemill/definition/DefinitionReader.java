package dev.tidemill.definition;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a pipeline's YAML and finds everything that is wrong with it short of the SQL's meaning.
 * Looks at the schemas and source files that it names, at no network.
 */
public final class DefinitionReader {
  private final Document document;
  private final List<Relation> relations = new ArrayList<>();
  private final List<SourceDefinition> sources = new ArrayList<>();
  private final List<TableDefinition> tables = new ArrayList<>();

  private DefinitionReader(Document document) {
    this.document = document;
  }

  /**
   * @param file need not exist: that is a problem like any other
   * @param environment the variables for {@code ${env:NAME}}; gives null for one that is not set
   */
  public static Reading read(Path file, Function<String, String> environment) {
    Environment variables = new Environment(environment);
    Problems problems = new Problems(file, variables);
    YamlFile yaml = YamlFile.read(file, problems);
    Document document = new Document(YamlFile.folder(file), yaml.text(), problems, variables);
    DefinitionReader reader = new DefinitionReader(document);
    Optional<Section> pipeline =
        yaml.root().flatMap(root -> document.section(root, List.of(), Vocabulary.DEFINITION));
    QueriesReader.Queries queries =
        pipeline
            .map(p -> QueriesReader.read(document, p))
            .orElse(new QueriesReader.Queries(List.of(), List.of()));
    List<FunctionDefinition> functions =
        pipeline.map(p -> FunctionReader.read(document, p)).orElse(List.of());
    Optional<PipelineDefinition> definition =
        pipeline.flatMap(p -> reader.pipeline(file, p, queries.definitions()));
    List<Problem> found = problems.sorted();
    return new Reading(
        file,
        found.isEmpty() ? definition : Optional.empty(),
        found,
        reader.relations,
        queries.readings(),
        functions,
        document.sourceMap(yaml.root()),
        variables::redact);
  }

  private Optional<PipelineDefinition> pipeline(
      Path file, Section pipeline, List<QueryDefinition> queries) {
    Optional<String> name = pipeline.text("pipeline", Names::pipeline);
    Optional<String> description = pipeline.text("description", text -> text, "");
    Optional<Section> batchSection = pipeline.section("batch", Vocabulary.BATCH);
    Optional<BatchRule> batch = batchSection.flatMap(BatchReader::read);
    if (batch.flatMap(BatchRule::early).isPresent()
        && queries.stream().anyMatch(query -> !query.require().isEmpty())) {
      batchSection
          .get()
          .problemAtKey(
              "early",
              "'early' would show what the gates of 'require' have not judged; remove one of them");
    }
    boolean knowsClock = batch.isPresent() || batchSection.filter(b -> b.has("clock")).isEmpty();
    readSources(
        pipeline,
        knowsClock
            ? Optional.of(batch.map(BatchRule::clock).orElse(BatchRule.Clock.EVENT))
            : Optional.empty(),
        batch.map(BatchRule::timezone).orElse(ZoneOffset.UTC));
    if (name.isEmpty() || description.isEmpty() || batch.isEmpty() || queries.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PipelineDefinition(
            file, name.get(), description.get(), batch.get(), sources, tables, queries));
  }

  /**
   * @param clock empty if it is not known what is meant
   */
  private void readSources(Section pipeline, Optional<BatchRule.Clock> clock, ZoneId batchZone) {
    pipeline
        .named("sources")
        .ifPresent(
            named -> {
              if (named.names().isEmpty()) {
                pipeline.problemAt("sources", "there is no source; name one and say where it is");
              }
              named.checkSpelling("sources");
              for (String name : named.names()) {
                named.checkName(name, Names::source);
                named
                    .section(name, Vocabulary.SOURCE)
                    .ifPresent(source -> readSource(name, source, clock, batchZone));
              }
            });
  }

  private void readSource(
      String name, Section section, Optional<BatchRule.Clock> clock, ZoneId batchZone) {
    SourceReader.Source source = SourceReader.read(document, name, section, clock, batchZone);
    relations.add(source.relation());
    source.definition().ifPresent(sources::add);
    source.table().ifPresent(tables::add);
  }
}
