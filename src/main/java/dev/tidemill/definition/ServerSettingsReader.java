package dev.tidemill.definition;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the server file. {@code TIDEMILL_BROKERS} and so on come before what is written there; the
 * first three are enough without a file; {@code TIDEMILL_HTTP_PORT} and so on come before its
 * {@code http}.
 */
public final class ServerSettingsReader {
  private static final List<String> ALLOWED = List.of("security.", "ssl.", "sasl.", "client.");
  private static final long LEAST_STATE_MEMORY = 16 << 20; // bytes
  // What brokers accept by default: group.min.session.timeout.ms, group.max.session.timeout.ms.
  private static final Duration SHORTEST_SESSION = Duration.ofSeconds(6);
  private static final Duration LONGEST_SESSION = Duration.ofMinutes(30);
  private static final Path NO_FILE = Path.of("environment");

  /**
   * @param settings present if there is no problem
   */
  public record Result(Optional<ServerSettings> settings, List<Problem> problems) {}

  private final Problems problems;
  private final Environment environment;
  private final Optional<Section> server;

  private ServerSettingsReader(
      Problems problems, Environment environment, Optional<Section> server) {
    this.problems = problems;
    this.environment = environment;
    this.server = server;
  }

  /**
   * @param file empty if everything comes from the environment
   * @param variables gives null for one that is not set
   */
  public static Result read(Optional<Path> file, Function<String, String> variables) {
    Environment environment = new Environment(variables);
    Problems problems = new Problems(file.orElse(NO_FILE), environment);
    Path folder = YamlFile.folder(file.orElse(NO_FILE));
    Optional<Section> server =
        file.flatMap(
            path -> {
              YamlFile yaml = YamlFile.read(path, problems);
              Document document = new Document(folder, yaml.text(), problems, environment);
              return yaml.root().flatMap(r -> document.section(r, List.of(), Vocabulary.SERVER));
            });
    boolean unreadable = file.isPresent() && server.isEmpty();
    Optional<ServerSettings> settings =
        unreadable
            ? Optional.empty()
            : new ServerSettingsReader(problems, environment, server).settings(folder);
    List<Problem> found = problems.sorted();
    return new Result(found.isEmpty() ? settings : Optional.empty(), found);
  }

  /** What the variables say of HTTP, for a process that brings its own brokers. */
  public static HttpSettings http(Function<String, String> variables, List<Problem> found) {
    Environment environment = new Environment(variables);
    Problems problems = new Problems(NO_FILE, environment);
    HttpSettings http = new HttpSettingsReader(problems, environment, Optional.empty()).settings();
    found.addAll(problems.sorted());
    return http;
  }

  /** The same of extractors. */
  public static ExtractSettings extract(Function<String, String> variables, List<Problem> found) {
    Environment environment = new Environment(variables);
    Problems problems = new Problems(NO_FILE, environment);
    ExtractSettings extract =
        new ExtractSettingsReader(problems, environment).settings(Optional.empty(), NO_FILE);
    found.addAll(problems.sorted());
    return extract;
  }

  private Optional<ServerSettings> settings(Path folder) {
    Optional<String> brokers = setting("brokers", "host:9092", text -> text);
    Optional<URI> registry =
        setting("registry", "http://host:8081", ServerSettingsReader::registry);
    boolean stateDirFromEnvironment = environment.get(variable("state-dir")).isPresent();
    Optional<Path> stateDir =
        setting(
            "state-dir",
            "/var/lib/tidemill",
            text ->
                stateDirFromEnvironment
                    ? Path.of(text).toAbsolutePath().normalize()
                    : folder.resolve(text).normalize());
    Optional<Short> replicationFactor =
        optional("replication-factor", (short) -1, ServerSettingsReader::replicationFactor);
    Optional<Integer> standbys = optional("standbys", 0, ServerSettingsReader::standbys);
    Optional<Long> stateMemory =
        optional("state-memory", ServerSettings.STATE_MEMORY, ServerSettingsReader::stateMemory);
    Optional<Duration> sessionTimeout =
        optional(
            "session-timeout",
            ServerSettings.SESSION_TIMEOUT,
            ServerSettingsReader::sessionTimeout);
    Map<String, String> kafka = kafka();
    HttpSettings http =
        new HttpSettingsReader(
                problems,
                environment,
                server.filter(s -> s.has("http")).flatMap(s -> s.section("http", Vocabulary.HTTP)))
            .settings();
    ExtractSettings extract =
        new ExtractSettingsReader(problems, environment)
            .settings(
                server
                    .filter(s -> s.has("extract"))
                    .flatMap(s -> s.section("extract", Vocabulary.EXTRACT)),
                folder);
    List<ListenerSettings> listeners =
        server
            .filter(s -> s.has("listeners"))
            .map(s -> new ListenersReader(folder).read(s))
            .orElse(List.of());
    if (brokers.isEmpty()
        || registry.isEmpty()
        || stateDir.isEmpty()
        || replicationFactor.isEmpty()
        || standbys.isEmpty()
        || stateMemory.isEmpty()
        || sessionTimeout.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ServerSettings(
            brokers.get(),
            registry.get(),
            stateDir.get(),
            kafka,
            replicationFactor.get(),
            standbys.get(),
            stateMemory.get(),
            sessionTimeout.get(),
            http,
            listeners,
            extract));
  }

