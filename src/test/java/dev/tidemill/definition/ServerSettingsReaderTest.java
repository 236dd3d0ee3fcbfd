package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
                (short) 3));
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
  void secrets_are_not_shown() throws IOException {
    assertThat(read(YAML, Map.of("PASSWORD", "hunter2")).settings().toString())
        .doesNotContain("hunter2");
  }

  private ServerSettingsReader.Result read(String yaml, Map<String, String> variables)
      throws IOException {
    Path file = Files.writeString(folder.resolve("server.yaml"), yaml);
    return ServerSettingsReader.read(Optional.of(file), variables::get);
  }
}
