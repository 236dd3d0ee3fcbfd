package dev.tidemill.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemill.definition.ApiAuth;
import dev.tidemill.definition.Unavailable;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * The access token of the client credentials grant (RFC 6749, section 4.4), got when it is needed
 * and kept until shortly before it expires. Not thread-safe.
 */
final class ApiToken {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a request needs to arrive. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final ApiAuth.OAuth2 auth;
  private final Duration timeout;
  private final BoundedHttp http;
  private final Answers answers;
  private final Clock clock;

  private Optional<String> token = Optional.empty();
  private Instant expires = Instant.MAX;

  ApiToken(ApiAuth.OAuth2 auth, Duration timeout, BoundedHttp http, Answers answers, Clock clock) {
    this.auth = auth;
    this.timeout = timeout;
    this.http = http;
    this.answers = answers;
    this.clock = clock;
  }

  /**
   * @throws TransientException if the server does not answer now
   * @throws Unavailable if it refuses
   */
  String value() {
    if (token.isEmpty() || !clock.instant().isBefore(expires)) {
      renew();
    }
    return token.orElseThrow();
  }

  /** It was refused: the next one who asks gets a new one. */
  void forget() {
    token = Optional.empty();
  }

  private void renew() {
    String what = "POST " + auth.tokenUrl().getScheme() + "://" + auth.tokenUrl().getAuthority();
    String form =
        "grant_type=client_credentials" + auth.scope().map(s -> "&scope=" + encoded(s)).orElse("");
    // Section 2.3.1: both are encoded as in a form before they are joined.
    String credentials = encoded(auth.clientId()) + ":" + encoded(auth.clientSecret());
    HttpRequest request =
        HttpRequest.newBuilder(auth.tokenUrl())
            .timeout(timeout)
            .header(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    ApiAnswer answer = answers.require(http.exchange(request, what), what);
    JsonNode json = parsed(answer, what);
    String value = json.path("access_token").asText();
    if (value.isEmpty()) {
      throw new Unavailable(what + ": the answer has no 'access_token'; check 'token-url'");
    }
    answers.hide(value);
    token = Optional.of(value);
    expires = expiry(json.path("expires_in").asLong());
  }

  /** Nothing said of it: until it is refused. */
  private Instant expiry(long seconds) {
    if (seconds <= 0) {
      return Instant.MAX;
    }
    Duration life = Duration.ofSeconds(Math.min(seconds, Duration.ofDays(365).toSeconds()));
    Duration tenth = life.dividedBy(10);
    Duration margin = tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN;
    return clock.instant().plus(life).minus(margin);
  }

  private static JsonNode parsed(ApiAnswer answer, String what) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      // Without the exception, which shows what it has found: that may be the token.
      throw new Unavailable(what + ": the answer is not JSON; check 'token-url'");
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
