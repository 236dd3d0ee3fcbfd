package dev.tidemill.cli;

import dev.tidemill.definition.Origin;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill run}: a pipeline in the foreground. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run a pipeline until it is stopped, or until its files are loaded.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A pipeline definition (YAML).")
  private Path file;

  @Mixin private ServerOptions server;

  @Option(
      names = "--until-complete",
      description =
          "End when everything that the files hold is loaded: 0, or 1 if a book does not balance.")
  private boolean untilComplete;

  @Override
  public Integer call() throws Exception {
    Optional<List<CompiledPipeline>> read =
        Definitions.read(List.of(file), spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Main.WRONG;
    }
    CompiledPipeline pipeline = read.get().get(0);
    if (untilComplete
        && pipeline.definition().sources().stream()
            .anyMatch(source -> source.origin() instanceof Origin.Topic)) {
      throw new ParameterException(
          spec.commandLine(),
          "--until-complete needs sources that end; a topic does not. Leave it out, and stop the run"
              + " with Ctrl-C.");
    }
    try (StopSignal stop = new StopSignal()) {
      return run(pipeline, stop);
    }
  }

  private int run(CompiledPipeline pipeline, StopSignal stop) throws Exception {
    Optional<ServerOptions.Opened> opened = server.open(spec.commandLine().getErr());
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get()) {
      Running running =
          new Running(pipeline, cluster.settings(), spec.commandLine().getErr(), stop::isGiven);
      RunProgress progress = running.run(untilComplete);
      Summary.print(pipeline, progress, spec.commandLine().getOut());
      if (stop.isGiven()) {
        spec.commandLine()
            .getErr()
            .println("Stopped as told. The next run on the same data goes on from here.");
        return Main.DONE;
      }
      return progress.isBalanced() ? Main.DONE : Main.WRONG;
    }
  }
}
