package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is the same for every pipeline of a process: the server file. A pipeline can set none of it.
 *
 * @param brokers {@code bootstrap.servers}
 * @param registry the schema registry's base URL
 * @param stateDir where the state stores live
 * @param kafka further client properties (security); may hold secrets: never to be shown
 * @param replicationFactor of the topics that we create; -1: the broker's default
 * @param standbys how many other instances keep a copy of each instance's stores
 * @param stateMemory bytes that the state stores of the process may take outside of the heap
 * @param sessionTimeout how long an instance may be silent before others take its partitions, and
 *     its loading
 * @param http where this process answers
 * @param extract what its extractors may read
 * @param listeners of the events of each pipeline
 */
public record ServerSettings(
    String brokers,
    URI registry,
    Path stateDir,
    Map<String, String> kafka,
    short replicationFactor,
    int standbys,
    long stateMemory,
    Duration sessionTimeout,
    HttpSettings http,
    List<ListenerSettings> listeners,
    ExtractSettings extract) {
  /** Bytes. Enough for a dozen stores that are written to as fast as can be. */
  public static final long STATE_MEMORY = 256L << 20;

  public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(15);

  /**
   * Of members of a group. They learn by it that others came or left: by Kafka's own 3 s, which is
   * ten times what a standby needs to take over. The shortest session timeout is 6 s.
   */
  public static final Duration HEARTBEAT = Duration.ofMillis(500);

  /** Without standbys and HTTP, and with the usual memory and session timeout. */
  public ServerSettings(
      String brokers,
      URI registry,
      Path stateDir,
      Map<String, String> kafka,
      short replicationFactor) {
    this(
        brokers,
        registry,
        stateDir,
        kafka,
        replicationFactor,
        0,
        STATE_MEMORY,
        SESSION_TIMEOUT,
        HttpSettings.NONE);
  }

  /** Without listeners, and with the usual limits of extractors. */
  public ServerSettings(
      String brokers,
      URI registry,
      Path stateDir,
      Map<String, String> kafka,
      short replicationFactor,
      int standbys,
      long stateMemory,
      Duration sessionTimeout,
      HttpSettings http) {
    this(
        brokers,
        registry,
        stateDir,
        kafka,
        replicationFactor,
        standbys,
        stateMemory,
        sessionTimeout,
        http,
        List.of(),
        ExtractSettings.NONE);
  }

  public ServerSettings {
    requireNonNull(brokers, "brokers");
    requireNonNull(registry, "registry");
    requireNonNull(stateDir, "stateDir");
    kafka = Map.copyOf(kafka);
    requireNonNull(sessionTimeout, "sessionTimeout");
    requireNonNull(http, "http");
    listeners = List.copyOf(listeners);
    requireNonNull(extract, "extract");
  }

  public ServerSettings withHttp(HttpSettings other) {
    return new ServerSettings(
        brokers,
        registry,
        stateDir,
        kafka,
        replicationFactor,
        standbys,
        stateMemory,
        sessionTimeout,
        other,
        listeners,
        extract);
  }

  public ServerSettings withExtract(ExtractSettings other) {
    return new ServerSettings(
        brokers,
        registry,
        stateDir,
        kafka,
        replicationFactor,
        standbys,
        stateMemory,
        sessionTimeout,
        http,
        listeners,
        other);
  }

  @Override
  public String toString() {
    return "ServerSettings[brokers="
        + brokers
        + ", registry="
        + registry
        + ", stateDir="
        + stateDir
        + "]";
  }
}
