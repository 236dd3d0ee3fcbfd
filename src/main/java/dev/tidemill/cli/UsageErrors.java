package dev.tidemill.cli;

import dev.tidemill.definition.Nearest;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong, how the command is written, and where to read on: all of it fits on a screen. */
final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("tidemill: " + message(wrong));
    Help help = command.getHelp();
    err.print(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()));
    err.println("Read on: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String message(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return wrong.getMessage().replaceFirst("^Error: ", "");
    }
    CommandLine command = wrong.getCommandLine();
    String word = unmatched.getUnmatched().get(0);
    if (unmatched.isUnknownOption()) {
      return "there is no option '%s' here%s"
          .formatted(word, Nearest.hint(word, command.getCommandSpec().optionsMap().keySet()));
    }
    return command.getParent() == null
        ? "there is no command '%s'%s"
            .formatted(word, Nearest.hint(word, command.getSubcommands().keySet()))
        : "'%s' is one word too many; what has blanks in it must be in quotes".formatted(word);
  }
}
