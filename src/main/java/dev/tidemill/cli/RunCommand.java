package dev.tidemill.cli;

import dev.tidemill.definition.Origin;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    Optional<ServerOptions.Opened> opened = server.open(spec.commandLine().getErr());
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get()) {
      return run(pipeline, cluster);
    }
  }

  private int run(CompiledPipeline pipeline, ServerOptions.Opened cluster) throws Exception {
    Running running = new Running(pipeline, cluster.settings(), spec.commandLine().getErr());
    CountDownLatch ended = new CountDownLatch(1);
    Thread onSignal =
        new Thread(
            () -> {
              running.stop();
              try {
                ended.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "tidemill-stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      RunProgress progress = running.run(untilComplete);
      Summary.print(pipeline, progress, spec.commandLine().getOut());
      boolean good = !untilComplete || progress.isBalanced();
      return good ? Main.DONE : Main.WRONG;
    } finally {
      ended.countDown();
      removeHook(onSignal);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // It is the hook itself that ended the run.
    }
  }
}
