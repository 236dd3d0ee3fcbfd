package dev.tidemill.cli;

import dev.tidemill.definition.TargetDefinition;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.Embedded;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidemill demo}: examples/flights, with everything that it needs, in this process. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Run examples/flights with an embedded broker, registry and warehouse, and show it.")
final class DemoCommand implements Callable<Integer> {
  private static final int TOP = 10;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path home = Path.of(System.getProperty("tidemill.home", "")).toAbsolutePath();
    Path file = home.resolve("examples/flights/pipeline.yaml");
    if (!Files.exists(file)) {
      throw new Unavailable(
          "the demo needs " + file + "; run ./tidemill from a checkout of the project");
    }
    Optional<List<CompiledPipeline>> read =
        Definitions.read(List.of(file), spec.commandLine().getErr());
    if (read.isEmpty()) {
      return Main.WRONG;
    }
    CompiledPipeline pipeline = read.get().get(0);
    TargetDefinition.DuckDb warehouse =
        (TargetDefinition.DuckDb) pipeline.definition().targets().get(0);
    startAfresh(warehouse.path());
    out.println("The nightly SQL job of " + Picture.relative(file) + ", run as a stream:");
    out.println();
    pipeline.definition().sql().lines().forEach(line -> out.println("    " + line));
    out.println();
    Picture.printText(pipeline, out);
    out.println();
    out.println("Starting a broker and a schema registry in this process ...");
    out.flush();
    RunProgress progress;
    try (StopSignal stop = new StopSignal();
        Embedded embedded = Embedded.start(Optional.empty())) {
      progress =
          new Running(pipeline, embedded.settings(), spec.commandLine().getErr(), stop::isGiven)
              .runUntilComplete(Patience.USUAL);
      if (stop.isGiven()) {
        return Main.DONE;
      }
    }
    Summary.print(pipeline, progress, out);
    showResult(warehouse, pipeline.definition().batch().timezone(), out);
    return progress.isBalanced() ? Main.DONE : Main.WRONG;
  }

  /** The demo's broker is new each time, and so is its warehouse. */
  private static void startAfresh(Path warehouse) {
    try {
      Files.deleteIfExists(warehouse);
      Files.deleteIfExists(Path.of(warehouse + ".wal"));
    } catch (IOException e) {
      throw new Unavailable(
          "the warehouse of an earlier demo can not be removed: " + e + ". Is it open elsewhere?",
          e);
    }
  }

  private static void showResult(TargetDefinition.DuckDb warehouse, ZoneId zone, PrintWriter out)
      throws SQLException {
    String sql =
        "SELECT batch_start, state, departures, worst_delay, round(on_time_share, 3) AS on_time_share,"
            + " miles"
            + " FROM "
            + warehouse.table()
            + " ORDER BY departures DESC, batch_start LIMIT "
            + TOP;
    out.println();
    out.println("The busiest states:");
    DuckDbResult.query(warehouse.path(), sql, zone).print(out);
    out.println();
    out.println("The warehouse is " + Picture.relative(warehouse.path()) + "; ask it yourself:");
    out.println("  duckdb " + Picture.relative(warehouse.path()) + " \"" + sql + "\"");
    out.flush();
  }
}
