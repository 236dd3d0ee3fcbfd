package dev.tidemill.cli;

import dev.tidemill.definition.ExtractSettings;
import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.Problem;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.ServerSettingsReader;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.embedded.Embedded;
import dev.tidemill.embedded.EmbeddedBroker;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which cluster a command works with. */
final class ServerOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(exclusive = true)
  private Where where = new Where();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "With --embedded: where broker, registry and state outlive the process. Without it they are"
              + " temporary.")
  private Path dataDir;

  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      description = "With --embedded: the broker's port on 127.0.0.1 (default: any that is free).")
  private Optional<Integer> brokerPort = Optional.empty();

  static final class Where {
    @Option(
        names = "--config",
        paramLabel = "SERVER.yaml",
        description =
            "Brokers, registry and state directory (default: the file that TIDEMILL_CONFIG names, or"
                + " TIDEMILL_BROKERS, TIDEMILL_REGISTRY, TIDEMILL_STATE_DIR).")
    private Path config;

    @Option(names = "--embedded", description = "Start a broker and a registry in this process.")
    private boolean embedded;
  }

  /** What was started for the command; closed when it ends. */
  record Opened(ServerSettings settings, Optional<Embedded> embedded) implements AutoCloseable {
    @Override
    public void close() {
      embedded.ifPresent(Embedded::close);
    }
  }

  /** Whether there is any word of a cluster, be it in the environment. */
  boolean isGiven() {
    return isTyped()
        || System.getenv("TIDEMILL_CONFIG") != null
        || System.getenv("TIDEMILL_BROKERS") != null;
  }

  /** Whether there is one on the command line. */
  boolean isTyped() {
    return where.config != null || where.embedded || dataDir != null || brokerPort.isPresent();
  }

  /**
   * @return empty if the server file has problems, which are printed then
   */
  Optional<Opened> open(PrintWriter err) {
    if (where.embedded) {
      return Optional.of(embedded(err));
    }
    if (dataDir != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--data-dir belongs to --embedded; add it, or see 'state-dir' of --config");
    }
    if (brokerPort.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--broker-port belongs to --embedded; add it, or see 'brokers' of --config");
    }
    Optional<Path> config =
        Optional.ofNullable(where.config)
            .or(() -> Optional.ofNullable(System.getenv("TIDEMILL_CONFIG")).map(Path::of));
    if (config.isEmpty() && System.getenv("TIDEMILL_BROKERS") == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Which Kafka? Give --config SERVER.yaml (or TIDEMILL_BROKERS), or --embedded to start a broker"
              + " in this process.");
    }
    ServerSettingsReader.Result result = ServerSettingsReader.read(config, System::getenv);
    result.problems().forEach(err::println);
    result.settings().ifPresent(settings -> requireLasting(settings.stateDir()));
    return result.settings().map(settings -> new Opened(settings, Optional.empty()));
  }

  /**
   * As {@link #open}, for a command that only looks: an embedded broker must hold something.
   *
   * @throws Unavailable if no run has left anything in the data folder
   */
  Optional<Opened> openExisting(PrintWriter err) {
    if (where.embedded && dataDir == null) {
      throw new ParameterException(
          spec.commandLine(),
          "A new embedded broker is empty. Give the --data-dir of the run that is meant.");
    }
    if (where.embedded && !Files.isDirectory(dataDir.resolve("kafka"))) {
      throw new Unavailable(
          dataDir + " is not the --data-dir of a run: there is no broker's data in it");
    }
    return open(err);
  }

  private Opened embedded(PrintWriter err) {
    int port = brokerPort.orElse(EmbeddedBroker.FREE);
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--broker-port " + port + " is no port; give 1 to 65535");
    }
    Optional<Path> folder = Optional.ofNullable(dataDir).map(Path::toAbsolutePath);
    List<Problem> problems = new ArrayList<>();
    HttpSettings http = ServerSettingsReader.http(System::getenv, problems);
    ExtractSettings extract = ServerSettingsReader.extract(System::getenv, problems);
    if (!problems.isEmpty()) {
      throw new ParameterException(spec.commandLine(), problems.get(0).message());
    }
    err.println(
        "Starting a broker and a schema registry in this process"
            + folder.map(f -> ", with the data in " + f).orElse("")
            + " ...");
    Embedded embedded = Embedded.start(folder, port);
    return new Opened(
        embedded.settings().withHttp(http).withExtract(extract), Optional.of(embedded));
  }

  /** Whatever cleans up the temporary folder would take the state away from a running pipeline. */
  private static void requireLasting(Path stateDir) {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().normalize();
    if (stateDir.startsWith(temporary)) {
      throw new Unavailable(
          "the state directory "
              + stateDir
              + " is in the temporary folder "
              + temporary
              + ", which the system may clear at any time; set 'state-dir' (TIDEMILL_STATE_DIR) to"
              + " a folder that stays");
    }
  }
}
