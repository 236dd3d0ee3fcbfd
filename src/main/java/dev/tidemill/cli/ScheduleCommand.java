package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidemill.definition.ScheduleOverride;
import dev.tidemill.definition.Topics;
import dev.tidemill.extract.ScheduleCommands;
import dev.tidemill.extract.ScheduledRun;
import dev.tidemill.extract.SourceCommand;
import dev.tidemill.extract.SourceSchedule;
import dev.tidemill.query.LedgerView;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill schedule}: the schedules of a pipeline that runs, or has run. */
@Command(
    name = "schedule",
    mixinStandardHelpOptions = true,
    description =
        "Show the schedules of a pipeline's sources and their runs, or run, pause, resume, change one.")
final class ScheduleCommand implements Callable<Integer> {

  /** What is to be done. */
  enum Action {
    list,
    history,
    run,
    pause,
    resume,
    set,
    delete,
    reset
  }

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}")
  private Action action;

  @Parameters(index = "1", paramLabel = "PIPELINE", description = "The pipeline's name.")
  private String pipeline;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "The source; without it, all of them are shown.")
  private Optional<String> source = Optional.empty();

  @Parameters(
      index = "3",
      arity = "0..1",
      paramLabel = "SCHEDULE",
      description = "With set: a cron, a macro or a duration, such as '0 2 * * *' or 10m.")
  private Optional<String> schedule = Optional.empty();

  @Mixin private ScheduleValues values;

  @Option(names = "--json", description = "For machines.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() throws Exception {
    Optional<SourceCommand> command = command();
    PrintWriter err = spec.commandLine().getErr();
    Optional<ServerOptions.Opened> opened = server.openExisting(err);
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get()) {
      ScheduleCommands commands =
          new ScheduleCommands(new Topics(pipeline), cluster.settings(), Clock.systemUTC());
      List<SourceSchedule> all = commands.schedules();
      List<SourceSchedule> asked =
          all.stream().filter(each -> source.map(each.source()::equals).orElse(true)).toList();
      if (asked.isEmpty()) {
        err.println(
            "tidemill: "
                + (all.isEmpty()
                    ? "no source of a pipeline '%s' has run on a schedule here; a source has one if its definition says 'schedule', when 'run' has begun with it. Pipelines here: %s"
                        .formatted(
                            pipeline, String.join(", ", LedgerView.pipelines(cluster.settings())))
                    : "source '%s' has no schedule; these have one: %s"
                        .formatted(
                            source.orElse(""),
                            String.join(", ", all.stream().map(SourceSchedule::source).toList()))));
        return Main.WRONG;
      }
      if (command.isPresent()) {
        commands.send(source.orElseThrow(), command.get());
        spec.commandLine()
            .getOut()
            .println(
                "Told to %s. The owner of the source obeys as soon as it runs%s."
                    .formatted(
                        action == Action.set ? set(command.get()) : action,
                        action == Action.run && asked.get(0).paused()
                            ? ", and the schedule, which is paused, is resumed"
                            : ""));
      } else if (json) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        asked.forEach(each -> array.add(each.json()));
        spec.commandLine().getOut().println(array);
      } else if (action == Action.list) {
        asked.forEach(this::list);
      } else {
        history(asked);
      }
      return Main.DONE;
    }
  }

  /** What the owner of the source is told; empty if something is to be shown. */
  private Optional<SourceCommand> command() {
    boolean shows = action == Action.list || action == Action.history;
    if (!shows && source.isEmpty()) {
      throw wrong("'schedule " + action + "' needs a source: … " + pipeline + " SOURCE");
    }
    if (action == Action.set && said().isEmpty()) {
      throw wrong(
          "'schedule set' needs a schedule, such as '0 2 * * *' or 10m, or an option such as"
              + " --overlap");
    }
    if (action != Action.set && !said().isEmpty()) {
      throw wrong("only 'schedule set' takes a schedule, and what there is of it");
    }
    return switch (action) {
      case list, history -> Optional.empty();
      case run -> Optional.of(SourceCommand.Simple.RUN);
      case pause -> Optional.of(SourceCommand.Simple.PAUSE);
      case resume -> Optional.of(SourceCommand.Simple.RESUME);
      case set -> Optional.of(SourceCommand.Change.to(override()));
      case delete -> Optional.of(SourceCommand.Change.to(ScheduleOverride.NEVER));
      case reset -> Optional.of(SourceCommand.Change.back());
    };
  }

  private static String set(SourceCommand command) {
    return command instanceof SourceCommand.Change change
        ? "set "
            + change.override().orElseThrow().inWords()
            + ", and nothing else: the rest is the definition's"
        : "set";
  }

  private Map<String, String> said() {
    Map<String, String> said = new LinkedHashMap<>();
    schedule.ifPresent(time -> said.put(ScheduleOverride.SCHEDULE, time));
    said.putAll(values.written());
    return said;
  }

  private ScheduleOverride override() {
    try {
      return ScheduleOverride.of(said());
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void list(SourceSchedule listed) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        listed.source()
            + " is read "
            + listed.words()
            + listed
                .definition()
                .map(
                    said ->
                        "; SET at run time (%s), the definition says: %s"
                            .formatted(
                                listed.override().map(ScheduleOverride::inWords).orElse(""), said))
                .orElse("")
            + (listed.paused() ? "; PAUSED: nothing is run until 'schedule resume'" : ""));
    out.println("  with  " + ScheduleOverride.inWords(listed.values()));
    listed.next().forEach(firing -> out.println("  next  " + firing));
    listed
        .last()
        .ifPresent(
            run ->
                out.println(
                    "  last  %s  %s, attempt %d, %d rows"
                        .formatted(run.firing(), run.outcome(), run.attempt(), run.rows())));
  }

  private void history(List<SourceSchedule> schedules) {
    TextTable table = new TextTable();
    table.header(
        List.of("source", "firing", "attempt", "started", "ended", "rows", "outcome", "why"));
    for (SourceSchedule each : schedules) {
      for (ScheduledRun run : each.runs()) {
        table.row(
            List.of(
                each.source(),
                run.firing().equals(run.until())
                    ? run.firing().toString()
                    : run.firing() + " to " + run.until(),
                String.valueOf(run.attempt()),
                run.started().toString(),
                run.ended().map(Object::toString).orElse(""),
                LedgerTable.number(run.rows()),
                run.outcome().name(),
                run.error().orElse("")));
      }
    }
    table.print(spec.commandLine().getOut());
  }
}
