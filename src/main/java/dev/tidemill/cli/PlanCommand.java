package dev.tidemill.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.Comparison;
import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Output;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tidemill plan}: what a definition becomes, without running it, and what it would do to a
 * pipeline that has run.
 */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Show what a definition becomes: its operators, its state, its result's columns, its"
            + " topics. With a cluster also what a start would reuse, make, leave behind or refuse"
            + " there; nothing is changed. Exit code 3: the start would be refused.")
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A pipeline definition (YAML).")
  private Path file;

  @Mixin private ServerOptions server;

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  static final class Form {
    @Option(names = "--mermaid", description = "Print a Mermaid flowchart only.")
    private boolean mermaid;

    @Option(names = "--json", description = "Print the plan as one JSON object.")
    private boolean json;
  }

  @Override
  public Integer call() throws Exception {
    if (form.mermaid && server.isTyped()) {
      throw new ParameterException(
          spec.commandLine(), "--mermaid draws the definition alone; leave the cluster out");
    }
    PrintWriter out = spec.commandLine().getOut();
    Optional<List<CompiledPipeline>> read =
        Definitions.read(List.of(file), spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Main.WRONG;
    }
    CompiledPipeline pipeline = read.get().get(0);
    if (form.mermaid) {
      new Flowchart(pipeline, out).print();
      return Main.DONE;
    }
    if (!form.json) {
      print(pipeline, out);
    }
    if (server.isGiven()) {
      return compare(pipeline, out);
    }
    if (form.json) {
      out.println(PlanJson.of(pipeline).toPrettyString());
    } else {
      out.println();
      out.println(
          "With --config SERVER.yaml, plan also says what a start would change on that cluster.");
    }
    return Main.DONE;
  }

  private int compare(CompiledPipeline pipeline, PrintWriter out) throws Exception {
    Optional<ServerOptions.Opened> opened = server.openExisting(spec.commandLine().getErr());
    if (opened.isEmpty()) {
      return Main.WRONG;
    }
    try (ServerOptions.Opened cluster = opened.get();
        ConfluentRegistry registry = new ConfluentRegistry(cluster.settings().registry())) {
      Comparison comparison = Comparison.of(pipeline, cluster.settings(), registry);
      if (form.json) {
        ObjectNode plan = PlanJson.of(pipeline);
        plan.set("start", ComparisonJson.of(comparison));
        out.println(plan.toPrettyString());
      } else {
        out.println();
        ComparisonText.print(pipeline.definition().name(), comparison, out);
      }
      return comparison.wouldStart() ? Main.DONE : Main.MISSING;
    }
  }

  private static void print(CompiledPipeline pipeline, PrintWriter out) {
    out.println(pipeline.definition().name() + ": " + pipeline.definition().description());
    out.println();
    Picture.printText(pipeline, out);
    out.println();
    List<String> schedules = Schedules.lines(pipeline.definition(), Clock.systemUTC());
    if (!schedules.isEmpty()) {
      out.println("Schedules:");
      schedules.forEach(line -> out.println("  " + line));
      out.println();
    }
    PlanText.print(pipeline, out);
    out.println();
    for (Output output : pipeline.query().outputs()) {
      out.println(output.name().isEmpty() ? "Result:" : "Result of " + output.name() + ":");
      for (Schema.Field field : output.schema().getFields()) {
        out.println("  " + field.name() + "  " + field.schema());
      }
    }
    out.println();
    out.println("Topics:");
    Picture.topics(pipeline.definition()).forEach(topic -> out.println("  " + topic));
  }
}
