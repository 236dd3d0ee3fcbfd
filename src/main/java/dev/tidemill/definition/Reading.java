package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What came of reading a definition: all of it, or its problems and what could be read in spite of
 * them. Immutable.
 *
 * @param file as the user named it
 * @param definition present if there is no problem
 * @param problems in the order of the file
 * @param sources those that were found, in the order of the file
 * @param queries the statements that were found, in the order of the file
 * @param functions those of the user that could be read
 * @param positions where everything stands in the file
 * @param redact takes values of environment variables out of a message
 */
public record Reading(
    Path file,
    Optional<PipelineDefinition> definition,
    List<Problem> problems,
    List<Relation> sources,
    List<QueryReading> queries,
    List<FunctionDefinition> functions,
    SourceMap positions,
    UnaryOperator<String> redact) {

  public Reading {
    requireNonNull(file, "file");
    requireNonNull(definition, "definition");
    problems = List.copyOf(problems);
    sources = List.copyOf(sources);
    queries = List.copyOf(queries);
    functions = List.copyOf(functions);
    requireNonNull(positions, "positions");
    requireNonNull(redact, "redact");
  }

  /** A problem that was found later, with the statement or with the cluster. */
  public Problem problem(Position position, String message) {
    return new Problem(file, position, redact.apply(message));
  }
}