  private <T> Optional<T> setting(String key, String example, Text.Parser<T> parser) {
    Optional<String> variable = fromEnvironment(key);
    if (variable.isPresent()) {
      return parsed(key, variable.get(), parser);
    }
    if (server.filter(s -> s.has(key)).isPresent()) {
      return server.get().text(key, parser);
    }
    problems.add(
        Position.START,
        "'%s' is not set; write '%s: %s' in the server file or set %s"
            .formatted(key, key, example, variable(key)));
    return Optional.empty();
  }

  private Optional<String> fromEnvironment(String key) {
    return environment.get(variable(key)).filter(value -> !value.isBlank());
  }

  private <T> Optional<T> parsed(String key, String fromEnvironment, Text.Parser<T> parser) {
    try {
      return Optional.of(parser.parse(fromEnvironment));
    } catch (IllegalArgumentException e) {
      problems.add(Position.START, variable(key) + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  static String variable(String key) {
    return "TIDEMILL_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static URI registry(String url) {
    try {
      URI uri = new URI(url);
      if (uri.getScheme() != null && uri.getScheme().matches("https?|mock")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, without the URL: it may hold a password.
    }
    throw new IllegalArgumentException(
        "the registry's URL is not one; write http://host:8081 or https://host:8081");
  }

  /** Empty if what is written there is a problem. */
  private <T> Optional<T> optional(String key, T otherwise, Text.Parser<T> parser) {
    Optional<String> variable = fromEnvironment(key);
    if (variable.isPresent()) {
      return parsed(key, variable.get(), parser);
    }
    if (server.filter(s -> s.has(key)).isEmpty()) {
      return Optional.of(otherwise);
    }
    return server.get().scalar(key).flatMap(text -> text.as(parser));
  }

  private static short replicationFactor(String text) {
    if (text.matches("-1|[1-9][0-9]?")) {
      return Short.parseShort(text);
    }
    throw new IllegalArgumentException(
        "'%s' is not a number of replicas; write 1 to 99, or -1 for the broker's default"
            .formatted(text));
  }

  private static int standbys(String text) {
    if (text.matches("[0-9]")) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        "'%s' is not a number of copies; write 0 to 9".formatted(text));
  }

  private static long stateMemory(String text) {
    long bytes = BytesText.parse(text);
    if (bytes < LEAST_STATE_MEMORY) {
      throw new IllegalArgumentException(
          "'%s' is too little for any pipeline; write 16MB or more".formatted(text));
    }
    return bytes;
  }

  private static Duration sessionTimeout(String text) {
    Duration timeout = DurationText.parse(text);
    if (timeout.compareTo(SHORTEST_SESSION) < 0 || timeout.compareTo(LONGEST_SESSION) > 0) {
      throw new IllegalArgumentException(
          "'%s' is not a session timeout that brokers accept; write 6s to 30m".formatted(text));
    }
    return timeout;
  }

  private Map<String, String> kafka() {
    Map<String, String> properties = new LinkedHashMap<>();
    server
        .filter(s -> s.has("kafka"))
        .flatMap(s -> s.named("kafka"))
        .ifPresent(
            kafka -> {
              for (String name : kafka.names()) {
                kafka.checkName(name, ServerSettingsReader::allowed);
                kafka.scalar(name).ifPresent(value -> properties.put(name, value.value()));
              }
            });
    return properties;
  }

  private static String allowed(String property) {
    if (ALLOWED.stream().noneMatch(property::startsWith)) {
      throw new IllegalArgumentException(
          "'%s' can not be set here: Tidemill's promises rest on it; allowed are %s"
              .formatted(property, String.join("*, ", ALLOWED) + "*"));
    }
    return property;
  }
}
