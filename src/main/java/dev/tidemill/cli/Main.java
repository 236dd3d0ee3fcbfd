package dev.tidemill.cli;

import dev.tidemill.definition.DurationText;
import dev.tidemill.definition.Nearest;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.RegistryUnavailableException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line. Exit codes: 0 done, 1 definition or data wrong, 2 usage, 3 something is
 * missing.
 */
@Command(
    name = "tidemill",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Write the nightly SQL job, run it as a stream.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      SchemaCommand.class,
      RunCommand.class,
      BatchesCommand.class,
      RejectsCommand.class,
      ScheduleCommand.class,
      RateCommand.class,
      AutoComplete.GenerateCompletion.class,
      CommandLine.HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the definition or the data is wrong",
      "2:wrong usage",
      "3:something that it needs is not there"
    },
    footer = {"", "Start with:  ./tidemill demo"})
public final class Main {
  static final int DONE = 0;
  static final int WRONG = 1;
  static final int MISSING = 3;

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(ZoneId.class, Main::zone)
        .registerConverter(Duration.class, Main::duration)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              if (exception instanceof RegistryUnavailableException) {
                commandLine
                    .getErr()
                    .println(
                        "tidemill: "
                            + exception.getMessage()
                            + " See 'registry' (TIDEMILL_REGISTRY) in the server settings.");
                return MISSING;
              }
              if (exception instanceof Unavailable) {
                commandLine.getErr().println("tidemill: " + exception.getMessage());
                return MISSING;
              }
              commandLine
                  .getErr()
                  .println(
                      "tidemill: this is a bug: "
                          + exception
                          + " (TIDEMILL_LOG=DEBUG shows where)");
              org.slf4j.LoggerFactory.getLogger(Main.class).debug("Unexpected", exception);
              return WRONG;
            });
  }

  private static Duration duration(String text) {
    try {
      return DurationText.parsePositive(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      String near = Nearest.hint(text, ZoneId.getAvailableZoneIds());
      throw new TypeConversionException(
          "'%s' is no time zone%s"
              .formatted(
                  text, near.isEmpty() ? "; write one such as America/New_York or UTC" : near));
    }
  }

  /** From the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "tidemill " + (version == null ? "(not packaged)" : version),
        "Java " + System.getProperty("java.version")
      };
    }
  }
}
