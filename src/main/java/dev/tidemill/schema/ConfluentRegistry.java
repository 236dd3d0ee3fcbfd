package dev.tidemill.schema;

import dev.tidemill.definition.Unavailable;
import dev.tidemill.schema.RegisteredSchema.Language;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.security.basicauth.UserInfoCredentialProvider;

/**
 * A registry with Confluent's HTTP interface. The only class that touches Confluent's client, which
 * has its own, relocated Avro: schemas cross over as text. Thread-safe.
 */
public final class ConfluentRegistry implements Registry, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REMEMBER_REFUSALS = Duration.ofSeconds(60);

  private final URI url;
  private final RestService rest;
  private final RefusedIds refused = new RefusedIds(REMEMBER_REFUSALS, System::nanoTime);
  private final Map<Integer, RegisteredSchema> texts = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
  private final Map<Registration, Integer> registered = new ConcurrentHashMap<>();

  private record Registration(String subject, Schema schema) {}

  /**
   * Does not connect yet.
   *
   * @param url the base URL; user and password may be in it, and are not shown in any message
   */
  public ConfluentRegistry(URI url) {
    this(url, CONNECT_TIMEOUT, READ_TIMEOUT);
  }

  ConfluentRegistry(URI url, Duration connectTimeout, Duration readTimeout) {
    this.url = withoutCredentials(url);
    this.rest = new RestService(this.url.toString());
    rest.setHttpConnectTimeoutMs((int) connectTimeout.toMillis());
    rest.setHttpReadTimeoutMs((int) readTimeout.toMillis());
    if (url.getUserInfo() != null) {
      UserInfoCredentialProvider credentials = new UserInfoCredentialProvider();
      credentials.configure(Map.of(SchemaRegistryClientConfig.USER_INFO_CONFIG, url.getUserInfo()));
      rest.setBasicAuthCredentialProvider(credentials);
    }
  }

  private static URI withoutCredentials(URI url) {
    try {
      return new URI(
          url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the registry's URL can not be used", e);
    }
  }

  @Override
  public int register(String subject, Schema schema) {
    Registration registration = new Registration(subject, schema);
    Integer id = registered.get(registration);
    if (id != null) {
      return id;
    }
    try {
      id = rest.registerSchema(schema.toString(), subject);
    } catch (RestClientException e) {
      throw registrationFailure(subject, e);
    } catch (IOException e) {
      throw noAnswer(e);
    }
    registered.put(registration, id);
    byId.put(id, schema);
    return id;
  }

  private RuntimeException registrationFailure(String subject, RestClientException e) {
    return switch (e.getStatus()) {
      case 409 ->
          new Unavailable(
              "the registry at %s refuses the schema of subject '%s', which clashes with an earlier"
                      .formatted(url, subject)
                  + " one: %s. Make the change compatible, or relax the subject's compatibility rule"
                      .formatted(e.getMessage()),
              e);
      case 401, 403 ->
          new Unavailable(
              "the registry at %s does not let us register subject '%s': %s. Check user and password"
                  .formatted(url, subject, e.getMessage()),
              e);
      case 400, 422 ->
          new Unavailable(
              "the registry at %s can not use the schema of subject '%s': %s"
                  .formatted(url, subject, e.getMessage()),
              e);
      default -> noAnswer(e);
    };
  }

  @Override
  public Schema byId(int id) throws DecodeException {
    Schema schema = byId.get(id);
    if (schema == null) {
      refused.check(id);
      try {
        schema = avro(id, registered(id));
      } catch (DecodeException e) {
        refused.add(id, e.getMessage());
        throw e;
      }
      byId.put(id, schema);
    }
    return schema;
  }

  private static Schema avro(int id, RegisteredSchema found) throws DecodeException {
    if (found.language() != Language.AVRO) {
      throw new DecodeException("schema id " + id + " is " + found.language() + ", not Avro");
    }
    try {
      return parse(found.text(), found.imports());
    } catch (AvroRuntimeException e) {
      throw new DecodeException("schema id " + id + " can not be read: " + e.getMessage());
    }
  }

  @Override
  public RegisteredSchema registered(int id) throws DecodeException {
    RegisteredSchema schema = texts.get(id);
    if (schema == null) {
      refused.check(id);
      try {
        schema = fetch(id);
      } catch (DecodeException e) {
        refused.add(id, e.getMessage());
        throw e;
      }
      texts.put(id, schema);
    }
    return schema;
  }

  private RegisteredSchema fetch(int id) throws DecodeException {
    try {
      SchemaString found = rest.getId(id);
      return new RegisteredSchema(
          language(id, found.getSchemaType()),
          found.getSchemaString(),
          imports(found.getReferences()));
    } catch (RestClientException e) {
      if (saysUnknown(e)) {
        throw new DecodeException("schema id " + id + " is not in the registry at " + url);
      }
      throw noAnswer(e);
    } catch (IOException e) {
      throw noAnswer(e);
    }
  }

  private static Language language(int id, String type) throws DecodeException {
    for (Language language : Language.values()) {
      if (type == null || language.name().equals(type)) {
        return language; // Avro is the first, and the registry's default
      }
    }
    throw new DecodeException("schema id " + id + " is of an unknown type, " + type);
  }

  /** Defaults and names of others' schemas are not ours to judge. */
  private static Schema parse(String text, Map<String, String> imports) {
    Schema.Parser parser =
        new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
    imports.values().forEach(parser::parse);
    return parser.parse(text);
  }

  private Map<String, String> imports(List<SchemaReference> references)
      throws IOException, RestClientException {
    Map<String, String> imports = new LinkedHashMap<>();
    addImports(references, imports);
    return imports;
  }

  private void addImports(List<SchemaReference> references, Map<String, String> imports)
      throws IOException, RestClientException {
    if (references == null) {
      return;
    }
    for (SchemaReference reference : references) {
      if (!imports.containsKey(reference.getName())) {
        var schema = rest.getVersion(reference.getSubject(), reference.getVersion());
        addImports(schema.getReferences(), imports);
        imports.put(reference.getName(), schema.getSchema());
      }
    }
  }

  @Override
  public Optional<Schema> latest(String subject) {
    try {
      var found = rest.getLatestVersion(subject);
      boolean isAvro = found.getSchemaType() == null || found.getSchemaType().equals("AVRO");
      if (!isAvro) {
        throw new Unavailable(
            "subject '%s' in the registry at %s is %s, not Avro"
                .formatted(subject, url, found.getSchemaType()));
      }
      return Optional.of(parse(found.getSchema(), imports(found.getReferences())));
    } catch (RestClientException e) {
      if (saysUnknown(e)) {
        return Optional.empty();
      }
      throw noAnswer(e);
    } catch (IOException e) {
      throw noAnswer(e);
    } catch (AvroRuntimeException e) {
      throw new Unavailable(
          "the last schema of subject '%s' in the registry at %s can not be read: %s"
              .formatted(subject, url, e.getMessage()),
          e);
    }
  }

  /** The registry's own word (404, 40401 to 40403); not that of a web server at a wrong URL. */
  private static boolean saysUnknown(RestClientException e) {
    boolean own = e.getErrorCode() == 404 || e.getErrorCode() / 100 == 404;
    return e.getStatus() == 404 && own;
  }

  private RegistryUnavailableException noAnswer(Exception e) {
    return new RegistryUnavailableException(
        "the schema registry at %s did not answer: %s. Is it running, and is the URL right?"
            .formatted(url, e.getMessage() == null ? e : e.getMessage()),
        e);
  }

  @Override
  public void close() throws IOException {
    rest.close();
  }
}
