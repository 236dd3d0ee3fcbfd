package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemill.batch.TestClock;
import dev.tidemill.definition.ApiRequest;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.extract.ApiServer.Asked;
import dev.tidemill.extract.ApiServer.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each kind of answer, and what is sent where. */
@Timeout(60)
class ApiClientTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SECRET = "hunter2-hunter2";

  @TempDir Path folder;
  private final ApiServer server = new ApiServer(asked -> Reply.json("[]"));
  private final TestClock clock = new TestClock(NOW);

  @AfterEach
  void stop() {
    server.close();
  }

  private Origin.Api origin(String... http) {
    String all = "url: " + server.url() + "/orders\n" + String.join("\n", http);
    return (Origin.Api)
        new ApiFixture(folder, "unused", "orders").definition(all).sources().get(0).origin();
  }

  private ApiClient client(String... http) {
    return new ApiClient(origin(http).request(), clock);
  }

  private static ApiAnswer ask(ApiClient client, ApiRequest request) {
    return client.ask(request.url(), request.body(), request + " page 3");
  }

  private ApiAnswer ask(String... http) {
    ApiRequest request = origin(http).request();
    return ask(new ApiClient(request, clock), request);
  }

  private TransientException busy(String... http) {
    return catchThrowableOfType(TransientException.class, () -> ask(http));
  }

  private Unavailable refused(String... http) {
    return catchThrowableOfType(Unavailable.class, () -> ask(http));
  }

  private Asked last() {
    return server.asked().get(server.asked().size() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          429 | 7                             | PT7S
          503 | 120                           | PT2M
          503 | Thu, 01 Jan 2026 00:00:30 GMT | PT30S
          429 | Wed, 31 Dec 2025 00:00:00 GMT | PT0S
          429 | 86400                         | PT15M
          429 | Sat, 01 Jan 2050 00:00:00 GMT | PT15M
          429 | soon                          | PT0S
          500 | 5                             | PT5S
          408 |                               | PT0S
          """)
  void a_busy_server_is_left_alone_for_as_long_as_it_says(int status, String after, Duration wait) {
    Reply reply = Reply.status(status, "later");
    server.answering(asked -> after == null ? reply : reply.with("Retry-After", after));
    assertThat(busy()).hasMessageContaining("status " + status + ": later");
    assertThat(busy().atLeast()).isEqualTo(wait);
  }

  @Test
  void no_answer_may_become_one() {
    String url = server.url() + "/orders";
    server.close();
    ApiRequest request = origin().request();
    assertThatThrownBy(() -> ask(new ApiClient(request, clock), request))
        .isInstanceOf(TransientException.class)
        .hasMessageStartingWith("GET " + url + " page 3: ");
  }

  @Test
  void an_answer_that_takes_too_long_may_be_faster_another_time() {
    CountDownLatch never = new CountDownLatch(1);
    server.answering(
        asked -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Reply.json("[]");
        });
    assertThat(busy("timeout: 50ms")).hasMessageContaining("50 ms");
  }

  @Test
  void an_answer_that_is_cut_may_be_whole_another_time() {
    server.answering(asked -> Reply.json("[1, 2, 3]").cutTo(4));
    assertThat(busy()).isNotNull();
  }

  @Test
  void a_refusal_is_told_with_method_and_url_without_query_and_the_beginning_of_the_answer() {
    server.answering(asked -> Reply.status(404, "no\nsuch " + "x".repeat(1000)));
    assertThat(refused("query: {key: \"${env:SECRET}\"}"))
        .hasMessageStartingWith("GET " + server.url() + "/orders page 3: status 404: no such xxx")
        .hasMessageNotContaining("x".repeat(193));
  }

  @ParameterizedTest
  @CsvSource({"301, GET", "302, GET", "303, GET", "307, GET", "308, POST"})
  void a_redirect_is_followed(int status, String method) {
    server.answering(
        asked ->
            asked.path().equals("/orders")
                ? Reply.status(status, "").with("Location", "/elsewhere?a=b")
                : Reply.json("[1]"));
    String[] http =
        method.equals("POST") ? new String[] {"method: POST", "body: '{\"a\": 1}'"} : new String[0];
    assertThat(ask(http).body()).asString(UTF_8).isEqualTo("[1]");
    assertThat(last().query()).containsEntry("a", "b");
    assertThat(last().method()).isEqualTo(method);
  }

  @Test
  void a_post_does_not_become_a_get() {
    server.answering(asked -> Reply.status(302, "").with("Location", "/elsewhere"));
    assertThat(refused("method: POST", "body: '{}'")).hasMessageContaining("status 302");
  }

  @Test
  void redirects_without_an_end_are_not_followed() {
    server.answering(asked -> Reply.status(302, "").with("Location", "/orders"));
    assertThat(refused()).hasMessageContaining("more than 5 times");
    assertThat(server.asked()).hasSize(6);
  }

  @Test
  void a_host_that_is_not_allowed_is_not_asked() {
    try (ApiServer other = new ApiServer(asked -> Reply.json("[]"))) {
      server.answering(asked -> Reply.status(302, "").with("Location", other.url() + "/x"));
      assertThat(refused())
          .hasMessageContaining("127.0.0.1:" + other.port())
          .hasMessageContaining("allowed-hosts");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void a_body_is_sent_to_no_other_host_even_if_it_is_allowed() {
    try (ApiServer other = new ApiServer(asked -> Reply.json("[]"))) {
      server.answering(asked -> Reply.status(307, "").with("Location", other.url() + "/x"));
      assertThat(
              refused(
                  "allowed-hosts: [\"127.0.0.1\"]",
                  "method: POST",
                  "body: '{\"secret\": \"hunter2-hunter2\"}'"))
          .hasMessageContaining("status 307")
          .hasMessageContaining("127.0.0.1:" + other.port());
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void a_link_to_another_host_is_not_followed() {
    ApiClient client = client();
    assertThatThrownBy(
            () ->
                client.ask(URI.create("https://files.example.com/p2"), Optional.empty(), "page 2"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("page 2: it leads to files.example.com:443");
  }

  @Test
  void another_host_that_is_allowed_is_shown_nothing_secret() {
    try (ApiServer other = new ApiServer(asked -> Reply.json("[]"))) {
      server.answering(asked -> Reply.status(302, "").with("Location", other.url() + "/x"));
      ask(
          "allowed-hosts: [\"127.0.0.1:" + other.port() + "\"]",
          "auth: {bearer: \"${env:SECRET}\"}",
          "headers: {X-Key: \"${env:SECRET}\"}");
      assertThat(last().headers().values().toString()).contains(SECRET);
      assertThat(other.asked())
          .singleElement()
          .satisfies(
              asked ->
                  assertThat(asked.headers().values().toString())
                      .contains("application/json")
                      .doesNotContain(SECRET));
    }
  }

  @Test
  void nothing_leads_from_https_to_http() {
    ApiClient client = client("insecure: true");
    URI plain = URI.create(server.url() + "/orders");
    URI safe = URI.create("https://127.0.0.1:" + server.port() + "/orders");
    client.requireAllowed(plain, safe, "what");
    assertThatThrownBy(() -> client.requireAllowed(safe, plain, "what"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("http://127.0.0.1");
  }

  @Test
  void plain_http_stays_on_this_machine() {
    ApiClient client = client("allowed-hosts: [files.example.com]");
    URI here = URI.create(server.url());
    client.requireAllowed(here, URI.create("https://files.example.com/x"), "what");
    assertThatThrownBy(
            () -> client.requireAllowed(here, URI.create("http://files.example.com/x"), "what"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("http://files.example.com");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          basic: {user: mill, password: "${env:SECRET}"} | Authorization | Basic bWlsbDpodW50ZXIyLWh1bnRlcjI=
          bearer: "${env:SECRET}"                        | Authorization | Bearer hunter2-hunter2
          header: {name: X-Key, value: "${env:SECRET}"}  | X-Key         | hunter2-hunter2
          """)
  void a_request_shows_that_it_may_be_made(String auth, String header, String value) {
    ask("auth: {" + auth + "}");
    assertThat(last().headers().getFirst(header)).isEqualTo(value);
  }

  private static final String OAUTH2 =
      "auth: {oauth2: {token-url: \"%s/token\", client-id: \"a b\", client-secret: \"${env:SECRET}\", scope: all}}";

  /** Tokens that are numbered; what is asked with another one than the last is refused. */
  private Function<Asked, Reply> tokens(AtomicInteger given, int expiresIn) {
    return asked -> {
      if (asked.path().equals("/token")) {
        return Reply.json(
            "{\"access_token\": \"token-%d\", \"token_type\": \"Bearer\", \"expires_in\": %d}"
                .formatted(given.incrementAndGet(), expiresIn));
      }
      boolean isLast =
          ("Bearer token-" + given.get()).equals(asked.headers().getFirst("Authorization"));
      return isLast ? Reply.json("[]") : Reply.status(401, "expired");
    };
  }

  @Test
  void a_token_is_got_with_the_clients_credentials_and_kept_until_shortly_before_it_expires() {
    AtomicInteger given = new AtomicInteger();
    server.answering(tokens(given, 600));
    ApiRequest request = origin(OAUTH2.formatted(server.url())).request();
    ApiClient client = new ApiClient(request, clock);
    ask(client, request);
    Asked token = server.asked().get(0);
    assertThat(token.method()).isEqualTo("POST");
    assertThat(token.body()).isEqualTo("grant_type=client_credentials&scope=all");
    assertThat(token.headers().getFirst("Authorization"))
        .isEqualTo(
            "Basic " + Base64.getEncoder().encodeToString(("a+b:" + SECRET).getBytes(UTF_8)));
    clock.set(NOW.plusSeconds(569));
    ask(client, request);
    assertThat(given).hasValue(1);
    clock.set(NOW.plusSeconds(570));
    ask(client, request);
    assertThat(given).hasValue(2);
  }

  @Test
  void a_token_that_is_refused_is_renewed_once() {
    AtomicInteger given = new AtomicInteger();
    server.answering(tokens(given, 600));
    ApiRequest request = origin(OAUTH2.formatted(server.url())).request();
    ApiClient client = new ApiClient(request, clock);
    ask(client, request);
    given.incrementAndGet(); // revoked
    ask(client, request);
    assertThat(given).hasValue(3);
    server.answering(
        asked ->
            asked.path().equals("/token")
                ? tokens(given, 600).apply(asked)
                : Reply.status(401, "never " + asked.headers().getFirst("Authorization")));
    assertThatThrownBy(() -> ask(client, request))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("status 401: never Bearer ***; check 'auth'");
    assertThat(given).hasValue(4);
  }

  @Test
  void a_server_that_gives_no_token_is_told() {
    server.answering(asked -> Reply.status(400, "invalid_client"));
    assertThat(refused(OAUTH2.formatted(server.url())))
        .hasMessageContaining("POST " + server.url() + ": status 400: invalid_client");
    server.answering(asked -> Reply.json("{}"));
    assertThat(refused(OAUTH2.formatted(server.url()))).hasMessageContaining("access_token");
    server.answering(asked -> Reply.json("oops"));
    assertThat(refused(OAUTH2.formatted(server.url()))).hasMessageContaining("not JSON");
  }

  private static byte[] packed(int bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(" ".repeat(bytes).getBytes(UTF_8));
    }
    return packed.toByteArray();
  }

  @Test
  void a_packed_answer_is_unpacked_up_to_the_limit() throws IOException {
    Reply fits = new Reply(200, Map.of("Content-Encoding", "gzip"), packed(1024));
    server.answering(asked -> fits);
    assertThat(ask("max-response: 1KB").body()).hasSize(1024);
    assertThat(last().headers().getFirst("Accept-Encoding")).isEqualTo("gzip");
    Reply bomb = new Reply(200, Map.of("Content-Encoding", "gzip"), packed(1025));
    server.answering(asked -> bomb);
    assertThat(refused("max-response: 1KB"))
        .hasMessageContaining("more than 1024 bytes")
        .hasMessageContaining("max-response");
  }

  @Test
  void an_answer_that_is_too_large_is_not_read_to_its_end() {
    server.answering(asked -> Reply.json(" ".repeat(1025)));
    assertThat(refused("max-response: 1KB")).hasMessageContaining("more than 1024 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br"})
  void an_answer_that_is_packed_otherwise_is_told(String encoding) {
    server.answering(asked -> Reply.json("[1, 2]").with("Content-Encoding", encoding));
    assertThat(refused()).hasMessageContaining("gzip");
  }

  /** Everything that was sent comes back, as on a page for developers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth: {basic: {user: mill, password: \"${env:SECRET}\"}}",
        "auth: {bearer: \"${env:SECRET}\"}",
        "auth: {header: {name: X-Key, value: \"${env:SECRET}\"}}",
        "headers: {X-Key: \"${env:SECRET}\"}",
        "query: {key: \"${env:SECRET}\"}",
        "url: \"%s/${env:SECRET}\""
      })
  void no_message_has_a_secret(String http) {
    server.answering(
        asked ->
            Reply.status(400, asked.path() + " " + asked.query() + " " + asked.headers().values()));
    String written = http.formatted(server.url());
    Origin.Api origin = written.startsWith("url") ? whole(written) : origin(written);
    ApiPages.Request request = new ApiPages(origin).request(ApiPlace.START, Optional.empty());
    ApiClient client = new ApiClient(origin.request(), clock);
    assertThatThrownBy(() -> client.ask(request.url(), request.body(), origin.request().toString()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("***")
        .satisfies(thrown -> assertThat(secretsIn(thrown.getMessage())).isEmpty());
    assertThat(
            secretsIn(
                origin.toString() + origin.summary() + origin.request() + origin.request().auth()))
        .isEmpty();
  }

  private Origin.Api whole(String http) {
    return (Origin.Api)
        new ApiFixture(folder, "unused", "orders").definition(http).sources().get(0).origin();
  }

  private static List<String> secretsIn(String text) {
    String encoded = Base64.getEncoder().encodeToString(("mill:" + SECRET).getBytes(UTF_8));
    return List.of(SECRET, encoded).stream().filter(text::contains).toList();
  }
}
