package dev.tidemill.cli;

import dev.tidemill.definition.Rate;
import dev.tidemill.definition.Topics;
import dev.tidemill.extract.ScheduleCommands;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill rate}: how fast a source is published, while it runs. */
@Command(
    name = "rate",
    mixinStandardHelpOptions = true,
    description =
        "Set how fast a source is published, in the whole cluster and from now on, whatever its"
            + " definition says.")
final class RateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  private String pipeline;

  @Parameters(index = "1", paramLabel = "SOURCE", description = "The source.")
  private String source;

  @Parameters(
      index = "2",
      paramLabel = "RATE",
      description =
          "Rows per time, such as 5000/s or 100/m; or " + ScheduleCommands.UNLIMITED + ".")
  private String rate;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws Exception {
    Optional<Rate> asked = asked();
    Optional<ServerOptions.Opened> opened = server.openExisting(spec.commandLine().getErr());
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get()) {
      new ScheduleCommands(new Topics(pipeline), cluster.settings(), Clock.systemUTC())
          .rate(source, asked);
      spec.commandLine()
          .getOut()
          .println(
              "Told to publish " + rate + ". The owner of the source obeys as soon as it runs.");
      return Main.DONE;
    }
  }

  private Optional<Rate> asked() {
    try {
      return rate.equals(ScheduleCommands.UNLIMITED)
          ? Optional.empty()
          : Optional.of(Rate.parse(rate));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), e.getMessage() + "; or " + ScheduleCommands.UNLIMITED, e);
    }
  }
}
