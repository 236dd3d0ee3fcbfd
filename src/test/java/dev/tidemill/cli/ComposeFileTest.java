package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.ServerSettingsReader;
import dev.tidemill.sql.CompiledPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docker-compose.yml holds together, and is what the manual says; none of it needs an engine. */
final class ComposeFileTest {
  private static final Path MANUAL = Path.of("docs/cluster.md");
  private static final Path PIPELINE = Path.of("examples/flights-postgres/pipeline.yaml");
  private static final Path SERVER = Path.of("examples/flights-postgres/server.yaml");

  private final ComposeFile compose = ComposeFile.read();
  private final ComposeFile.Service tidemill = compose.service("tidemill");

  @Test
  void it_has_a_broker_a_registry_a_database_and_tidemill() {
    assertThat(compose.services()).containsOnlyKeys("kafka", "registry", "postgres", "tidemill");
  }

  @Test
  void every_image_is_of_a_stated_version() {
    assertThat(compose.services().values())
        .extracting(ComposeFile.Service::image)
        .allSatisfy(image -> assertThat(image).matches("[a-z/-]+:(\\d+(\\.\\d+)+|local)"));
  }

  @Test
  void a_service_that_others_wait_for_says_when_it_is_ready() {
    assertThat(compose.services().values().stream().flatMap(s -> s.waitsFor().stream()).distinct())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(compose.service(name).healthCheck()).isPresent());
  }

  @Test
  void the_service_leaves_health_to_the_image() {
    assertThat(tidemill.healthCheck()).isEmpty();
    assertThat(tidemill.environment()).doesNotContainKey("TIDEMILL_HTTP_PORT");
  }

  @Test
  void every_volume_is_of_a_service() {
    assertThat(compose.services().values().stream().flatMap(s -> s.mounts().stream()))
        .map(mount -> mount.split(":")[0])
        .filteredOn(source -> !source.startsWith("."))
        .containsExactlyInAnyOrderElementsOf(compose.volumes());
  }

  @Test
  void its_command_can_be_typed_and_names_files_that_it_mounts() {
    assertThat(tidemill.mounts()).contains("./examples:/examples:ro");
    assertThat(tidemill.command()).containsExactly("run", "/" + PIPELINE, "--config", "/" + SERVER);
    Main.commandLine().parseArgs(tidemill.command().toArray(String[]::new));
    assertThat(PIPELINE).isRegularFile();
    assertThat(SERVER).isRegularFile();
  }

  @Test
  void its_pipeline_is_valid_with_the_variables_that_it_sets() {
    assertThat(CompiledPipeline.check(PIPELINE, tidemill.environment()::get).problems()).isEmpty();
  }

  @Test
  void its_pipeline_is_that_of_the_demo_with_another_target() throws IOException {
    assertThat(Files.readString(PIPELINE).replaceFirst("^#.*\n", "").replace("../flights/", ""))
        .isEqualTo(
            Files.readString(Path.of("examples/flights/pipeline.yaml"))
                .replaceFirst("^#.*\n", "")
                .replaceFirst(
                    "- duckdb:.*",
                    "- postgres: {url: \"\\${env:PG_URL}\", table: daily_departures}"));
  }

  @Test
  void its_server_file_names_its_services_and_its_volume() {
    ServerSettingsReader.Result read =
        ServerSettingsReader.read(Optional.of(SERVER), tidemill.environment()::get);
    assertThat(read.problems()).isEmpty();
    ServerSettings server = read.settings().orElseThrow();
    assertThat(server.brokers())
        .isEqualTo(
            compose
                .service("kafka")
                .environment()
                .get("KAFKA_ADVERTISED_LISTENERS")
                .replace("PLAINTEXT://", ""));
    assertThat(server.registry().getHost()).isEqualTo("registry");
    assertThat(tidemill.mounts()).contains("tidemill-state:" + server.stateDir());
  }

  @Test
  void its_database_is_the_one_that_the_url_names() {
    var database = compose.service("postgres").environment();
    assertThat(tidemill.environment().get("PG_URL"))
        .isEqualTo(
            "jdbc:postgresql://postgres:5432/%s?user=%s&password=%s"
                .formatted(
                    database.get("POSTGRES_DB"),
                    database.get("POSTGRES_USER"),
                    database.get("POSTGRES_PASSWORD")));
  }

  @Test
  void the_manual_names_every_service_and_its_image() throws IOException {
    String manual = Files.readString(MANUAL);
    assertThat(compose.services().values())
        .allSatisfy(
            service ->
                assertThat(manual)
                    .contains("| `%s` | `%s` |".formatted(service.name(), service.image())));
  }

  @Test
  void what_the_image_is_built_from_is_there_and_sent_to_the_engine() throws IOException {
    List<String> sent =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> copied =
        Pattern.compile("(?m)^COPY (?!--from)(.*) \\S+$")
            .matcher(Files.readString(Path.of("Dockerfile")))
            .results()
            .flatMap(copy -> List.of(copy.group(1).split(" ")).stream())
            .toList();
    assertThat(copied).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(copied).allSatisfy(path -> assertThat(Path.of(path)).exists());
  }
}
