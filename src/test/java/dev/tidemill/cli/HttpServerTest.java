package dev.tidemill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.ServerSettings;
import dev.tidemill.definition.Unavailable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask, and where it listens. No pipeline runs yet. */
final class HttpServerTest {
  private static final String TOKEN = "0123456789abcdef";

  @TempDir private Path folder;

  @Test
  void with_a_token_only_health_is_told_without_it() {
    try (AnsweringInstance instance = listening(Optional.empty(), Optional.of(TOKEN))) {
      String url = instance.url();
      assertThat(HttpReply.get(url + "/api/pipelines").problem())
          .isEqualTo("401 give the server's token: Authorization: Bearer <http.token>");
      assertThat(HttpReply.get(url + "/api/pipelines", "wrong").status()).isEqualTo(401);
      assertThat(HttpReply.post(url + "/api/pipelines/p/batches/b/shares/0").status())
          .isEqualTo(401);
      assertThat(HttpReply.get(url + "/metrics").status()).isEqualTo(401);
      assertThat(HttpReply.get(url + "/health/live").status()).isEqualTo(200);
      assertThat(HttpReply.get(url + "/health/ready").status()).isEqualTo(503);
      assertThat(HttpReply.get(url + "/api/pipelines", TOKEN).status()).isEqualTo(200);
      assertThat(HttpReply.get(url + "/metrics", TOKEN).status()).isEqualTo(200);
    }
  }

  @Test
  void what_is_asked_before_the_pipeline_runs_is_to_be_asked_again() {
    try (AnsweringInstance instance = listening(Optional.empty(), Optional.empty())) {
      HttpReply reply = HttpReply.get(instance.url() + "/api/pipelines/flights-per-origin/batches");
      assertThat(reply.problem())
          .isEqualTo("503 the pipeline is starting; /health/ready tells when it is ready");
      assertThat(reply.headers().firstValue("Retry-After")).contains("1");
    }
  }

  @Test
  void it_is_open_to_others_only_if_it_is_told_to_be_and_has_no_token() {
    Optional<String> all = Optional.of("0.0.0.0");
    try (AnsweringInstance here = listening(Optional.empty(), Optional.empty());
        AnsweringInstance open = listening(all, Optional.empty());
        AnsweringInstance guarded = listening(all, Optional.of(TOKEN))) {
      assertThat(here.url()).startsWith("http://127.0.0.1:");
      assertThat(here.isOpenToOthers()).isFalse();
      assertThat(open.isOpenToOthers()).isTrue();
      assertThat(guarded.isOpenToOthers()).isFalse();
    }
  }

  @Test
  void a_port_that_is_taken_is_named() {
    try (AnsweringInstance first = listening(Optional.empty(), Optional.empty())) {
      int port = URI.create(first.url()).getPort();
      HttpSettings same = HttpSettings.NONE.or(Optional.of(port), Optional.empty());
      assertThatThrownBy(() -> new AnsweringInstance(pipeline(), settings(same)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("nothing can listen at 127.0.0.1, port " + port);
    }
  }

  private AnsweringInstance listening(Optional<String> host, Optional<String> token) {
    HttpSettings http = new HttpSettings(Optional.of(0), host, Optional.empty(), token);
    return new AnsweringInstance(pipeline(), settings(http));
  }

  private Path pipeline() {
    return Project.in(folder).intoDuckDb().data("flights.csv", FewFlights.CSV).pipeline();
  }

  private ServerSettings settings(HttpSettings http) {
    return AnsweringInstance.settings(
            "localhost:1", URI.create("http://localhost:1"), folder.resolve("state"))
        .withHttp(http);
  }
}
