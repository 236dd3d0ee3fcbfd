package dev.tidemill.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published JSON Schema and the parser know the same language. */
class PipelineSchemaTest {
  private static final Path FILE = Path.of("schemas/pipeline.schema.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode SCHEMA = read();
  private static final JsonSchema VALIDATOR =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SCHEMA);

  /** What a schema can not judge: YAML itself, other files, calendars, and what goes with what. */
  private static final Set<String> BEYOND_A_SCHEMA =
      Set.of(
          "api-body-is-not-json",
          "api-headers",
          "api-in-plain-http",
          "api-place-in-no-body",
          "api-with-a-secret-in-its-url",
          "array-in-csv",
          "record-in-csv",
          "amend-after-without-amend",
          "cron-out-of-range",
          "cron-that-never-happens",
          "dedupe-by-unknown-field",
          "dedupe-of-files-without-key",
          "dedupe-with-another-key",
          "complete-after-by-the-wall",
          "complete-after-of-files-read-once",
          "demand-without-room",
          "duplicate-target",
          "every-with-a-last-year",
          "early-and-gates",
          "early-as-long-as-a-day",
          "early-longer-than-a-batch",
          "early-too-often",
          "function-with-no-jar",
          "functions-differ-in-case",
          "event-time-does-not-exist",
          "event-time-is-nested",
          "event-time-is-no-time",
          "event-time-pattern-invalid",
          "event-time-pattern-without-am",
          "event-time-pattern-without-month",
          "event-time-with-needless-format",
          "event-time-zone-unknown",
          "jdbc-no-driver",
          "jdbc-url-with-a-secret",
          "key-does-not-exist",
          "key-is-nested",
          "length-of-a-fraction",
          "length-of-years",
          "manifest-in-the-middle",
          "no-manifest",
          "no-file-matches",
          "no-folder",
          "no-schema-file",
          "offset-as-long-as-the-batch",
          "offset-of-a-cron",
          "path-to-no-field",
          "postgres-url-with-a-secret",
          "queries-without-load",
          "record-timestamp-with-format",
          "records-deduped-by-time",
          "schedule-of-reboot-in-a-zone",
          "schedule-that-never-happens",
          "schema-infer",
          "schema-is-half",
          "schema-is-no-record",
          "schema-with-unknown-type",
          "secret-in-a-wrong-place",
          "sources-differ-in-case",
          "string-with-a-wide-schema",
          "unknown-zone",
          "variable-in-a-block",
          "variable-not-set",
          "versions-in-parts",
          "variable-without-env",
          "wildcard-in-folder-without-files",
          "zone-like-no-other");

  static final List<Keys> VOCABULARY = Vocabulary.ALL;

  @ParameterizedTest
  @FieldSource("VOCABULARY")
  void has_the_keys_that_the_parser_knows(Keys keys) {
    assertThat(names(definition(keys).get("properties")))
        .containsExactlyInAnyOrderElementsOf(keys.supported());
  }

  @ParameterizedTest
  @FieldSource("VOCABULARY")
  void requires_the_keys_that_the_parser_requires(Keys keys) {
    List<String> required = new ArrayList<>();
    definition(keys).path("required").forEach(name -> required.add(name.textValue()));
    assertThat(required).containsExactlyInAnyOrderElementsOf(keys.required());
  }

  @ParameterizedTest
  @FieldSource("VOCABULARY")
  void allows_no_other_keys(Keys keys) {
    assertThat(definition(keys).get("additionalProperties").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @FieldSource("VOCABULARY")
  void describes_every_key_for_editors(Keys keys) {
    assertThat(definition(keys).get("properties"))
        .allSatisfy(
            property -> assertThat(property.has("description") || described(property)).isTrue());
  }

  @Test
  void has_no_mapping_that_the_parser_does_not_know() {
    assertThat(names(SCHEMA.get("$defs")).stream().filter(PipelineSchemaTest::isMapping))
        .containsExactlyInAnyOrderElementsOf(VOCABULARY.stream().map(Keys::name).toList());
  }

  @ParameterizedTest
  @MethodSource("dev.tidemill.definition.Examples#good")
  void accepts_what_the_parser_accepts(Path yaml) throws IOException {
    assertThat(VALIDATOR.validate(json(yaml))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("refusedByBoth")
  void refuses_what_the_parser_refuses(Path yaml) throws IOException {
    assertThat(VALIDATOR.validate(json(yaml))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("beyondASchema")
  void accepts_what_only_the_parser_can_judge(Path yaml) throws IOException {
    assertThat(VALIDATOR.validate(json(yaml))).isEmpty();
  }

  static Stream<Path> refusedByBoth() {
    return Examples.bad().stream()
        .filter(yaml -> isYaml(yaml) && !BEYOND_A_SCHEMA.contains(name(yaml)));
  }

  static Stream<Path> beyondASchema() {
    return Examples.bad().stream().filter(yaml -> BEYOND_A_SCHEMA.contains(name(yaml)));
  }

  private static String name(Path yaml) {
    return yaml.getFileName().toString().replace(".yaml", "");
  }

  private static boolean isYaml(Path yaml) {
    try {
      json(yaml);
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isMapping(String definition) {
    return SCHEMA.get("$defs").get(definition).path("type").asText().equals("object");
  }

  private static boolean described(JsonNode property) {
    String name = property.path("$ref").asText().replace("#/$defs/", "");
    return SCHEMA.get("$defs").path(name).has("description");
  }

  private static JsonNode definition(Keys keys) {
    return SCHEMA.get("$defs").get(keys.name());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode json(Path yaml) throws IOException {
    Object loaded = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(yaml));
    return JSON.valueToTree(loaded);
  }

  private static JsonNode read() {
    try {
      return JSON.readTree(FILE.toFile());
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
