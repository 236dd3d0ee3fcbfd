package dev.tidemill.cli;

import dev.tidemill.sql.CompiledPipeline;
import dev.tidemill.sql.Output;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemill plan}: what a definition becomes, without running it. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Show what a definition becomes: its operators, its state, its result's columns, its"
            + " topics.")
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A pipeline definition (YAML).")
  private Path file;

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  static final class Form {
    @Option(names = "--mermaid", description = "Print a Mermaid flowchart only.")
    private boolean mermaid;

    @Option(names = "--json", description = "Print the plan as one JSON object.")
    private boolean json;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Optional<List<CompiledPipeline>> read =
        Definitions.read(List.of(file), spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Main.WRONG;
    }
    CompiledPipeline pipeline = read.get().get(0);
    if (form.json) {
      out.println(PlanJson.of(pipeline).toPrettyString());
      return Main.DONE;
    }
    if (form.mermaid) {
      new Flowchart(pipeline, out).print();
      return Main.DONE;
    }
    out.println(pipeline.definition().name() + ": " + pipeline.definition().description());
    out.println();
    Picture.printText(pipeline, out);
    out.println();
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
    return Main.DONE;
  }
}
