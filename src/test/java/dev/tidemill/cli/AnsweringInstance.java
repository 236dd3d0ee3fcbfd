package dev.tidemill.cli;

import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.schema.ConfluentRegistry;
import dev.tidemill.server.HttpServer;
import dev.tidemill.server.PipelineRun;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process of a pipeline that answers over HTTP; in this one, or by {@link #main} in its own.
 */
final class AnsweringInstance implements AutoCloseable {
  private static final Duration NEWS = Duration.ofMillis(100);

  private final ConfluentRegistry registry;
  private final PipelineRun run;
  private final HttpServer http;
  private final Thread watching;
  private volatile boolean closing;

  /** Listens, and does nothing else yet. */
  AnsweringInstance(Path pipeline, ServerSettings settings) {
    CompiledPipeline compiled =
        Definitions.read(List.of(pipeline), new PrintWriter(System.err, true)).orElseThrow().get(0);
    registry = new ConfluentRegistry(settings.registry());
    run = new PipelineRun(compiled, settings, registry, Clock.systemUTC());
    http = new HttpServer(settings.http(), run);
    watching = new Thread(this::watch, "watching");
  }

  /**
   * Settings with state of its own, and a group that misses a dead member after 6 s instead of 15.
   */
  static ServerSettings settings(String brokers, URI registry, Path stateDir) {
    return new ServerSettings(
        brokers,
        registry,
        stateDir,
        Map.of(),
        (short) 1,
        0,
        ServerSettings.STATE_MEMORY,
        Duration.ofSeconds(6),
        new HttpSettings(Optional.of(0), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /** The topology starts; nobody looks at the ledger yet. */
  AnsweringInstance start() {
    run.start(Optional.of(http.advertised()));
    return this;
  }

  AnsweringInstance watchLedger() {
    watching.start();
    return this;
  }

  private void watch() {
    while (!closing) {
      run.progress(NEWS);
    }
  }

  String url() {
    return http.url();
  }

  boolean isOpenToOthers() {
    return http.isOpenToOthers();
  }

  static boolean isReady(String url) {
    return HttpReply.get(url + "/health/ready").status() == 200;
  }

  @Override
  public void close() {
    closing = true;
    http.close();
    try {
      watching.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run.close();
    try {
      registry.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code PIPELINE BROKERS REGISTRY STATE-DIR}, until it is killed. */
  public static void main(String[] args) {
    ServerSettings settings = settings(args[1], URI.create(args[2]), Path.of(args[3]));
    AnsweringInstance instance = new AnsweringInstance(Path.of(args[0]), settings);
    instance.start().watchLedger();
    System.err.println("Answering at " + instance.url());
  }
}
