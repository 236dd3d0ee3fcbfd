package dev.tidemill.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of Confluent's HTTP interface that clients use to write and read. */
final class RegistryCalls {
  private static final List<String> TYPES = List.of(SchemaVersion.AVRO, "JSON", "PROTOBUF");

  private final Subjects subjects;

  RegistryCalls(Subjects subjects) {
    this.subjects = subjects;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "subjects", (p, body) -> subjects.names()),
        Route.of("POST", "subjects/*/versions", (p, body) -> register(p.get(0), body)),
        Route.of("POST", "subjects/*", (p, body) -> subjects.lookUp(p.get(0), schema(body))),
        Route.of("GET", "subjects/*/versions", (p, body) -> versions(p.get(0))),
        Route.of("GET", "subjects/*/versions/*", (p, b) -> subjects.version(p.get(0), p.get(1))),
        Route.of("GET", "schemas/ids/*", (p, body) -> byId(p.get(0))),
        Route.of("POST", "compatibility/subjects/*/versions/*", (p, b) -> test(p.get(0), b)),
        Route.of("GET", "config", (p, body) -> Map.of("compatibilityLevel", subjects.level())),
        Route.of("GET", "config/*", (p, body) -> level(p.get(0))),
        Route.of("PUT", "config", (p, body) -> change(Optional.empty(), body)),
        Route.of("PUT", "config/*", (p, body) -> change(Optional.of(p.get(0)), body)));
  }

  private Object register(String subject, JsonNode body) {
    return Map.of("id", subjects.register(subject, schema(body)).id());
  }

  private Object versions(String subject) {
    return subjects.versions(subject).stream().map(SchemaVersion::version).toList();
  }

  private Object byId(String id) {
    if (!id.matches("[0-9]{1,9}")) {
      throw RegistryError.unknownSchema(id);
    }
    Subjects.Text schema = subjects.schema(Integer.parseInt(id));
    return schema.isAvro()
        ? Map.of("schema", schema.schema())
        : Map.of("schema", schema.schema(), "schemaType", schema.type());
  }

  private Object test(String subject, JsonNode body) {
    List<String> clashes = subjects.clashes(subject, schema(body));
    return Map.of("is_compatible", clashes.isEmpty(), "messages", clashes);
  }

  private Object level(String subject) {
    return Map.of(
        "compatibilityLevel",
        subjects.level(subject).orElseThrow(() -> RegistryError.noConfig(subject)));
  }

  private Object change(Optional<String> subject, JsonNode body) {
    Compatibility level = Compatibility.named(text(body, "compatibility"));
    subjects.change(subject, level);
    return Map.of("compatibility", level);
  }

  private static Subjects.Text schema(JsonNode body) {
    String type = body.path("schemaType").asText(SchemaVersion.AVRO);
    if (!TYPES.contains(type)) {
      throw RegistryError.invalidSchema("the embedded registry knows " + TYPES + ", not " + type);
    }
    if (!body.path("references").isEmpty()) {
      throw RegistryError.invalidSchema("the embedded registry knows no references");
    }
    return new Subjects.Text(type, text(body, "schema"));
  }

  private static String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isTextual()) {
      throw RegistryError.invalidRequest("'" + field + "' is missing");
    }
    return value.asText();
  }
}
