package dev.tidemill.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * An HTTP API in a process of its own, which gives the lines of a file as JSON, in numbered pages.
 */
final class ApiProcess implements AutoCloseable {
  static final int PAGE = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Forked process;
  private final String url;

  private ApiProcess(Forked process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts it. Returns when it takes requests.
   *
   * @param lines each is a JSON object
   */
  static ApiProcess start(Path lines, Path folder) throws IOException {
    Path address = folder.resolve("api.address");
    Files.deleteIfExists(address);
    Forked process =
        new Forked(
            ApiProcess.class,
            List.of("-Xmx512m", "-Dsun.net.httpserver.nodelay=true"),
            List.of(lines.toString(), address.toString()),
            Map.of(),
            folder.resolve("api.log"));
    return new ApiProcess(process, process.awaitLines(address, PATIENCE).get(0));
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }

  /** The new process. */
  public static void main(String[] args) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Forked.endWithParent(end::countDown);
    Path lines = Path.of(args[0]);
    List<Long> begins = pages(lines);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, lines, begins));
    server.start();
    Forked.tell(
        Path.of(args[1]), List.of("http://127.0.0.1:" + server.getAddress().getPort() + "/orders"));
    end.await();
    server.stop(0);
  }

  /** Where each begins, and the last one ends. */
  private static List<Long> pages(Path lines) throws IOException {
    List<Long> begins = new ArrayList<>(List.of(0L));
    long offset = 0;
    int inPage = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(lines), 1 << 16)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        offset++;
        if (next == '\n' && ++inPage == PAGE) {
          begins.add(offset);
          inPage = 0;
        }
      }
    }
    if (inPage > 0) {
      begins.add(offset);
    }
    return begins;
  }

  private static void answer(HttpExchange exchange, Path lines, List<Long> begins)
      throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getQuery();
      int page = Integer.parseInt(query.replaceAll(".*page=([0-9]+).*", "$1")) - 1;
      byte[] body = {'[', ']'};
      if (page < begins.size() - 1) {
        body = array(lines, begins.get(page), begins.get(page + 1));
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] array(Path lines, long begin, long end) throws IOException {
    byte[] body = new byte[(int) (end - begin) + 1];
    body[0] = '[';
    try (RandomAccessFile file = new RandomAccessFile(lines.toFile(), "r")) {
      file.seek(begin);
      file.readFully(body, 1, body.length - 1);
    }
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '\n') {
        body[i] = ',';
      }
    }
    body[body.length - 1] = ']';
    return body;
  }
}
