package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One pipeline as it was written and checked: everything in it is valid and resolved. Immutable.
 *
 * @param file the definition's own file; relative paths in it are relative to its folder
 * @param sources the streams, in the order of the file
 * @param tables the lookup relations, in the order of the file
 * @param sql the statement's text
 * @param require what must hold for a batch before it is published, in the order of the file
 * @param targets in the order of the file, at least one
 */
public record PipelineDefinition(
    Path file,
    String name,
    String description,
    BatchRule batch,
    List<SourceDefinition> sources,
    List<TableDefinition> tables,
    String sql,
    List<Requirement> require,
    List<TargetDefinition> targets) {

  public PipelineDefinition {
    requireNonNull(file, "file");
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(batch, "batch");
    sources = List.copyOf(sources);
    tables = List.copyOf(tables);
    requireNonNull(sql, "sql");
    require = List.copyOf(require);
    targets = List.copyOf(targets);
  }

  /** Without tables and gates. */
  public PipelineDefinition(
      Path file,
      String name,
      String description,
      BatchRule batch,
      List<SourceDefinition> sources,
      String sql,
      List<TargetDefinition> targets) {
    this(file, name, description, batch, sources, List.of(), sql, List.of(), targets);
  }

  /** The same, though any number of records may be rejected. */
  public PipelineDefinition withoutMaxRejects() {
    return new PipelineDefinition(
        file,
        name,
        description,
        batch.with(MaxRejects.ANY),
        sources,
        tables,
        sql,
        require,
        targets);
  }

  /** Streams, then tables. */
  public List<RelationDefinition> relations() {
    return Stream.<RelationDefinition>concat(sources.stream(), tables.stream()).toList();
  }

  public Topics topics() {
    return new Topics(name);
  }
}
