package dev.tidemill.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.batch.Batch;
import dev.tidemill.query.QueryProblem;
import dev.tidemill.topology.ShareReads.Portion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HttpPeersTest {
  private static final Batch BATCH =
      new Batch(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"));

  @Test
  @Timeout(30)
  void an_instance_that_hangs_within_its_answer_is_not_waited_for() throws Exception {
    CompletableFuture<Socket> hanging = new CompletableFuture<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread peer = new Thread(() -> beginAnswer(server, hanging), "hanging-peer");
      peer.start();
      HostInfo owner = new HostInfo("127.0.0.1", server.getLocalPort());
      assertThatThrownBy(
              () ->
                  new HttpPeers("daily", Optional.empty())
                      .read(owner, 0, BATCH, Portion.group(new byte[0])))
          .isInstanceOf(QueryProblem.class)
          .hasMessageContaining("has share 0, but does not answer");
      hanging.join().close();
      peer.join();
    }
  }

  private static void beginAnswer(ServerSocket server, CompletableFuture<Socket> hanging) {
    try {
      Socket socket = server.accept();
      hanging.complete(socket);
      socket
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\0".getBytes(US_ASCII));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      hanging.completeExceptionally(e);
    }
  }
}
