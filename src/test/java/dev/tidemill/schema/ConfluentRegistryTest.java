package dev.tidemill.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConfluentRegistryTest {
  private static final Schema SCHEMA = Rows.record("{'name': 'a', 'type': 'int'}");

  private record Answer(int status, String body) {}

  private final Map<String, Answer> answers = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private HttpServer server;
  private ConfluentRegistry registry;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          requests.add(exchange.getRequestMethod() + " " + path);
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          Answer answer = answers.getOrDefault(path, new Answer(404, "<html>no</html>"));
          byte[] body = answer.body().getBytes(UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    registry = new ConfluentRegistry(url("me:secret@", server.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
    server.stop(0);
  }

  @Test
  void a_registered_schema_has_the_registrys_id() {
    answers.put("/subjects/t-value/versions", new Answer(200, "{\"id\": 42}"));
    assertThat(registry.register("t-value", SCHEMA)).isEqualTo(42);
  }

  @Test
  void the_same_registration_is_asked_once() {
    answers.put("/subjects/t-value/versions", new Answer(200, "{\"id\": 42}"));
    registry.register("t-value", SCHEMA);
    registry.register("t-value", SCHEMA);
    assertThat(requests).hasSize(1);
  }

  @Test
  void user_and_password_are_sent() {
    answers.put("/subjects/t-value/versions", new Answer(200, "{\"id\": 42}"));
    registry.register("t-value", SCHEMA);
    assertThat(authorizations).containsExactly("Basic bWU6c2VjcmV0");
  }

  @Test
  void an_incompatible_schema_is_unavailable_with_subject_and_reason() {
    answers.put(
        "/subjects/t-value/versions",
        new Answer(409, "{\"error_code\": 409, \"message\": \"field 'b' has no default\"}"));
    assertThatThrownBy(() -> registry.register("t-value", SCHEMA))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("'t-value'")
        .hasMessageContaining("field 'b' has no default");
  }

  @Test
  void a_schema_is_found_by_its_id() throws DecodeException {
    answers.put("/schemas/ids/7", new Answer(200, schemaAnswer("")));
    assertThat(registry.byId(7)).isEqualTo(SCHEMA);
  }

  @Test
  void an_unknown_id_is_a_data_error() {
    unknownId();
    assertThatThrownBy(() -> registry.byId(7))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("schema id 7 is not in the registry");
  }

  @Test
  void an_unknown_id_is_not_asked_for_every_record() {
    unknownId();
    assertThatThrownBy(() -> registry.byId(7)).isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> registry.byId(7)).isInstanceOf(DecodeException.class);
    assertThat(requests).hasSize(1);
  }

  @Test
  void a_schema_of_another_kind_is_a_data_error() {
    answers.put("/schemas/ids/7", new Answer(200, schemaAnswer(", \"schemaType\": \"PROTOBUF\"")));
    assertThatThrownBy(() -> registry.byId(7))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("PROTOBUF");
  }

  @Test
  void referenced_schemas_are_fetched_too() throws DecodeException {
    answers.put(
        "/schemas/ids/7",
        new Answer(
            200,
            """
            {"schema": "{\\"type\\": \\"record\\", \\"name\\": \\"R\\", \\"fields\\":
                [{\\"name\\": \\"e\\", \\"type\\": \\"E\\"}]}",
             "references": [{"name": "E", "subject": "e", "version": 1}]}
            """
                .replace("\n    ", "")));
    answers.put(
        "/subjects/e/versions/1",
        new Answer(
            200,
            """
            {"subject": "e", "version": 1, "id": 3,
             "schema": "{\\"type\\": \\"enum\\", \\"name\\": \\"E\\", \\"symbols\\": [\\"A\\"]}"}
            """));
    assertThat(registry.byId(7).getField("e").schema().getEnumSymbols()).containsExactly("A");
  }

  @Test
  void a_web_server_at_a_wrong_url_is_no_data_error() {
    assertThatThrownBy(() -> registry.byId(7)).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void an_error_of_the_server_is_infrastructure() {
    answers.put(
        "/schemas/ids/7", new Answer(500, "{\"error_code\": 50001, \"message\": \"store\"}"));
    assertThatThrownBy(() -> registry.byId(7))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("store");
  }

  @Test
  void an_unreachable_registry_is_named_without_its_password() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (ConfluentRegistry nobody = new ConfluentRegistry(url("me:secret@", port))) {
      assertThatThrownBy(() -> nobody.byId(7))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("http://localhost:" + port)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void a_registry_that_does_not_answer_in_time_is_infrastructure() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ConfluentRegistry slow =
            new ConfluentRegistry(
                url("", silent.getLocalPort()), Duration.ofSeconds(1), Duration.ofMillis(50))) {
      assertThatThrownBy(() -> slow.byId(7)).isInstanceOf(RegistryUnavailableException.class);
    }
  }

  @Test
  void an_unknown_subject_has_no_latest_schema() {
    answers.put(
        "/subjects/t-value/versions/latest",
        new Answer(404, "{\"error_code\": 40401, \"message\": \"Subject not found\"}"));
    assertThat(registry.latest("t-value")).isEmpty();
  }

  @Test
  void the_latest_schema_of_a_subject_is_found() {
    answers.put("/subjects/t-value/versions/latest", new Answer(200, schemaAnswer(", \"id\": 3")));
    assertThat(registry.latest("t-value")).contains(SCHEMA);
  }

  private void unknownId() {
    answers.put(
        "/schemas/ids/7", new Answer(404, "{\"error_code\": 40403, \"message\": \"not found\"}"));
  }

  private static String schemaAnswer(String more) {
    return "{\"schema\": \"" + SCHEMA.toString().replace("\"", "\\\"") + "\"" + more + "}";
  }

  private static URI url(String userInfo, int port) {
    return URI.create("http://" + userInfo + "localhost:" + port);
  }
}
