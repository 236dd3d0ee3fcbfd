package dev.tidemill.cli;

import dev.tidemill.definition.Problem;
import dev.tidemill.sql.CompiledPipeline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads definitions for the commands, and prints what is wrong with them. */
final class Definitions {
  private Definitions() {}

  /**
   * @return all pipelines, or empty if one of them has a problem; the problems are printed then
   */
  static Optional<List<CompiledPipeline>> read(List<Path> files, PrintWriter err) {
    List<CompiledPipeline> pipelines = new ArrayList<>();
    int problems = 0;
    for (Path file : files) {
      CompiledPipeline.Checked checked = CompiledPipeline.check(file, System::getenv);
      for (Problem problem : checked.problems()) {
        err.println(problem);
        problems++;
      }
      checked.pipeline().ifPresent(pipelines::add);
    }
    if (problems > 0) {
      err.println(problems == 1 ? "1 problem" : problems + " problems");
      return Optional.empty();
    }
    return Optional.of(pipelines);
  }
}
