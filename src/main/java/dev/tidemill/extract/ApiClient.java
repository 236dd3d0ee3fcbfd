package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemill.definition.ApiAuth;
import dev.tidemill.definition.ApiHosts;
import dev.tidemill.definition.ApiRequest;
import dev.tidemill.definition.Unavailable;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Asks an API, with its headers and what it is to be trusted by. Goes only to hosts that are
 * allowed, never from HTTPS to HTTP, and shows another server than that of the definition nothing
 * that could be secret. Not thread-safe.
 */
final class ApiClient {
  private static final int MAX_REDIRECTS = 5;
  private static final int SHORTEST = 8; // characters
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final ApiRequest api;
  private final BoundedHttp http;
  private final Answers answers;
  private final Optional<ApiToken> token;

  ApiClient(ApiRequest api, Clock clock) {
    this.api = api;
    this.http = new BoundedHttp(api.timeout(), api.maxResponse());
    this.answers = new Answers(secrets(api), clock);
    this.token =
        api.auth() instanceof ApiAuth.OAuth2 oauth2
            ? Optional.of(new ApiToken(oauth2, api.timeout(), http, answers, clock))
            : Optional.empty();
  }

  /** Whatever a server might repeat in what it answers. */
  private static List<String> secrets(ApiRequest api) {
    List<String> secrets = new ArrayList<>(api.auth().secrets());
    if (api.auth() instanceof ApiAuth.Basic basic) {
      secrets.add(encoded(basic));
    }
    api.headers().forEach((name, value) -> addUnlessUsual(secrets, name, value));
    for (String value : api.query().values()) {
      secrets.add(value);
      secrets.add(URLEncoder.encode(value, UTF_8));
    }
    if (api.url().getRawQuery() != null) {
      secrets.addAll(List.of(api.url().getRawQuery().split("[&=]")));
    }
    if (api.shown().contains("${env:")) {
      secrets.add(api.url().getRawPath());
    }
    // What is shorter is a word such as 'closed', and would riddle every message.
    secrets.removeIf(text -> text.length() < SHORTEST && !api.auth().secrets().contains(text));
    return secrets;
  }

  private static void addUnlessUsual(List<String> secrets, String header, String value) {
    if (!Set.of("accept", "content-type", "user-agent").contains(header.toLowerCase(Locale.ROOT))) {
      secrets.add(value);
    }
  }

  Answers answers() {
    return answers;
  }

  /**
   * @param body JSON; empty: it is a GET
   * @param what is asked, for messages
   * @throws TransientException if there is no answer, or one that may be better in a while
   * @throws Unavailable if it is refused, or leads where it must not
   */
  ApiAnswer ask(URI url, Optional<String> body, String what) {
    requireAllowed(api.url(), url, what);
    ApiAnswer answer = follow(url, body, what);
    if (answer.status() == 401 && token.isPresent()) {
      token.get().forget();
      answer = follow(url, body, what);
    }
    return answers.require(answer, what);
  }

  private ApiAnswer follow(URI first, Optional<String> body, String what) {
    URI url = first;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      ApiAnswer answer = http.exchange(request(url, body), what);
      if (!REDIRECTS.contains(answer.status())) {
        return answer;
      }
      URI from = url;
      url =
          answer
              .headers()
              .firstValue("Location")
              .flatMap(location -> resolved(from, location))
              .orElseThrow(
                  () -> new Unavailable(what + ": redirected, but to no URL that can be read"));
      requireAllowed(from, url, what);
      if (body.isPresent() && (answer.status() < 307 || !ApiHosts.isSameOrigin(api.url(), url))) {
        throw new Unavailable(
            "%s: status %d leads to %s, where a body is not sent; write that URL in the definition"
                .formatted(what, answer.status(), ApiHosts.hostAndPort(url)));
      }
    }
    throw new Unavailable(what + ": redirected more than " + MAX_REDIRECTS + " times");
  }

  /** Empty if it is no URL. */
  static Optional<URI> resolved(URI from, String reference) {
    try {
      return Optional.of(from.resolve(reference));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void requireAllowed(URI from, URI url, String what) {
    if (!api.hosts().isSafe(url)
        || "https".equalsIgnoreCase(from.getScheme())
            && !"https".equalsIgnoreCase(url.getScheme())) {
      throw new Unavailable(
          "%s: it leads to %s://%s, which can be read on its way; ask the API's people for a link to https"
              .formatted(what, url.getScheme(), url.getHost()));
    }
    if (!api.hosts().allows(url)) {
      throw new Unavailable(
          "%s: it leads to %s, which is not allowed; if it is meant, add it to 'allowed-hosts'"
              .formatted(what, ApiHosts.hostAndPort(url)));
    }
  }

  private HttpRequest request(URI url, Optional<String> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(api.timeout())
            .setHeader("Accept", "application/json")
            .setHeader("Accept-Encoding", "gzip")
            .setHeader("User-Agent", "tidemill");
    body.ifPresent(
        json ->
            request
                .setHeader("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    if (ApiHosts.isSameOrigin(api.url(), url)) {
      api.headers().forEach(request::setHeader);
      authorize(request);
    }
    return request.build();
  }

  private void authorize(HttpRequest.Builder request) {
    if (api.auth() instanceof ApiAuth.Basic basic) {
      request.setHeader("Authorization", "Basic " + encoded(basic));
    } else if (api.auth() instanceof ApiAuth.Bearer bearer) {
      request.setHeader("Authorization", "Bearer " + bearer.token());
    } else if (api.auth() instanceof ApiAuth.Header header) {
      request.setHeader(header.name(), header.value());
    } else {
      token.ifPresent(value -> request.setHeader("Authorization", "Bearer " + value.value()));
    }
  }

  private static String encoded(ApiAuth.Basic basic) {
    String credentials = basic.user() + ":" + basic.password();
    return Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
  }
}
