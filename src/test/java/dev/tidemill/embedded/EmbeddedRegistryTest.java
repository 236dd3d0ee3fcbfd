package dev.tidemill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Through Confluent's own client: it decides what the interface is. */
@Timeout(60)
class EmbeddedRegistryTest {
  private static EmbeddedBroker broker;

  private EmbeddedRegistry registry;
  private CachedSchemaRegistryClient client;
  private String subject;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.temporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start(TestInfo test) {
    subject = test.getTestMethod().orElseThrow().getName() + "-value";
    open();
  }

  private void open() {
    registry = new EmbeddedRegistry(broker.bootstrapServers());
    client = new CachedSchemaRegistryClient(registry.url().toString(), 10);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static AvroSchema record(String... fields) {
    return new AvroSchema(
        "{\"type\":\"record\",\"name\":\"Flight\",\"fields\":[" + String.join(",", fields) + "]}");
  }

  private static String field(String name, String type) {
    return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\"}";
  }

  private static final String ORIGIN = field("origin", "string");
  private static final String DELAY = field("delay", "int");

  @Test
  void a_registered_schema_is_found_by_its_id() throws Exception {
    int id = client.register(subject, record(ORIGIN));
    client.reset();
    assertThat(client.getSchemaById(id)).isEqualTo(record(ORIGIN));
  }

  @Test
  void equal_schemas_have_one_id_in_all_subjects() throws Exception {
    int id = client.register(subject, record(ORIGIN, DELAY));
    assertThat(client.register("another-" + subject, record(ORIGIN, DELAY))).isEqualTo(id);
  }

  @Test
  void ids_and_versions_outlive_the_registry() throws Exception {
    int id = client.register(subject, record(ORIGIN));
    registry.close();
    open();
    assertThat(client.getId(subject, record(ORIGIN))).isEqualTo(id);
    assertThat(client.getVersion(subject, record(ORIGIN))).isEqualTo(1);
  }

  @Test
  void the_latest_version_is_the_last_registered() throws Exception {
    client.register(subject, record(ORIGIN, DELAY));
    client.register(subject, record(ORIGIN));
    assertThat(client.getLatestSchemaMetadata(subject).getVersion()).isEqualTo(2);
    assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
  }

  @Test
  void a_schema_that_can_not_read_old_data_is_refused() throws Exception {
    client.register(subject, record(ORIGIN));
    assertThatThrownBy(() -> client.register(subject, record(ORIGIN, DELAY)))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getErrorCode()).isEqualTo(409))
        .hasMessageContaining("READER_FIELD_MISSING_DEFAULT_VALUE")
        .hasMessageContaining("delay");
  }

  @Test
  void a_subjects_own_level_is_kept_and_obeyed() throws Exception {
    client.register(subject, record(ORIGIN));
    client.updateCompatibility(subject, "NONE");
    registry.close();
    open();
    assertThat(client.getCompatibility(subject)).isEqualTo("NONE");
    assertThat(client.register(subject, record(DELAY))).isPositive();
  }

  @Test
  void the_level_of_all_subjects_is_backward() throws Exception {
    assertThat(client.getCompatibility(null)).isEqualTo("BACKWARD");
  }

  @Test
  void an_unknown_subject_is_40401() {
    assertThatThrownBy(() -> client.getLatestSchemaMetadata("nobody"))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getErrorCode()).isEqualTo(40401));
  }

  @Test
  void an_unknown_schema_is_40403() {
    assertThatThrownBy(() -> client.getSchemaById(4711))
        .isInstanceOfSatisfying(
            RestClientException.class, e -> assertThat(e.getErrorCode()).isEqualTo(40403));
  }

  @Test
  void a_subjects_name_may_hold_any_character() throws Exception {
    String odd = "a b/+%-" + subject;
    client.register(odd, record(ORIGIN));
    assertThat(client.getAllSubjects()).contains(odd);
    assertThat(client.getAllVersions(odd)).containsExactly(1);
  }

  /** As text, since Confluent's own classes for it are not in the client that Flink republishes. */
  @Test
  void a_schema_that_is_not_avro_is_kept_with_its_type_and_outlives_the_registry()
      throws Exception {
    String proto = "syntax = \"proto3\"; message Flight { string origin = 1; }";
    RestService rest = new RestService(registry.url().toString());
    int id = rest.registerSchema(proto, "PROTOBUF", List.of(), subject).getId();
    assertThat(rest.registerSchema(proto, "PROTOBUF", List.of(), subject).getId()).isEqualTo(id);
    registry.close();
    open();
    var found = new RestService(registry.url().toString()).getId(id);
    assertThat(found.getSchemaType()).isEqualTo("PROTOBUF");
    assertThat(found.getSchemaString()).isEqualTo(proto);
  }

  @Test
  void a_change_can_be_tested_before() throws Exception {
    client.register(subject, record(ORIGIN));
    assertThat(client.testCompatibility(subject, record(ORIGIN, DELAY))).isFalse();
    assertThat(client.testCompatibility(subject, record())).isTrue();
  }

  @Test
  void every_embedded_part_starts_at_once() {
    try (Embedded embedded = Embedded.start(Optional.empty())) {
      assertThat(embedded.settings().stateDir()).isEmptyDirectory();
      assertThat(embedded.settings().kafka()).isEqualTo(Map.of("fetch.max.wait.ms", "100"));
    }
  }
}
