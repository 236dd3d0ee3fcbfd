package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsReaderTest {
  private static final String YAML =
      """
      brokers: one:9092,two:9092
      registry: http://registry:8081
      state-dir: state
      replication-factor: 3
      standbys: 1
      state-memory: 64MB
      session-timeout: 20s
      kafka:
        security.protocol: SASL_SSL
        sasl.jaas.config: "password=${env:PASSWORD};"
        ssl.engine.cache: true
      """;
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "TIDEMILL_BROKERS", "three:9092",
          "TIDEMILL_REGISTRY", "https://other:8081",
          "TIDEMILL_STATE_DIR", "/var/lib/mill");

  @TempDir Path folder;

  @Test
  void reads_a_file() throws IOException {
    assertThat(read(YAML, Map.of("PASSWORD", "hunter2")).settings())
        .contains(
            new ServerSettings(
                "one:9092,two:9092",
                URI.create("http://registry:8081"),
                folder.toAbsolutePath().resolve("state"),
                Map.of(
                    "security.protocol", "SASL_SSL",
                    "sasl.jaas.config", "password=hunter2;",
                    "ssl.engine.cache", "true"),
                (short) 3,
                1,
                64 << 20,
                Duration.ofSeconds(20),
                HttpSettings.NONE));
  }

  @Test
  void the_environment_alone_is_enough() {
    assertThat(ServerSettingsReader.read(Optional.empty(), ENVIRONMENT::get).settings())
        .contains(
            new ServerSettings(
                "three:9092",
                URI.create("https://other:8081"),
                Path.of("/var/lib/mill"),
                Map.of(),
                (short) -1));
  }

  @Test
  void the_environment_comes_before_the_file() throws IOException {
    assertThat(read("brokers: one:9092", ENVIRONMENT).settings())
        .get()
        .returns("three:9092", ServerSettings::brokers);
  }

  @Test
  void everything_that_is_missing_is_named_with_both_ways_to_set_it() {
    assertThat(ServerSettingsReader.read(Optional.empty(), name -> null).problems())
        .extracting(Problem::message)
        .containsExactly(
            "'brokers' is not set; write 'brokers: host:9092' in the server file or set"
                + " TIDEMILL_BROKERS",
            "'registry' is not set; write 'registry: http://host:8081' in the server file or set"
                + " TIDEMILL_REGISTRY",
            "'state-dir' is not set; write 'state-dir: /var/lib/tidemill' in the server file or"
                + " set TIDEMILL_STATE_DIR");
  }

  @Test
  void a_property_that_promises_rest_on_is_refused() throws IOException {
    assertThat(read("kafka: {acks: 0, ssl.protocol: TLS}", ENVIRONMENT).problems())
        .extracting(problem -> problem.position() + ": " + problem.message())
        .containsExactly(
            "1:9: 'acks' can not be set here: Tidemill's promises rest on it; allowed are"
                + " security.*, ssl.*, sasl.*, client.*");
  }

  @Test
  void base_directories_are_folders_and_a_variable_comes_before_the_file() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    String yaml = "extract: {base-directories: [data, nowhere]}";
    assertThat(read(yaml, ENVIRONMENT).problems())
        .extracting(problem -> problem.position() + ": " + problem.message())
        .containsExactly("1:36: 'nowhere' is no folder; name one that is there");
    assertThat(read("extract: {base-directories: [data]}", ENVIRONMENT).settings())
        .get()
        .returns(List.of(data.toAbsolutePath()), settings -> settings.extract().baseDirectories());
    Map<String, String> variables = new HashMap<>(ENVIRONMENT);
    variables.put("TIDEMILL_EXTRACT_BASE_DIRECTORIES", folder + ":" + data);
    assertThat(read(yaml, variables).settings())
        .get()
        .returns(
            List.of(folder.toAbsolutePath(), data.toAbsolutePath()),
            settings -> settings.extract().baseDirectories());
    assertThat(read("extract: {base-directories: []}", ENVIRONMENT).problems())
        .extracting(Problem::message)
        .containsExactly("allows no folder; name one, or remove the key");
  }

  @Test
  void extractors_have_a_rate_and_a_variable_comes_before_the_file() throws IOException {
    assertThat(read("extract: {rate: 5000/s}", ENVIRONMENT).settings())
        .get()
        .returns(Optional.of("5000/s"), settings -> settings.extract().rate().map(Rate::toString));
    assertThat(read("extract: {rate: fast}", ENVIRONMENT).problems())
        .extracting(problem -> problem.position() + ": " + problem.message())
        .containsExactly(
            "1:17: 'fast' is not a rate; write a number of rows and s, m or h, such as 5000/s or"
                + " 100/m");
    Map<String, String> variables = new HashMap<>(ENVIRONMENT);
    variables.put("TIDEMILL_EXTRACT_RATE", "100/m");
    assertThat(read("extract: {rate: 5000/s}", variables).settings())
        .get()
        .returns(Optional.of("100/m"), settings -> settings.extract().rate().map(Rate::toString));
    variables.put("TIDEMILL_EXTRACT_RATE", "none");
    assertThat(read("standbys: 0", variables).problems())
        .extracting(Problem::message)
        .containsExactly(
            "TIDEMILL_EXTRACT_RATE: '${env:TIDEMILL_EXTRACT_RATE}' is not a rate; write a number of"
                + " rows and s, m or h, such as 5000/s or 100/m");
  }

  @Test
  void an_unknown_key_is_refused() throws IOException {
    assertThat(read("broker: a:1", ENVIRONMENT).problems())
        .extracting(Problem::message)
        .containsExactly("unknown key 'broker'; did you mean 'brokers'?");
  }

  @Test
  void a_bad_registry_is_refused_without_showing_it() {
    Map<String, String> variables = Map.of("TIDEMILL_REGISTRY", "user:hunter2@registry");
    assertThat(ServerSettingsReader.read(Optional.empty(), variables::get).problems().toString())
        .contains("TIDEMILL_REGISTRY: the registry's URL is not one")
        .doesNotContain("hunter2");
  }

  @Test
  void a_bad_replication_factor_is_refused() throws IOException {
    assertThat(read("replication-factor: 0", ENVIRONMENT).problems())
        .extracting(Problem::message)
        .containsExactly(
            "'0' is not a number of replicas; write 1 to 99, or -1 for the broker's default");
  }

  @Test
  void a_bad_number_of_standbys_is_refused() throws IOException {
    assertThat(read("standbys: many", ENVIRONMENT).problems())
        .extracting(Problem::message)
        .containsExactly("'many' is not a number of copies; write 0 to 9");
  }

  @Test
  void memory_has_a_unit_and_a_variable_comes_before_the_file() throws IOException {
    assertThat(read("state-memory: 1GB", ENVIRONMENT).settings())
        .get()
        .returns(1L << 30, ServerSettings::stateMemory);
    Map<String, String> variables = new HashMap<>(ENVIRONMENT);
    variables.put("TIDEMILL_STATE_MEMORY", "32768KB");
    assertThat(read("state-memory: 1GB", variables).settings())
        .get()
        .returns(32L << 20, ServerSettings::stateMemory);
  }

  @Test
  void an_amount_of_memory_that_is_none_is_refused_where_it_is_written() throws IOException {
    assertThat(read("standbys: 1\nstate-memory: 256", ENVIRONMENT).problems())
        .extracting(problem -> problem.position() + ": " + problem.message())
        .containsExactly(
            "2:15: '256' is not an amount of memory; write a number with KB, MB or GB, such as"
                + " 256MB");
    Map<String, String> variables = new HashMap<>(ENVIRONMENT);
    variables.put("TIDEMILL_STATE_MEMORY", "1MB");
    assertThat(read("standbys: 1", variables).problems())
        .extracting(Problem::message)
        .containsExactly(
            "TIDEMILL_STATE_MEMORY: '${env:TIDEMILL_STATE_MEMORY}' is too little for any pipeline;"
                + " write 16MB or more");
  }

  @Test
  void a_session_timeout_has_a_variable_and_the_limits_of_the_brokers() throws IOException {
    Map<String, String> variables = new HashMap<>(ENVIRONMENT);
    variables.put("TIDEMILL_SESSION_TIMEOUT", "1m");
    assertThat(read("session-timeout: 20s", variables).settings())
        .get()
        .returns(Duration.ofMinutes(1), ServerSettings::sessionTimeout);
    for (String text : List.of("5s", "31m")) {
      assertThat(read("session-timeout: " + text, ENVIRONMENT).problems())
          .extracting(problem -> problem.position() + ": " + problem.message())
          .containsExactly(
              "1:18: '%s' is not a session timeout that brokers accept; write 6s to 30m"
                  .formatted(text));
    }
    assertThat(read("session-timeout: 20", ENVIRONMENT).problems())
        .extracting(Problem::message)
        .containsExactly(
            "'20' is not a duration; write a number with ms, s, m, h or d, such as 30s or 2h");
  }

  @Test
  void secrets_are_not_shown() throws IOException {
    assertThat(read(YAML, Map.of("PASSWORD", "hunter2")).settings().toString())
        .doesNotContain("hunter2");
  }

  @Test
  void http_comes_from_the_file_and_from_variables_before_it() throws IOException {
    String yaml =
        "http: {port: 8080, host: 0.0.0.0, advertised: \"mill-1:8080\", token: 0123456789abcdef}";
    assertThat(read(yaml, ENVIRONMENT).settings())
        .get()
        .returns(
            new HttpSettings(
                Optional.of(8080),
                Optional.of("0.0.0.0"),
                Optional.of("mill-1:8080"),
                Optional.of("0123456789abcdef")),
            ServerSettings::http);
    Map<String, String> variables = new HashMap<>(ENVIRONMENT);
    variables.put("TIDEMILL_HTTP_PORT", "9090");
    assertThat(read(yaml, variables).settings())
        .get()
        .returns(Optional.of(9090), settings -> settings.http().port())
        .returns(Optional.of("0.0.0.0"), settings -> settings.http().host());
  }

  @Test
  void without_http_there_is_none() throws IOException {
    assertThat(read("brokers: one:9092", ENVIRONMENT).settings())
        .get()
        .returns(HttpSettings.NONE, ServerSettings::http);
  }

  @Test
  void what_is_wrong_with_http_is_named_and_a_token_is_not_shown() throws IOException {
    String yaml = "http: {port: 99999, host: 'a/b', advertised: mill, token: short, tls: on}";
    ServerSettingsReader.Result result = read(yaml, ENVIRONMENT);
    assertThat(result.problems())
        .extracting(Problem::message)
        .containsExactlyInAnyOrder(
            "'99999' is no port; write 1 to 65535, or 0 for any that is free",
            "'a/b' is no address to bind to; write 127.0.0.1, 0.0.0.0 or a host's name",
            "'mill' is no address for others; write host:port, such as mill-1.example.org:8080",
            "the token must have at least 16 characters, printable ASCII without spaces; make one"
                + " with: openssl rand -hex 32",
            "unknown key 'tls'; known keys are port, host, advertised, token");
    assertThat(read("http: {token: 0123456789abcdef}", ENVIRONMENT).settings().toString())
        .doesNotContain("0123456789abcdef");
  }

  private ServerSettingsReader.Result read(String yaml, Map<String, String> variables)
      throws IOException {
    Path file = Files.writeString(folder.resolve("server.yaml"), yaml);
    return ServerSettingsReader.read(Optional.of(file), variables::get);
  }
}
