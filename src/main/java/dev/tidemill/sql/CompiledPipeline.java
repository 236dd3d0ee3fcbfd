package dev.tidemill.sql;

import static java.util.Objects.requireNonNull;

import dev.tidemill.batch.Gates;
import dev.tidemill.definition.DefinitionReader;
import dev.tidemill.definition.Expectation;
import dev.tidemill.definition.PipelineDefinition;
import dev.tidemill.definition.Problem;
import dev.tidemill.definition.Reading;
import dev.tidemill.definition.SourceDefinition;
import dev.tidemill.definition.TargetDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * A pipeline that can run: its definition and its compiled SQL, both without a problem. Immutable
 * and thread-safe.
 */
public final class CompiledPipeline {
  private final PipelineDefinition definition;
  private final Query query;
  private final UserFunctions functions;

  /** Those of each source, compiled when they are first asked for: tasks come and go. */
  private final Map<String, List<CompiledRule>> rules = new ConcurrentHashMap<>();

  private record CompiledRule(
      String name, Expectation.OnBreak onBreak, CompiledCondition condition) {}

  /**
   * A rule that records of a source have to keep.
   *
   * @param name its name
   * @param onBreak what becomes of a record that breaks it
   * @param operator as {@link Query#compileRule} makes it; for one task
   */
  public record Rule(String name, Expectation.OnBreak onBreak, RowOperator operator) {}

  /**
   * @param pipeline present if there is no problem
   * @param problems in the order of the file
   */
  public record Checked(Optional<CompiledPipeline> pipeline, List<Problem> problems) {
    public Checked {
      requireNonNull(pipeline, "pipeline");
      problems = List.copyOf(problems);
    }
  }

  public CompiledPipeline(PipelineDefinition definition, Query query, UserFunctions functions) {
    this.definition = requireNonNull(definition, "definition");
    this.query = requireNonNull(query, "query");
    this.functions = requireNonNull(functions, "functions");
  }

  /** What it was compiled from. */
  public PipelineDefinition definition() {
    return definition;
  }

  /** Its compiled SQL. */
  public Query query() {
    return query;
  }

  /** The functions of the user that the SQL may call. */
  public UserFunctions functions() {
    return functions;
  }

  /**
   * The same SQL.
   *
   * @param other a definition with the same relations and statements
   */
  public CompiledPipeline with(PipelineDefinition other) {
    return new CompiledPipeline(other, query, functions);
  }

  /** Without functions of the user. */
  public CompiledPipeline(PipelineDefinition definition, Query query) {
    this(definition, query, UserFunctions.NONE);
  }

  /**
   * Reads and compiles everything, and finds every problem with it. SQL is checked as soon as the
   * schemas of all sources can be read, even if other parts are wrong.
   *
   * @param environment the variables for {@code ${env:NAME}}; gives null for one that is not set
   */
  public static Checked check(Path file, Function<String, String> environment) {
    return check(DefinitionReader.read(file, environment), PipelineCheck.Compiler.CALCITE);
  }

  static Checked check(Reading reading, PipelineCheck.Compiler compiler) {
    PipelineCheck check = new PipelineCheck(reading, compiler);
    Optional<Query> query = check.query();
    check.rules();
    check.gates();
    List<Problem> problems = check.problems();
    return new Checked(
        problems.isEmpty()
            ? reading
                .definition()
                .flatMap(d -> query.map(q -> new CompiledPipeline(d, q, check.functions())))
            : Optional.empty(),
        problems);
  }

  /**
   * The rules of a source in the order of the file, with new operators: for one task.
   *
   * @param context of the rows that they are applied to
   * @throws IllegalArgumentException if the pipeline has no such source
   */
  public List<Rule> rules(String source, RowContext context) {
    return rules.computeIfAbsent(source, this::compiledRules).stream()
        .map(rule -> new Rule(rule.name(), rule.onBreak(), rule.condition().operator(context)))
        .toList();
  }

  private List<CompiledRule> compiledRules(String source) {
    SourceDefinition definitionOfSource =
        definition.sources().stream()
            .filter(s -> s.name().equals(source))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no source " + source));
    Schema schema = definitionOfSource.schema();
    return definitionOfSource.expect().entrySet().stream()
        .map(
            rule ->
                new CompiledRule(
                    rule.getKey(),
                    rule.getValue().onBreak(),
                    condition(rule.getValue().condition(), source, schema)))
        .toList();
  }

  /** The gates of the batches, compiled anew: for one owner of the ledger. */
  public Gates gates() {
    return compiledGates();
  }

  /** The statements of the gates over the result, which each share has to count. */
  public List<GateQuery> gateQueries() {
    return compiledGates().queries();
  }

  private CompiledGates compiledGates() {
    return CompiledGates.of(definition.queries(), query.outputs());
  }

  /** Whose rows a target takes. */
  public Output output(TargetDefinition target) {
    return query.outputs().stream()
        .filter(output -> output.name().equals(target.query()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no query of " + target.name()));
  }

  private CompiledCondition condition(String condition, String source, Schema schema) {
    try {
      return QueryCompiler.compileRule(condition, source, schema, functions);
    } catch (SqlException e) {
      throw new IllegalStateException("was compiled before: " + condition, e);
    }
  }
}
