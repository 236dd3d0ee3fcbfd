package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.Problem;
import dev.tidemill.sql.CompiledPipeline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill validate}: every problem at once. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Check definitions without running them: every problem at once, with its place.")
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Pipeline definitions (YAML).")
  private List<Path> files;

  @Option(names = "--json", description = "Print the problems as a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Problem> problems = new ArrayList<>();
    List<String> schedules = new ArrayList<>();
    for (Path file : files) {
      CompiledPipeline.Checked checked = CompiledPipeline.check(file, System::getenv);
      problems.addAll(checked.problems());
      checked
          .pipeline()
          .ifPresent(
              pipeline ->
                  schedules.addAll(Schedules.lines(pipeline.definition(), Clock.systemUTC())));
    }
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(problems.stream().map(this::map).toList()));
    } else {
      problems.forEach(out::println);
      schedules.forEach(out::println);
      out.println(
          problems.isEmpty()
              ? files.size() == 1 ? files.get(0) + ": no problem" : "no problem"
              : problems.size() == 1 ? "1 problem" : problems.size() + " problems");
    }
    return problems.isEmpty() ? Main.DONE : Main.WRONG;
  }

  private Map<String, Object> map(Problem problem) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("file", problem.file().toString());
    map.put("line", problem.position().line());
    map.put("column", problem.position().column());
    map.put("message", problem.message());
    return map;
  }
}
