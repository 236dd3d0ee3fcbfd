package dev.tidemill.cli;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.ServerSettingsReader;
import dev.tidemill.embedded.Embedded;
import java.io.PrintWriter;
import java.nio.file.Path;
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

  /**
   * @return empty if the server file has problems, which are printed then
   */
  Optional<Opened> open(PrintWriter err) {
    if (where.embedded) {
      Embedded embedded = Embedded.start(Optional.ofNullable(dataDir).map(Path::toAbsolutePath));
      return Optional.of(new Opened(embedded.settings(), Optional.of(embedded)));
    }
    if (dataDir != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--data-dir belongs to --embedded; add it, or see 'state-dir' of --config");
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
    return result.settings().map(settings -> new Opened(settings, Optional.empty()));
  }
}
