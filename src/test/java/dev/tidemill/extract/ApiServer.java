package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An HTTP API on this machine, which does as it is told. Remembers what it was asked. */
public final class ApiServer implements AutoCloseable {

  /**
   * A request.
   *
   * @param query decoded
   */
  public record Asked(
      String method, String path, Map<String, String> query, Headers headers, String body) {
    public int number(String parameter, int otherwise) {
      return query.containsKey(parameter) ? Integer.parseInt(query.get(parameter)) : otherwise;
    }
  }

  /**
   * An answer.
   *
   * @param sent how much of the body is
   */
  public record Reply(int status, Map<String, String> headers, byte[] body, int sent) {
    Reply(int status, Map<String, String> headers, byte[] body) {
      this(status, headers, body, body.length);
    }

    public static Reply json(String body) {
      return new Reply(200, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
    }

    public static Reply status(int status, String body) {
      return new Reply(status, Map.of(), body.getBytes(UTF_8));
    }

    /** Says that it is whole, and ends before. */
    Reply cutTo(int bytes) {
      return new Reply(status, headers, body, bytes);
    }

    public Reply with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Reply(status, more, body, sent);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, Reply> answers;

  public ApiServer(Function<Asked, Reply> answers) {
    this.answers = answers;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  void answering(Function<Asked, Reply> others) {
    answers = others;
  }

  /** Up to and with its port. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Asked question =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              query(exchange.getRequestURI().getRawQuery()),
              exchange.getRequestHeaders(),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      asked.add(question);
      Reply reply = answers.apply(question);
      reply.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body(), 0, reply.sent());
    }
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw != null) {
      for (String each : raw.split("&")) {
        String[] parts = each.split("=", 2);
        query.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
      }
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
