package dev.tidemill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.definition.Topics;
import dev.tidemill.query.LedgerView;
import dev.tidemill.query.RejectsView;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.schema.ReadablePayloads;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidemill rejects}: what could not take part, and why. */
@Command(
    name = "rejects",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(list | show)",
    subcommands = {RejectsCommand.ListCommand.class, RejectsCommand.ShowCommand.class},
    description = "Look at what a pipeline has rejected, late records included.")
final class RejectsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", description = "The pipeline's name.")
  private String pipeline;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What of the rejects? Write 'list' or 'show' behind " + pipeline);
  }

  /** What both need. */
  private abstract static class Reading implements Callable<Integer> {
    @Spec CommandSpec spec;
    @ParentCommand private RejectsCommand parent;
    @Mixin private ServerOptions server;
    @Mixin RejectFilter filter;

    @Option(names = "--json", description = "Print one JSON object a line.")
    boolean json;

    final ObjectMapper mapper = new ObjectMapper();

    abstract void read(RejectsView rejects, ReadablePayloads payloads, PrintWriter out)
        throws Exception;

    @Override
    public final Integer call() throws Exception {
      Optional<ServerOptions.Opened> opened = server.openExisting(spec.commandLine().getErr());
      if (opened.isEmpty()) {
        return Main.WRONG;
      }
      try (ServerOptions.Opened cluster = opened.get();
          ConfluentRegistry registry = new ConfluentRegistry(cluster.settings().registry())) {
        LedgerView.require(parent.pipeline, cluster.settings());
        try (RejectsView rejects =
            new RejectsView(new Topics(parent.pipeline), registry, cluster.settings())) {
          read(rejects, new ReadablePayloads(registry), spec.commandLine().getOut());
        }
        return Main.DONE;
      }
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      customSynopsis =
          "tidemill rejects PIPELINE list [--batch=ID] [--step=STEP] [--json] [OPTIONS]",
      description = "Count the rejects by batch, step and reason.")
  static final class ListCommand extends Reading {
    @Override
    void read(RejectsView rejects, ReadablePayloads payloads, PrintWriter out) throws Exception {
      RejectCounts counted = new RejectCounts();
      rejects.read(
          0,
          (offset, reject) -> {
            if (filter.wants(reject)) {
              counted.add(reject);
            }
            return true;
          });
      SortedMap<RejectKind, Long> counts = counted.byKind();
      if (json) {
        for (Map.Entry<RejectKind, Long> entry : counts.entrySet()) {
          out.println(mapper.writeValueAsString(json(entry.getKey(), entry.getValue())));
        }
      } else if (counts.isEmpty()) {
        out.println("No such reject.");
      } else {
        TextTable table = new TextTable();
        table.header(List.of("batch", "step", "rejects", "reason"));
        counts.forEach(
            (kind, count) ->
                table.row(
                    List.of(
                        kind.batch().map(Object::toString).orElse("-"),
                        kind.step(),
                        LedgerTable.number(count),
                        kind.reason())));
        table.print(out);
      }
    }

    private ObjectNode json(RejectKind kind, long count) {
      ObjectNode node = mapper.createObjectNode();
      node.put("batch", kind.batch().map(Object::toString).orElse(null));
      node.put("step", kind.step());
      node.put("reason", kind.reason());
      node.put("rejects", count);
      return node;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      customSynopsis =
          "tidemill rejects PIPELINE show [--batch=ID] [--step=STEP] [--limit=N] [--offset=N] [--json] [OPTIONS]",
      description = "Show the rejects themselves, oldest first.")
  static final class ShowCommand extends Reading {
    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "So many at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
        names = "--offset",
        paramLabel = "N",
        defaultValue = "0",
        description = "Begin with this offset of the rejects topic (default: ${DEFAULT-VALUE}).")
    private long offset;

    /** Counts, and knows where to go on; a lambda could not. */
    private static final class Page {
      private int shown;
      private long next = -1;
    }

    @Override
    void read(RejectsView rejects, ReadablePayloads payloads, PrintWriter out) {
      if (limit < 1 || offset < 0) {
        throw new ParameterException(
            spec.commandLine(), "--limit must be 1 or more, --offset 0 or more");
      }
      RejectJson asJson = new RejectJson(payloads);
      Page page = new Page();
      rejects.read(
          offset,
          (at, reject) -> {
            if (!filter.wants(reject)) {
              return true;
            }
            if (page.shown == limit) {
              page.next = at;
              return false;
            }
            page.shown++;
            ObjectNode node = asJson.of(at, reject);
            out.println(json ? node.toString() : node.toPrettyString());
            return true;
          });
      PrintWriter err = spec.commandLine().getErr();
      if (page.shown == 0) {
        err.println("No such reject.");
      } else if (page.next >= 0) {
        err.println("There are more; go on with --offset " + page.next + ".");
      }
    }
  }
}
