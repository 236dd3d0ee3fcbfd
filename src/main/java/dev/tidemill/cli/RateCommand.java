package dev.tidemill.cli;

import dev.tidemill.definition.Topics;
import dev.tidemill.extract.RateOverride;
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
        "Show or set how fast a source is published, in the whole cluster and from now on, whatever"
            + " its definition says.")
final class RateCommand implements Callable<Integer> {
  private static final String RESET = "reset";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  private String pipeline;

  @Parameters(index = "1", paramLabel = "SOURCE", description = "The source.")
  private String source;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "RATE",
      description =
          "Rows per time, such as 5000/s or 100/m; "
              + RateOverride.UNLIMITED
              + "; or "
              + RESET
              + ": what the definition says. Without it, what was set is shown.")
  private Optional<String> rate = Optional.empty();

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws Exception {
    Optional<RateOverride> asked = asked();
    Optional<ServerOptions.Opened> opened = server.openExisting(spec.commandLine().getErr());
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get()) {
      ScheduleCommands commands =
          new ScheduleCommands(new Topics(pipeline), cluster.settings(), Clock.systemUTC());
      if (rate.isPresent()) {
        commands.setRate(source, asked);
      }
      spec.commandLine()
          .getOut()
          .println(
              rate.isPresent()
                  ? "Told to publish "
                      + asked.map(RateOverride::toString).orElse("as the definition says")
                      + ". The owner of the source obeys as soon as it runs."
                  : source
                      + " is published "
                      + commands
                          .rate(source)
                          .map(set -> set + ", which was set while it ran")
                          .orElse("as its definition says"));
      return Main.DONE;
    }
  }

  private Optional<RateOverride> asked() {
    try {
      return rate.filter(text -> !text.equals(RESET)).map(RateOverride::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage() + ", or " + RESET, e);
    }
  }
}
