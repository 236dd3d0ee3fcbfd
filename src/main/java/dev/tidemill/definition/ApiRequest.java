package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an API is asked, but for what differs from page to page. Headers, query and body may hold
 * secrets; {@link #toString} is free of them.
 *
 * @param shown the URL for people: without its query, and with references to environment variables
 *     in the place of their values
 * @param body JSON, of a POST; empty: it is a GET
 * @param timeout until the whole answer is there
 * @param maxResponse bytes of an answer at most, unpacked
 */
public record ApiRequest(
    URI url,
    String shown,
    Map<String, String> headers,
    Map<String, String> query,
    Optional<String> body,
    ApiAuth auth,
    Duration timeout,
    int maxResponse,
    ApiHosts hosts) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  public static final int DEFAULT_MAX_RESPONSE = 64 << 20;

  public ApiRequest {
    requireNonNull(url, "url");
    requireNonNull(shown, "shown");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    requireNonNull(body, "body");
    requireNonNull(auth, "auth");
    requireNonNull(timeout, "timeout");
    requireNonNull(hosts, "hosts");
  }

  public String method() {
    return body.isPresent() ? "POST" : "GET";
  }

  @Override
  public String toString() {
    return method() + " " + shown;
  }
}
