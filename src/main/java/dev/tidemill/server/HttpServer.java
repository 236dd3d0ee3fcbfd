package dev.tidemill.server;

import dev.tidemill.definition.HttpSettings;
import dev.tidemill.definition.Unavailable;
import dev.tidemill.events.Subscription;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Answers over HTTP for the pipeline of this process. Made before the pipeline starts, since the
 * others are told its address; until then it answers that it is not ready.
 */
public final class HttpServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int THREADS = 40;
  private static final int IDLE_MILLIS = 60_000;

  /** Bytes. A page token holds a group's key. */
  private static final int MOST_HEADER = 64 * 1024;

  private static final long MOST_REQUEST = 256 * 1024; // bytes

  private final HttpSettings settings;
  private final InetAddress address;
  private final Metrics metrics;
  private final Subscription events;
  private final Javalin javalin;

  /**
   * @param settings with a port
   * @throws Unavailable if it can not listen there
   */
  public HttpServer(HttpSettings settings, PipelineRun run) {
    this.settings = settings;
    this.address = address(settings.host().orElse(LOOPBACK));
    this.metrics = new Metrics(run);
    RecentEvents recent = new RecentEvents();
    this.events = run.events().subscribe("", recent);
    int port = settings.port().orElseThrow();
    try {
      this.javalin =
          Javalin.create(
              config -> {
                configure(config);
                new HttpApi(run, recent, this::advertised, settings.token(), metrics)
                    .addTo(config.routes);
              });
      javalin.start(address.getHostAddress(), port);
    } catch (JavalinBindException e) {
      close(metrics, events);
      throw new Unavailable(
          "nothing can listen at %s, port %d (%s). Stop what listens there, or give another --port or --host."
              .formatted(address.getHostAddress(), port, rootMessage(e)),
          e);
    }
  }

  private static void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = MOST_REQUEST;
    config.http.prefer405over404 = true;
    config.jetty.threadPool = threads();
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setRequestHeaderSize(MOST_HEADER);
          http.setSendServerVersion(false);
          http.setIdleTimeout(IDLE_MILLIS);
        });
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4, IDLE_MILLIS);
    threads.setName("tidemill-http");
    threads.setDaemon(true);
    return threads;
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new Unavailable(
          "the host '" + host + "' to listen at has no address; correct --host or 'http.host'", e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  public String url() {
    return "http://" + hostAndPort(address.getHostAddress());
  }

  /** {@code host:port} under which the pipeline's other processes reach this one. */
  public String advertised() {
    return settings
        .advertised()
        .orElseGet(
            () -> hostAndPort(address.isAnyLocalAddress() ? ownName() : address.getHostAddress()));
  }

  /** Whether everybody who reaches this machine may ask. */
  public boolean isOpenToOthers() {
    return !address.isLoopbackAddress() && settings.token().isEmpty();
  }

  private String hostAndPort(String host) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + javalin.port();
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new Unavailable(
          "this machine does not know its own name; set 'http.advertised'"
              + " (TIDEMILL_HTTP_ADVERTISED) to host:port",
          e);
    }
  }

  @Override
  public void close() {
    javalin.stop();
    close(metrics, events);
  }

  private static void close(Metrics metrics, Subscription events) {
    events.close();
    metrics.close();
  }
}
