package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BoundedHttpTest {
  private final BoundedHttp http = new BoundedHttp(Duration.ofSeconds(30), 1_000);

  private void exchange(String url) {
    http.exchange(HttpRequest.newBuilder(URI.create(url)).build(), "GET it");
  }

  @Test
  void a_server_that_does_not_run_is_told_in_words() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(() -> exchange("http://127.0.0.1:" + port + "/"))
        .isInstanceOf(TransientException.class)
        .hasMessage("GET it: nothing answers there; check 'url', and that the server runs");
  }

  @Test
  void a_host_that_is_not_known_is_told_in_words() {
    assertThatThrownBy(() -> exchange("http://no-such-host.invalid/"))
        .isInstanceOf(TransientException.class)
        .hasMessage("GET it: its host has no address; check 'url', and the network");
  }
}
