package dev.tidemill.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry in this process, as far as Confluent's client needs one, on 127.0.0.1. What it
 * knows is in a topic of the broker, so it lasts exactly as long as the broker's data. Thread-safe.
 *
 * <p>On the JDK's own HTTP server: it starts in 30 ms, Jetty took 600 of a demo's first three
 * seconds.
 */
public final class EmbeddedRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // Head and body are two packets: without this each answer waits 40 ms for an ACK.
    System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
  }

  private final SchemaTopic topic;
  private final List<Route> routes;
  private final ExecutorService threads;
  private final HttpServer server;

  /**
   * Starts on a free port. Returns when it takes requests and knows all that was ever registered.
   *
   * @param brokers {@code bootstrap.servers}
   * @throws Unavailable if its topic can not be made or read
   */
  public EmbeddedRegistry(String brokers) {
    topic = new SchemaTopic(brokers);
    Subjects subjects = new Subjects(topic);
    topic.replay(subjects);
    routes = new RegistryCalls(subjects).routes();
    threads = Executors.newFixedThreadPool(2, EmbeddedRegistry::thread);
    try {
      server = HttpServer.create(new InetSocketAddress(BrokerSettings.HOST, 0), 0);
    } catch (IOException e) {
      topic.close();
      throw new Unavailable("The embedded registry gets no port on " + BrokerSettings.HOST, e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "embedded-registry");
    thread.setDaemon(true);
    return thread;
  }

  /** The base URL, for clients. */
  public URI url() {
    return URI.create("http://" + BrokerSettings.HOST + ":" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        send(exchange, 200, call(exchange));
      } catch (RegistryError e) {
        send(exchange, e.status(), error(e.code(), e.getMessage()));
      } catch (RuntimeException e) {
        LOG.warn(
            "The embedded registry failed at {} {}",
            exchange.getRequestMethod(),
            exchange.getRequestURI(),
            e);
        send(exchange, 500, error(50001, e.toString()));
      }
    }
  }

  private Object call(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String rawPath = exchange.getRequestURI().getRawPath();
    List<String> path =
        Stream.of(rawPath.split("/"))
            .filter(part -> !part.isEmpty())
            // A plus is a plus in a path; URLDecoder is made for forms.
            .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    JsonNode body = body(exchange);
    for (Route route : routes) {
      Optional<List<String>> parameters = route.match(method, path);
      if (parameters.isPresent()) {
        return route.handler().answer(parameters.get(), body);
      }
    }
    throw RegistryError.unknownPath(method, rawPath);
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw RegistryError.invalidRequest(e.getOriginalMessage());
    }
  }

  private static Map<String, Object> error(int code, String message) {
    return Map.of("error_code", code, "message", message);
  }

  private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    topic.close();
  }
}
