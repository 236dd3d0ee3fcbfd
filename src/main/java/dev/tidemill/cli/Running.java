package dev.tidemill.cli;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.extract.ExtractorProgress;
import dev.tidemill.load.LoaderProgress;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.HttpServer;
import dev.tidemill.server.PipelineRun;
import dev.tidemill.server.RunProgress;
import dev.tidemill.sql.CompiledPipeline;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Runs one pipeline in the foreground and shows how far it is. */
final class Running {
  private static final Duration NEWS = Duration.ofMillis(200);
  private static final Duration LINE = Duration.ofSeconds(2);

  private final CompiledPipeline pipeline;
  private final ServerSettings server;
  private final PrintWriter err;
  private final boolean terminal;
  private final BooleanSupplier stopping;

  /**
   * @param err for progress; rewritten in place if it is a terminal
   * @param stopping asked a few times a second
   */
  Running(
      CompiledPipeline pipeline, ServerSettings server, PrintWriter err, BooleanSupplier stopping) {
    this.pipeline = pipeline;
    this.server = server;
    this.err = err;
    this.stopping = stopping;
    this.terminal = System.console() != null;
  }

  /** Until it is told to end. */
  RunProgress run() throws Exception {
    return run(Optional.empty());
  }

  /**
   * Until everything is loaded.
   *
   * @throws dev.tidemill.definition.Unavailable if it comes no further, for so long
   */
  RunProgress runUntilComplete(Duration giveUpAfter) throws Exception {
    return run(Optional.of(new Patience(giveUpAfter, System::nanoTime)));
  }

  /**
   * @param patience with a run that ends when everything is loaded; empty: it ends when told to
   */
  private RunProgress run(Optional<Patience> patience) throws Exception {
    try (ConfluentRegistry registry = new ConfluentRegistry(server.registry());
        PipelineRun run = new PipelineRun(pipeline, server, registry, Clock.systemUTC());
        Answering answering = new Answering(http(run))) {
      run.start(answering.http().map(HttpServer::advertised));
      long lastLine = System.nanoTime();
      RunProgress progress = run.progress(Duration.ZERO);
      Optional<String> told = Optional.empty();
      boolean pauseIsTold = false;
      while (!stopping.getAsBoolean()
          && !(patience.isPresent() && (progress.isComplete() || progress.pause().isPresent()))) {
        progress = run.progress(NEWS);
        if (patience.isPresent()) {
          patience.get().look(progress);
        }
        if (progress.pause().isPresent() && !pauseIsTold) {
          show("tidemill: " + progress.pause().get());
          if (terminal) {
            err.println();
          }
          pauseIsTold = true;
        }
        boolean due = System.nanoTime() - lastLine >= LINE.toNanos();
        String line = line(progress);
        if (terminal || (due && !told.equals(Optional.of(line)))) {
          show(line);
          told = Optional.of(line);
          lastLine = System.nanoTime();
        }
      }
      show(line(progress));
      if (terminal) {
        err.println();
      }
      return progress;
    }
  }

  /** Empty if there is no port. */
  private record Answering(Optional<HttpServer> http) implements AutoCloseable {
    @Override
    public void close() {
      http.ifPresent(HttpServer::close);
    }
  }

  private Optional<HttpServer> http(PipelineRun run) {
    Optional<HttpServer> http =
        server.http().port().map(port -> new HttpServer(server.http(), run));
    http.ifPresent(
        started -> {
          err.println("Answering at " + started.url());
          if (started.isOpenToOthers()) {
            err.println(
                "WARNING: everybody who reaches this address can read the results. Set 'http.token'"
                    + " (TIDEMILL_HTTP_TOKEN), or leave --host out.");
          }
        });
    return http;
  }

  private void show(String line) {
    err.print(terminal ? "\r\u001b[K" + line : line + System.lineSeparator());
    err.flush();
  }

  /** Of the bytes; empty if one of them does not know how much there is. */
  private static OptionalLong percent(List<ExtractorProgress> extracted) {
    if (extracted.stream().anyMatch(one -> one.files() == 0)) {
      return OptionalLong.empty();
    }
    long total = extracted.stream().mapToLong(ExtractorProgress::bytesTotal).sum();
    long bytes = extracted.stream().mapToLong(ExtractorProgress::bytes).sum();
    return OptionalLong.of(total == 0 ? 100 : 100 * bytes / total);
  }

  private static String line(RunProgress progress) {
    StringBuilder line = new StringBuilder();
    if (!progress.extracted().isEmpty()) {
      List<String> more = new ArrayList<>();
      percent(progress.extracted()).ifPresent(percent -> more.add(percent + " %"));
      progress.extracted().stream()
          .flatMap(source -> source.waitsFor().stream())
          .findFirst()
          .ifPresent(backlog -> more.add("waits for " + backlog));
      line.append("extracted ")
          .append(LedgerTable.number(progress.rowsExtracted()))
          .append(more.isEmpty() ? " rows, " : " rows (" + String.join(", ", more) + "), ");
    }
    line.append("accounted for ")
        .append(LedgerTable.number(progress.accountedFor()))
        .append(", batches ")
        .append(progress.entries().size())
        .append(", loaded ")
        .append(progress.loadedBatches());
    Stream.concat(
            Stream.concat(progress.extracted().stream(), progress.tables().stream())
                .map(ExtractorProgress::lastError),
            progress.loaders().stream().map(LoaderProgress::lastError))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(error -> line.append(" — ").append(error));
    progress.pause().ifPresent(pause -> line.append(" — PAUSED before ").append(pause.place()));
    return line.toString();
  }
}
