package dev.tidemill.cli;

import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.Origin;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.nio.file.Path;
import java.time.Duration;
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
    description =
        "Run a pipeline until it is stopped, or until all that its sources hold is loaded.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A pipeline definition (YAML).")
  private Path file;

  @Mixin private ServerOptions server;

  @Option(
      names = "--until-complete",
      description =
          "End when everything that the sources hold is loaded: 0, or 1 if a book does not"
              + " balance, a batch is not loaded, every record that it read was rejected, or the"
              + " pipeline has paused.")
  private boolean untilComplete;

  @Option(
      names = "--give-up-after",
      paramLabel = "DURATION",
      description =
          "With --until-complete: end with 3 when nothing has come further for so long, since a source"
              + " or a target does not answer (default: 10m).")
  private Optional<Duration> giveUpAfter = Optional.empty();

  @Option(
      names = "--ignore-max-rejects",
      description =
          "Go on, however many records are rejected: 'max-rejects' does not hold for this run.")
  private boolean ignoreMaxRejects;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Answer over HTTP on this port: ledger, rows, health, metrics; 0 is any that is free (default:"
              + " 'http.port' of the server file or TIDEMILL_HTTP_PORT; without one there is no"
              + " HTTP).")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "With a port: the address to listen at (default: 'http.host' or TIDEMILL_HTTP_HOST, else"
              + " 127.0.0.1).")
  private Optional<String> host = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Optional<List<CompiledPipeline>> read =
        Definitions.read(List.of(file), spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Main.WRONG;
    }
    CompiledPipeline pipeline = read.get().get(0);
    if (ignoreMaxRejects) {
      pipeline = pipeline.with(pipeline.definition().withoutMaxRejects());
    }
    if (untilComplete) {
      pipeline = pipeline.with(pipeline.definition().once());
    }
    if (untilComplete
        && pipeline.definition().sources().stream()
            .anyMatch(source -> source.origin() instanceof Origin.Topic)) {
      throw new ParameterException(
          spec.commandLine(),
          "--until-complete needs sources that end; a topic does not. Leave it out, and stop the run"
              + " with Ctrl-C.");
    }
    if (giveUpAfter.isPresent() && !untilComplete) {
      throw new ParameterException(
          spec.commandLine(),
          "--give-up-after belongs to --until-complete: any other run goes on until it is stopped");
    }
    if (port.isPresent() && (port.get() < 0 || port.get() > 65_535)) {
      throw new ParameterException(
          spec.commandLine(),
          "--port " + port.get() + " is no port; give 1 to 65535, or 0 for any that is free");
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
      HttpSettings http = cluster.settings().http().or(port, host);
      if (http.port().isEmpty() && host.isPresent()) {
        throw new ParameterException(
            spec.commandLine(), "--host belongs to --port; add it, or set 'http.port'");
      }
      Running running =
          new Running(
              pipeline,
              cluster.settings().withHttp(http),
              spec.commandLine().getErr(),
              stop::isGiven);
      RunProgress progress =
          untilComplete
              ? running.runUntilComplete(giveUpAfter.orElse(Patience.USUAL))
              : running.run();
      Summary.print(pipeline, progress, spec.commandLine().getOut());
      if (progress.hasRejects()) {
        RejectSummary.print(
            pipeline.definition().topics(),
            cluster.settings(),
            progress.before().rejectsEnd(),
            spec.commandLine().getOut());
      }
      if (stop.isGiven()) {
        spec.commandLine()
            .getErr()
            .println("Stopped as told. The next run on the same data goes on from here.");
        return Main.DONE;
      }
      if (progress.isAllRejected()) {
        spec.commandLine()
            .getErr()
            .println(
                "tidemill: every record of this run was rejected; is the definition that of these"
                    + " data?");
        return Main.WRONG;
      }
      return progress.isBalanced() && progress.pause().isEmpty() ? Main.DONE : Main.WRONG;
    }
  }
}
