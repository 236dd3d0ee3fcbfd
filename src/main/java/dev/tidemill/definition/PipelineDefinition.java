package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One pipeline as it was written and checked: everything in it is valid and resolved. Immutable.
 *
 * @param file the definition's own file; relative paths in it are relative to its folder
 * @param sources the streams, in the order of the file
 * @param tables the lookup relations, in the order of the file
 * @param queries the statements, in the order of the file; one without a name, or several
 */
public record PipelineDefinition(
    Path file,
    String name,
    String description,
    BatchRule batch,
    List<SourceDefinition> sources,
    List<TableDefinition> tables,
    List<QueryDefinition> queries) {

  public PipelineDefinition {
    requireNonNull(file, "file");
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(batch, "batch");
    sources = List.copyOf(sources);
    tables = List.copyOf(tables);
    queries = List.copyOf(queries);
  }

  /** With one statement. */
  public PipelineDefinition(
      Path file,
      String name,
      String description,
      BatchRule batch,
      List<SourceDefinition> sources,
      List<TableDefinition> tables,
      String sql,
      List<Requirement> require,
      List<TargetDefinition> targets) {
    this(
        file,
        name,
        description,
        batch,
        sources,
        tables,
        List.of(new QueryDefinition("", sql, require, targets)));
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
        file, name, description, batch.with(MaxRejects.ANY), sources, tables, queries);
  }

  /** The same, with sources that are read to their end and not looked at again. */
  public PipelineDefinition once() {
    return new PipelineDefinition(
        file,
        name,
        description,
        batch,
        sources.stream().map(SourceDefinition::once).toList(),
        tables.stream().map(TableDefinition::once).toList(),
        queries);
  }

  /** Streams, then tables. */
  public List<RelationDefinition> relations() {
    return Stream.<RelationDefinition>concat(sources.stream(), tables.stream()).toList();
  }

  /** The text of the statements, each behind its name if it has one. */
  public String sql() {
    return queries.stream()
        .map(query -> query.name().isEmpty() ? query.sql() : query.name() + ": " + query.sql())
        .collect(Collectors.joining("\n"));
  }

  /** What must hold for a batch before it is published, of all statements. */
  public List<Requirement> require() {
    return queries.stream().flatMap(query -> query.require().stream()).toList();
  }

  /** Of all statements. */
  public List<TargetDefinition> targets() {
    return queries.stream().flatMap(query -> query.targets().stream()).toList();
  }

  public Topics topics() {
    return new Topics(name);
  }
}
